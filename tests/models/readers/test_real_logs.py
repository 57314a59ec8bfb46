"""Every real Strong and Hevy log against an independent normalisation of it; skipped where the logs are absent."""

import csv
from collections import defaultdict
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from models import readers
from models.domain import catalogue, units
from models.domain.units import MassUnit
from models.readers import parsed
from models.readers.parsed import ParsedLog
from tests.models.readers.normalised import Key, differences, expected, files

ZONE = "UTC"


@pytest.fixture(scope="module")
def normalised(real_logs: Path) -> pl.DataFrame:
    return pl.read_parquet(real_logs / "sets.parquet")


@pytest.fixture(scope="module")
def read_logs(real_logs: Path) -> dict[Path, ParsedLog]:
    return {file: readers.read(file, time_zone=ZONE) for file in files(real_logs)}


def actual(log: ParsedLog) -> dict[Key, list[int | None]]:
    found: defaultdict[Key, list[int | None]] = defaultdict(list)
    for item in log.workouts:
        local = item.workout.started_at.astimezone(ZoneInfo(ZONE)).replace(tzinfo=None)
        for entry in item.workout.sets:
            extents = (entry.distance_m, entry.duration_s, entry.rpe)
            key = (
                local,
                entry.exercise,
                entry.kind,
                entry.reps,
                *(None if value is None else round(value, 1) for value in extents),
            )
            load = None if entry.load is None or entry.load_unit is None else units.grams(entry.load, entry.load_unit)
            found[key].append(load)
    return found


def settled(file: Path, log: ParsedLog) -> ParsedLog:
    """The log with a unit, where the file leaves it open."""
    return readers.read(file, time_zone=ZONE, undecided_unit=MassUnit.KG) if log.unit_missing else log


def test_recorded_sets_equal_the_normalisation_but_for_rejected_rows(
    read_logs: dict[Path, ParsedLog], normalised: pl.DataFrame
) -> None:
    for file, read in read_logs.items():
        log = settled(file, read)
        receipt = parsed.receipt(log, catalogue.load())
        assert receipt.adds_up(), file.name
        wanted, got = expected(normalised, file.stem, file.parent.name), actual(log)
        missing, surplus = differences(wanted, got)
        assert surplus == 0, file.name
        assert missing <= len(log.rejected), file.name
        assert receipt.sets_recorded + missing == sum(map(len, wanted.values())), file.name


def test_few_rows_are_rejected(read_logs: dict[Path, ParsedLog]) -> None:
    rejected = sum(len(log.rejected) for log in read_logs.values())
    assert rejected <= 0.005 * sum(log.rows_read for log in read_logs.values())


def test_units_are_inferred_as_the_normalisation_has_them_or_left_open(
    real_logs: Path, read_logs: dict[Path, ParsedLog]
) -> None:
    with (real_logs / "logs.csv").open(encoding="utf-8") as index:
        stated = {row["file"]: row["units"] for row in csv.DictReader(index)}
    open_ones = 0
    for file, log in read_logs.items():
        known = stated[f"logs/{file.parent.name}/{file.name}"]
        if known.startswith("inferred"):
            open_ones += log.unit_missing
            assert log.unit.value in (None, known.split()[1]), file.name
    assert open_ones <= 1


def test_the_catalogue_resolves_nine_sets_in_ten(normalised: pl.DataFrame) -> None:
    known = catalogue.load()
    names: list[str] = normalised.filter(pl.col("app").is_in(["strong", "hevy"]))["exercise"].to_list()
    assert sum(known.resolve(name) is not None for name in names) >= 0.9 * len(names)
