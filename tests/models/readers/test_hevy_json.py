"""Hevy's API export: instants, ids, kinds and efforts, one bad value a set and documents that mean harm."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from models import readers
from models.domain.errors import Invalid
from models.domain.units import MassUnit
from models.domain.workouts import SetKind
from models.readers import documents
from models.readers.parsed import ParsedLog

SAMPLE = (Path(__file__).parents[2] / "samples" / "hevy_api.json").read_bytes()
WORDS = b'"exercises" "sets" "start_time" "weight_kg"'


def read(data: bytes = SAMPLE, *, time_zone: str = "UTC") -> ParsedLog:
    return readers.read(io.BytesIO(data), time_zone=time_zone)


def document(entry: str = '{"type": "normal", "reps": 5}', *, at: str = "2026-02-03T17:30:10Z") -> bytes:
    """A document of one set."""
    exercise = f'{{"title": "Squat", "sets": [{entry}]}}'
    workout = f'{{"id": "a", "title": "weight_kg", "start_time": "{at}", "exercises": [{exercise}]}}'
    return f'{{"workouts": [{workout}], "weight_kg": 0}}'.encode()


def test_every_set_is_accounted_for() -> None:
    log = read()
    assert (log.format, log.rows_read, len(log.workouts)) == ("hevy_api", 8, 2)
    assert [(row.line, row.field) for row in log.rejected] == [(3, "reps"), (5, "set_type"), (7, "reps")]
    assert [(warning.line, warning.field) for warning in log.warnings] == [(8, "end_time")]


def test_the_workout_is_kept_with_its_id_for_key() -> None:
    item = read(time_zone="America/New_York").workouts[0]
    assert item.source.key == "6f0a9c1e-0000-4000-8000-00000000a001"
    assert item.workout.started_at == datetime(2026, 2, 3, 17, 30, 10, tzinfo=UTC)
    assert item.workout.ended_at == datetime(2026, 2, 3, 18, 41, tzinfo=UTC)
    assert (item.workout.title, item.workout.notes) == ("Upper", "Good sleep")


def test_kinds_loads_efforts_supersets_and_counts_are_kept() -> None:
    warm_up, bench, dip, stairs = read().workouts[0].workout.sets
    assert (warm_up.kind, warm_up.load, warm_up.note) == (SetKind.WARM_UP, 40, "Pause each rep")
    assert (bench.load, bench.load_unit, bench.rpe, bench.note) == (82.5, MassUnit.KG, 8.5, None)
    assert (dip.kind, dip.load, dip.superset) == (SetKind.FAILURE, None, 1)
    assert (stairs.duration_s, stairs.note) == (600, "Counted: 48")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_marked_encoding_is_read(encoding: str) -> None:
    assert read(SAMPLE.decode().encode(encoding)).rows_read == 8


def test_a_bare_list_of_workouts_is_read() -> None:
    data = document().removeprefix(b'{"workouts": ').removesuffix(b', "weight_kg": 0}')
    assert read(data).rows_read == 1


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        ('{"type": "normal", "reps": 123456789012345678901234567890}', "reps"),
        ('{"type": "normal", "reps": -1}', "reps"),
        ('{"type": "normal", "reps": true}', "reps"),
        ('{"type": "normal", "reps": 2.5}', "reps"),
        ('{"type": "normal", "weight_kg": 1e300}', "weight"),
        ('{"type": 7}', "type"),
        ('{"type": "normal", "weight_kg": 1340.8}', "weight"),
        ('{"type": "normal", "distance_meters": 1000, "duration_seconds": 2}', "distance"),
        ("{}", "set_type"),
    ],
)
def test_one_bad_value_costs_one_set(entry: str, field: str) -> None:
    log = read(document(f'{entry}, {{"type": "normal", "reps": 5}}'))
    assert [(row.line, row.field) for row in log.rejected] == [(1, field)]
    assert len(log.workouts[0].workout.sets) == 1


def test_of_a_repeated_key_the_last_counts() -> None:
    assert read(document('{"type": "normal", "reps": 5, "reps": 6}')).workouts[0].workout.sets[0].reps == 6


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "1969-13-01T00:00:00Z", ""])
def test_impossible_times_are_rejected(at: str) -> None:
    assert [row.field for row in read(document(at=at)).rejected] == ["date"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'{"workouts": ' + WORDS.replace(b" ", b","), "cannot be read"),
        (b"[" + WORDS.replace(b" ", b",") + b"]", "Expected `object`"),
        (b"{" + WORDS.replace(b" ", b":1,") + b':1,"x":' + b"[" * 100_000, "nested too deep"),
        (b"{" + WORDS.replace(b" ", b":1,") + b':1,"x":' + b'{"y":' * 100_000, "nested too deep"),
        (document('{"type": "normal", "reps": NaN}'), "cannot be read"),
        (document('{"type": "normal", "reps": 1e999}'), "out of range"),
        (document('{"type": "normal", "reps": [5]}'), "sets"),
        (document().replace(b"normal", b"normal\xff"), "cannot be read"),
        (SAMPLE[: len(SAMPLE) // 2], "cannot be read"),
    ],
)
def test_a_document_that_is_no_export_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        read(data)


def test_documents_over_the_limits_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MAX_ROWS", 3)
    with pytest.raises(Invalid, match="objects"):
        read()
    monkeypatch.setattr(documents, "MAX_JSON_BYTES", 1000)
    with pytest.raises(Invalid, match="larger"):
        read()
