"""Real logs of Fitbod, JEFIT, StrongLifts and GymBook against the normalisation; skipped where they are absent.

Every rule by which the two differ is a function here; what no rule explains fails.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from models import readers
from models.domain import catalogue
from models.domain.units import MassUnit
from models.readers import parsed
from models.readers.parsed import ParsedLog
from tests.models.readers.normalised import ZONE, Folder, Loads, actual, expected, unmatched

FITBOD = Folder(app="fitbod")
FITBOD_OLD = Folder(app="fitbod", date_only=True)
JEFIT = Folder(app="jefit", date_only=True)
STRONGLIFTS = Folder(app="stronglifts", date_only=True)
GYMBOOK = Folder(app="gymbook")

TIMED_PAIRS = 5


@pytest.fixture(scope="module")
def normalised(real_logs: Path) -> pl.DataFrame:
    return pl.read_parquet(real_logs / "sets.parquet")


def log_of(real_logs: Path, name: str, *, unit: MassUnit | None = None) -> ParsedLog:
    log = readers.read(real_logs / "logs" / name, time_zone=ZONE, unit=unit)
    assert parsed.receipt(log, catalogue.load()).adds_up()
    return log


def of(frame: pl.DataFrame, athlete: str, app: str) -> pl.DataFrame:
    return frame.filter((pl.col("athlete") == athlete) & (pl.col("app") == app))


def without_filling_zeros(frame: pl.DataFrame) -> pl.DataFrame:
    """Beside a time or a distance a load or repetitions of zero only fill their column: they are not recorded."""
    extent = pl.col("distance_m").is_not_null() | pl.col("duration_s").is_not_null()
    zeros = [
        pl.when(extent & (pl.col(name) == 0)).then(None).otherwise(pl.col(name)).alias(name)
        for name in ("weight_kg", "reps")
    ]
    return frame.with_columns(zeros)


def assistance_is_a_mode(frame: pl.DataFrame) -> pl.DataFrame:
    """A negative load is recorded as the assistance that it means, without its sign."""
    return frame.with_columns(pl.col("weight_kg").abs())


def minutes_are_minutes(frame: pl.DataFrame) -> pl.DataFrame:
    """The normalisation takes GymBook's `15 minuti` for 15 seconds; every set with a distance is one in minutes."""
    minutes = pl.col("distance_m").is_not_null()
    return frame.with_columns(pl.when(minutes).then(pl.col("duration_s") * 60).otherwise(pl.col("duration_s")))


def fives_are_times(frame: pl.DataFrame) -> pl.DataFrame:
    """JEFIT packs a timed set as five pairs, which the normalisation takes for five sets."""
    rows = [row for run in _runs(frame.iter_rows(named=True)) for row in _timed(run)]
    return pl.DataFrame(rows, schema=frame.schema)


