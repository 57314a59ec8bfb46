"""The core of a population: the same digits by any engine, in any parts and order; and equal to a slow reference."""

import hashlib
import os
import subprocess
import sys
from dataclasses import fields, replace
from fractions import Fraction
from pathlib import Path
from statistics import fmean, pstdev

import msgspec
import polars as pl
import pytest
from hypothesis import given, settings
from polars.testing import assert_frame_equal

from analytics.core import Core, core, in_chunks, of_population
from analytics.frames import History, empty_history
from analytics.metrics import load, records
from analytics.metrics.atoms import atoms
from tests.analytics.histories import MONDAY, PULL_UP, ASet, AWorkout, history, progressing, random_histories, shuffled
from tests.analytics.populations import alone, random_populations, together
from tests.analytics.reference import Reference
from tests.benchmarks.generated import generated

GENERATED = generated(20_000, seed=3)


def digest(computed: Core) -> str:
    rows = {field.name: getattr(computed, field.name).to_dict(as_series=False) for field in fields(Core)}
    return hashlib.sha256(msgspec.json.encode(rows)).hexdigest()


@pytest.mark.parametrize("engine", ["in-memory", "streaming"])
def test_every_engine_gives_the_same_digits(engine: str) -> None:
    assert digest(core(GENERATED, engine=engine)) == digest(core(GENERATED))  # type: ignore[arg-type]


@pytest.mark.parametrize("chunk_sets", [1, 7_000, 10**9])
@pytest.mark.parametrize("threads", [1, 2])
def test_chunks_of_one_athlete_of_some_and_of_all_give_the_same_digits(chunk_sets: int, threads: int) -> None:
    assert digest(of_population(GENERATED, chunk_sets=chunk_sets, threads=threads)) == digest(core(GENERATED))


def test_chunks_are_of_one_athlete_of_some_and_of_all() -> None:
    sizes = {size: [chunk.athletes.height for chunk in in_chunks(GENERATED, size)] for size in (1, 7_000, 10**9)}
    athletes = GENERATED.athletes.height
    assert sizes[1] == [1] * athletes
    assert sizes[10**9] == [athletes]
    assert len(sizes[7_000]) in range(2, athletes)
    assert {sum(own) for own in sizes.values()} == {athletes}


@pytest.mark.parametrize("seed", range(2))
def test_the_order_of_rows_changes_no_digit(seed: int) -> None:
    mixed = shuffled(GENERATED, seed)
    assert digest(core(mixed)) == digest(core(GENERATED)) == digest(of_population(mixed, chunk_sets=7_000))


def test_one_thread_gives_the_same_digits_as_many() -> None:
    script = (
        "from tests.analytics.test_core import GENERATED, core, digest; import polars as pl;"
        "print(pl.thread_pool_size(), digest(core(GENERATED)), digest(core(GENERATED, engine='streaming')))"
    )
    environment = {**os.environ, "POLARS_MAX_THREADS": "1"}
    root = Path(__file__).parents[2]
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=root, env=environment, capture_output=True, check=True, timeout=60
    )
    assert ran.stdout.decode().split() == ["1", digest(core(GENERATED)), digest(core(GENERATED))]


def test_an_athlete_among_others_has_the_digits_of_the_athlete_alone() -> None:
    everybody = core(GENERATED)
    for athlete, first, own in alone(GENERATED):
        expected = core(own)
        for field in fields(Core):
            rows: pl.DataFrame = getattr(everybody, field.name).filter(pl.col("athlete") == athlete)
            moved = [
                pl.col(name) - by for name, by in (("athlete", athlete), ("session", first)) if name in rows.columns
            ]
            assert_frame_equal(rows.with_columns(moved), getattr(expected, field.name), check_exact=True)


@settings(max_examples=40, deadline=None)
@given(random_populations())
def test_random_athletes_together_and_alone_by_either_engine_are_the_same(population: History) -> None:
    expected = digest(core(population))
    assert digest(core(population, engine="streaming")) == expected
    assert digest(of_population(shuffled(population, 5), chunk_sets=1, threads=1)) == expected
    parts = [core(own) for _, _, own in alone(population)]
    assert sum(part.weeks.height for part in parts) == core(population).weeks.height


