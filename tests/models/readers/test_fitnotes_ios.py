"""FitNotes for iOS: instants, statuses, bodyweight and decimal commas."""

from datetime import UTC, datetime
from pathlib import Path

from models import readers
from models.domain.units import MassUnit
from models.domain.workouts import SetKind
from models.readers.drafts import draft
from models.readers.parsed import ParsedLog

SAMPLE = Path(__file__).parents[2] / "samples" / "fitnotes_ios.csv"


def read(*, time_zone: str = "UTC", unit: MassUnit | None = MassUnit.KG) -> ParsedLog:
    return readers.read(SAMPLE, time_zone=time_zone, unit=unit)


def test_every_row_is_accounted_for() -> None:
    log = read()
    assert (log.format, log.rows_read, len(log.workouts)) == ("fitnotes_ios", 10, 2)
    assert log.non_set_rows == {"skipped": 1}
    assert [(row.line, row.field) for row in log.rejected] == [(10, "status"), (11, "iswarmup")]


def test_times_are_instants_whatever_the_zone() -> None:
    here, there = read(), read(time_zone="Asia/Tokyo")
    assert here.workouts[0].workout.started_at == datetime(2025, 3, 2, 10, 0, 5, tzinfo=UTC)
    assert here.workouts[0].workout.ended_at == datetime(2025, 3, 2, 11, 4, 10, tzinfo=UTC)
    assert there.workouts[0].workout.started_at == here.workouts[0].workout.started_at
    assert [item.source.key for item in here.workouts] == [item.source.key for item in there.workouts]


def test_bodyweight_has_the_unit_of_the_loads_and_reaches_the_draft() -> None:
    workout = draft(read(unit=MassUnit.LB).workouts[0].workout, resolve_exercise=lambda _: 1)
    assert (workout.bodyweight, workout.bodyweight_unit) == (81.5, MassUnit.LB)


def test_warm_ups_efforts_and_times_are_kept() -> None:
    warm_up, paused, *_, press, plank = read().workouts[0].workout.sets
    assert (warm_up.kind, warm_up.load, warm_up.reps) == (SetKind.WARM_UP, 60, 8)
    assert (paused.kind, paused.load, paused.rpe, paused.note) == (SetKind.WORKING, 82.5, 8, "paused")
    assert (press.rpe, press.rir) == (None, 2)
    assert plank.duration_s == 90


def test_a_failed_single_is_zero_repetitions_and_of_more_nobody_knows_how_many() -> None:
    single, six = read().workouts[0].workout.sets[2:4]
    assert (single.reps, single.note) == (0, "Failed, 1 intended")
    assert (six.reps, six.note) == (None, "Failed, 6 intended")


def test_of_rpe_and_rir_on_one_set_the_second_becomes_its_note() -> None:
    (pulldown,) = read().workouts[1].workout.sets
    assert (pulldown.rpe, pulldown.rir, pulldown.note) == (7, None, "RIR 3")