def _runs(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    run: list[dict[str, Any]] = []
    for row in rows:
        if run and row["set_index"] == 0:
            yield run
            run = []
        run.append(row)
    yield run


def _timed(run: list[dict[str, Any]]) -> list[dict[str, Any]]:
    reps = [row["reps"] for row in run]
    if len(run) != TIMED_PAIRS or any(row["weight_kg"] for row in run) or any(reps[:4]) or not reps[4]:
        return run
    return [run[4] | {"weight_kg": None, "reps": None, "duration_s": reps[4]}]


def leftover(some: Loads, others: Loads) -> Loads:
    """The loads of the first that find no partner in the second."""
    return {key: left for key, loads in some.items() if (left := unmatched(loads, others.get(key, [])))}


@pytest.mark.parametrize(
    ("name", "folder", "rejected"),
    [
        ("fitbod/a58d43695fb.csv", FITBOD, 0),
        # A ride of 51 km in 430 s and one of 122 km in 326 s.
        ("fitbod/ad256bb4b52.csv", FITBOD, 2),
        ("fitbod_old/a3b593e2b7a.csv", FITBOD_OLD, 0),
    ],
)
def test_fitbod_differs_only_by_zeros_that_fill_columns_and_by_rejected_rows(
    real_logs: Path, normalised: pl.DataFrame, name: str, folder: Folder, rejected: int
) -> None:
    log = log_of(real_logs, name)
    athlete = Path(name).stem
    frame = without_filling_zeros(assistance_is_a_mode(of(normalised, athlete, folder.app)))
    wanted = expected(frame, athlete, folder.app)
    missing, surplus = leftover(wanted, actual(log, folder)), leftover(actual(log, folder), wanted)
    assert not surplus
    assert [row.field for row in log.rejected] == ["distance"] * rejected
    assert sum(map(len, missing.values())) == rejected


def test_gymbook_differs_only_by_minutes_and_zeros_that_fill_columns(real_logs: Path, normalised: pl.DataFrame) -> None:
    log = log_of(real_logs, "gymbook/a16f0bab58b.csv")
    frame = without_filling_zeros(minutes_are_minutes(of(normalised, "a16f0bab58b", "gymbook")))
    wanted, got = expected(frame, "a16f0bab58b", "gymbook"), actual(log, GYMBOOK)
    assert (leftover(wanted, got), leftover(got, wanted)) == ({}, {})
    assert (log.non_set_rows, log.rejected) == ({"skipped": 644}, ())


def test_stronglifts_equals_the_normalisation_in_kilograms(real_logs: Path, normalised: pl.DataFrame) -> None:
    log = log_of(real_logs, "stronglifts/a50da434106.csv", unit=MassUnit.KG)
    wanted, got = expected(normalised, "a50da434106", "stronglifts"), actual(log, STRONGLIFTS)
    assert (leftover(wanted, got), leftover(got, wanted)) == ({}, {})
    assert not log.rejected


def test_stronglifts_takes_the_pounds_that_were_entered(real_logs: Path) -> None:
    """The same sets in the unit of the body weight: there the squat goes up by 5 lb each time, in kg it stalls."""
    log = log_of(real_logs, "stronglifts/a50da434106.csv")
    in_kg = log_of(real_logs, "stronglifts/a50da434106.csv", unit=MassUnit.KG)
    loads = [item.workout.sets[0].load for item in log.workouts]
    assert log.unit.value is MassUnit.LB
    assert loads[:15] == [135 + 5 * at for at in range(15)]
    assert [item.source for item in log.workouts] == [item.source for item in in_kg.workouts]


def test_jefit_differs_only_by_packed_times_and_sets_after_midnight(real_logs: Path, normalised: pl.DataFrame) -> None:
    """A session that goes past midnight is one workout, of the day on which it began."""
    log = log_of(real_logs, "jefit/a94ee345ee9.csv")
    wanted = expected(fives_are_times(of(normalised, "a94ee345ee9", "jefit")), "a94ee345ee9", "jefit")
    got = actual(log, JEFIT)
    after_midnight = {(key[0] - timedelta(days=1), *key[1:]): loads for key, loads in leftover(wanted, got).items()}
    surplus = leftover(got, wanted)
    assert (leftover(after_midnight, surplus), leftover(surplus, after_midnight)) == ({}, {})
    assert 0 < sum(map(len, surplus.values())) < 100
    assert not log.rejected


def test_few_rows_are_rejected(real_logs: Path) -> None:
    folders = ("fitbod", "fitbod_old", "jefit", "stronglifts", "gymbook")
    logs = [
        log_of(real_logs, f"{name}/{file.name}") for name in folders for file in (real_logs / "logs" / name).iterdir()
    ]
    assert sum(len(log.rejected) for log in logs) <= 0.005 * sum(log.rows_read for log in logs)


@pytest.mark.parametrize(
    "name",
    [
        "fitbod/a58d43695fb.csv",
        "fitbod_old/a3b593e2b7a.csv",
        "jefit/a94ee345ee9.csv",
        "gymbook/a16f0bab58b.csv",
    ],
)
def test_the_identity_depends_on_neither_zone_nor_unit(real_logs: Path, name: str) -> None:
    path = real_logs / "logs" / name
    here = readers.read(path, time_zone="America/New_York", unit=MassUnit.KG)
    there = readers.read(path, time_zone="Asia/Tokyo", unit=MassUnit.LB)
    assert sorted(item.source.key for item in here.workouts) == sorted(item.source.key for item in there.workouts)