@settings(max_examples=40, deadline=None)
@given(random_histories())
def test_weeks_and_muscles_equal_the_reference(random_history: History) -> None:
    computed, reference = core(random_history), Reference(random_history)
    found = {row["week_start"]: row for row in computed.weeks.iter_rows(named=True)}
    assert list(found) == sorted(reference.weekly())
    for week_start, week in reference.weekly().items():
        own = found[week_start]
        assert (own["sessions"], own["sets"], own["hard_sets"]) == (
            len(week["sessions"]),
            week["sets"],
            week["hard_sets"],
        )
        assert (own["volume_g"], own["volume_sets"]) == (sum(week["volumes"]), len(week["volumes"]))
    muscles = {
        (row["muscle"], row["week_start"]): row["milli_sets"] for row in computed.muscle_weeks.iter_rows(named=True)
    }
    assert muscles == reference.muscles()


@settings(max_examples=40, deadline=None)
@given(random_histories())
def test_e1rms_and_their_records_equal_the_reference(random_history: History) -> None:
    computed, reference = core(random_history), Reference(random_history)
    bests: dict[tuple[int, object], Fraction] = {}
    for row in computed.e1rms.iter_rows(named=True):
        key = (row["exercise_id"], row["performed_on"])
        bests[key] = max(bests.get(key, Fraction(0)), Fraction(row["e1rm_key"], 300))
    assert bests == reference.day_bests()
    found = {
        (row["exercise_id"], "e1rm", row["session"], Fraction(row["record_key"], 300), Fraction(row["previous"], 300))
        for row in computed.e1rms.filter("is_record").iter_rows(named=True)
    }
    assert found == {record for record in reference.records() if record[1] == "e1rm"}


@settings(max_examples=40, deadline=None)
@given(random_histories())
def test_days_equal_the_reference(random_history: History) -> None:
    rows, expected = core(random_history).days, Reference(random_history).daily()
    assert rows.get_column("day").to_list() == [day for day, *_ in expected]
    for found, (_, *wanted) in zip(rows.select("load", "fitness", "fatigue", "form").rows(), expected, strict=True):
        assert list(found) == pytest.approx(wanted)
    loads = [wanted for _, wanted, *_ in expected]
    for at, (monotony, strain) in enumerate(rows.select("monotony", "strain").iter_rows()):
        week = loads[at - 6 : at + 1] if at >= 6 else []
        if not week or pstdev(week) == 0:
            assert (monotony, strain) == (None, None)
        else:
            assert monotony == pytest.approx(fmean(week) / pstdev(week))
            assert strain == pytest.approx(sum(week) * fmean(week) / pstdev(week))


def test_core_and_documents_share_their_numbers_to_the_bit() -> None:
    everybody = core(GENERATED)
    for athlete, first, own in alone(GENERATED):
        rows, days = atoms(own), load.daily(atoms(own), own.workouts, own.as_of)
        averages = load.averages(days.get_column("load"))
        shown = everybody.days.filter(pl.col("athlete") == athlete)
        assert shown.select("fitness", "fatigue", "form").equals(averages)
        assert shown.select("day", "load", "source").equals(days.select("day", "load", "source"))
        beaten = records.improvements(rows).drop_nulls("previous").filter(pl.col("metric") == records.E1RM)
        found = everybody.e1rms.filter(pl.col("athlete") == athlete, "is_record")
        assert (
            found.select(pl.col("session") - first, "record_key", "previous").rows()
            == beaten.sort("exercise_id", "session").select("session", "value", "previous").rows()
        )


def test_who_never_trained_has_no_rows_and_hides_nobody() -> None:
    nobody = empty_history(MONDAY)
    assert [getattr(core(nobody), field.name).height for field in fields(Core)] == [0, 0, 0, 0]
    trained = history(*progressing(5))
    both = together([replace(nobody, exercises=trained.exercises, muscles=trained.muscles), trained])
    assert [rows.height for rows in vars(of_population(both)).values()] == [
        rows.height for rows in vars(core(trained)).values()
    ]


def test_a_bodyweight_is_its_own_athletes() -> None:
    pull_ups = AWorkout(sets=(ASet(exercise_id=PULL_UP, load_g=None, reps=10),))
    heavy = history(replace_bodyweight(pull_ups, 100_000))
    weeks = core(together([heavy, history(pull_ups), heavy])).weeks
    assert weeks.select("volume_g", "volume_sets").rows() == [(1_000_000, 1), (0, 0), (1_000_000, 1)]


def replace_bodyweight(workout: AWorkout, grams: int) -> AWorkout:
    return msgspec.structs.replace(workout, bodyweight_g=grams)
