"""Recognising files, and refusing what is no log clearly."""

import gzip
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import readers
from models.domain import catalogue
from models.domain.bounds import MAX_SETS
from models.domain.errors import Invalid
from models.domain.units import MassUnit
from models.domain.workouts import WorkoutDraft, check
from models.readers import parsed, rows
from models.readers.drafts import draft
from models.readers.parsed import ParsedLog

SAMPLES = Path(__file__).parents[2] / "samples"
HEADER = b"Date,Workout Name,Duration,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes,Workout Notes,RPE\n"
NOW = datetime(2026, 11, 20, tzinfo=UTC)


def read(data: bytes, *, time_zone: str = "UTC", unit: MassUnit | None = None) -> ParsedLog:
    return readers.read(io.BytesIO(data), time_zone=time_zone, unit=unit)


def row(at: str = "2024-03-04 18:00:00", exercise: str = "Squat", weight: str = "100", order: str = "1") -> bytes:
    return f'{at},"Legs",41m,"{exercise}",{order},{weight},5,0,0,"","",\n'.encode()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"hello", "Not a training log"),
        (b"SQLite format 3\0" + bytes(200), "SQLite database"),
        (gzip.compress(HEADER + row(), mtime=0), "gzip archive: unpack"),
        (bytes(range(1, 256)) * 16, "Not a training log"),
        (b"x" * 300_000, "Not a training log"),
        (HEADER + row() + b"2024-03-04\0 18:00:00\n", "NUL"),
        (HEADER + row() + b"x" * 300_000, "longer than"),
        (b"\xff\xfe" + b"\xd8\x00\xd8" * 50, "Not a training log"),
    ],
)
def test_what_is_no_log_is_refused_clearly(data: bytes, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        read(data)


def test_an_unknown_time_zone_is_refused() -> None:
    for name in ("Mars/Olympus", "../etc/passwd", "", "x" * 5000):
        with pytest.raises(Invalid, match="time zone"):
            read(HEADER + row(), time_zone=name)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_are_told_from_the_bytes(encoding: str) -> None:
    data = (HEADER + row(exercise="Élévation")).decode().encode(encoding)
    assert read(data, unit=MassUnit.KG).workouts[0].workout.sets[0].exercise == "Élévation"


def test_letters_that_are_not_utf_8_may_come_late() -> None:
    data = HEADER + row() * 2000 + row(exercise="Elevaci\u00f3n").decode().encode("cp1252")
    assert read(data, unit=MassUnit.KG).workouts[-1].workout.sets[-1].exercise == "Elevación"


def test_the_head_of_a_file_names_its_reader() -> None:
    assert readers.recognise(HEADER + row()).reader.FORMAT == "strong"
    assert readers.recognise((SAMPLES / "hevy_kg.csv").read_bytes()).reader.FORMAT == "hevy"


def test_a_time_that_the_clocks_skipped_moves_on_and_is_named() -> None:
    log = read(HEADER + row(at="2024-03-31 02:30:00"), time_zone="Europe/Berlin", unit=MassUnit.KG)
    assert log.workouts[0].workout.started_at == datetime(2024, 3, 31, 1, 30, tzinfo=UTC)
    assert [(warning.line, warning.field) for warning in log.warnings] == [(2, "date")]


def test_a_time_that_the_clocks_passed_twice_is_the_first() -> None:
    log = read(HEADER + row(at="2024-10-27 02:30:00"), time_zone="Europe/Berlin", unit=MassUnit.KG)
    assert log.workouts[0].workout.started_at == datetime(2024, 10, 27, 0, 30, tzinfo=UTC)
    assert "twice" in log.warnings[0].reason


def test_a_workout_of_too_many_sets_becomes_several() -> None:
    log = read(HEADER + row() * (MAX_SETS + 3), unit=MassUnit.KG)
    assert [len(item.workout.sets) for item in log.workouts] == [MAX_SETS, 3]
    assert len({item.source.key for item in log.workouts}) == 2


def test_workouts_in_the_future_are_rejected_row_by_row() -> None:
    log = read(HEADER + row() + row(at="2031-01-01 10:00:00") * 2, unit=MassUnit.KG)
    kept = parsed.without_future(log, latest=NOW)
    assert [len(kept.workouts), [rejected.line for rejected in kept.rejected]] == [1, [3, 4]]
    assert parsed.receipt(kept, catalogue.load()).adds_up()


def test_a_unit_that_nothing_tells_is_asked_for_unless_the_athlete_has_one() -> None:
    log = read(HEADER + row())
    assert (log.unit.value, log.unit_missing) == (None, True)
    known = readers.read(io.BytesIO(HEADER + row()), time_zone="UTC", undecided_unit=MassUnit.LB)
    assert (known.unit.value, known.unit_missing) == (MassUnit.LB, False)
    assert known.workouts[0].workout.sets[0].load_unit is MassUnit.LB


def test_overlong_texts_are_cut_and_named() -> None:
    long_note = f"2024-03-04 18:00:00,{'t' * 300},41m,Squat,1,100,5,0,0,{'n' * 20_000},,\n".encode()
    log = read(HEADER + long_note, unit=MassUnit.KG)
    workout = log.workouts[0].workout
    assert (len(workout.title or ""), len(workout.sets[0].note or "")) == (200, 10_000)
    assert {"title", "note"} == {warning.field for warning in log.warnings}


def test_matches_say_how_a_name_was_found() -> None:
    log = read(HEADER + row() + row(exercise="Squat (Barbell)") + row(exercise="Log Lift"), unit=MassUnit.KG)
    matches = parsed.receipt(log, catalogue.load()).exercises
    assert {(match.name, match.exercise, match.match.value, match.score) for match in matches} == {
        ("Squat", "Squat (Barbell)", "alias", 1.0),
        ("Squat (Barbell)", "Squat (Barbell)", "exact", 1.0),
        ("Log Lift", None, "custom", None),
    }


def test_rows_recorded_before_are_counted_as_already_present() -> None:
    log = read(HEADER + row() + row(at="2024-03-05 18:00:00") * 2, unit=MassUnit.KG)
    receipt = parsed.receipt(log, catalogue.load(), present=frozenset({"2024-03-05T18:00:00"}))
    assert (receipt.sets_recorded, receipt.non_set_rows) == (1, {"already_present": 2})
    assert (receipt.workouts, receipt.workouts_already_present) == (1, 1)
    assert receipt.adds_up()


def check_whole(log: ParsedLog) -> None:
    """The account adds up and every workout is a draft that could come over the wire."""
    assert parsed.receipt(log, catalogue.load()).adds_up()
    for item in log.workouts:
        if not log.unit_missing:
            given = draft(item.workout, resolve_exercise=lambda _: 1)
            check(given, now=datetime.max.replace(tzinfo=UTC) - timedelta(days=9))
            assert msgspec.json.decode(msgspec.json.encode(given), type=WorkoutDraft) == given


@pytest.mark.parametrize("sample", sorted(path.name for path in SAMPLES.glob("*.csv")))
def test_every_sample_becomes_valid_drafts(sample: str) -> None:
    check_whole(readers.read(SAMPLES / sample, time_zone="Europe/Berlin", undecided_unit=MassUnit.KG))


CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["1", "W", "F", "Note", "100", "-20", "8.0", "1e9", "nan", "9" * 30, '"', '""', "", "²", "٣"]),
    st.sampled_from(["2024-03-04 18:00:00", "0001-01-01 00:00:00", "9999-12-31 23:59:59", "5 Mai 2026, 07:34"]),
)
HEADERS = tuple((SAMPLES / name).read_bytes().split(b"\n")[0] for name in ("strong_2020.csv", "hevy_kg.csv"))


@settings(deadline=None)
@given(st.one_of(st.binary(max_size=400), st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))))
def test_no_bytes_make_a_reader_fail_otherwise_than_invalid(data: bytes) -> None:
    for content in (data, HEADER + row() + data):
        try:
            check_whole(read(content))
        except Invalid:
            continue


@settings(deadline=None)
@given(st.sampled_from(HEADERS), st.lists(st.lists(CELLS, min_size=10, max_size=14), max_size=6), st.booleans())
def test_only_nul_makes_cells_under_a_known_header_refused(header: bytes, table: list[list[str]], quoted: bool) -> None:
    lines = [",".join(f'"{cell}"' if quoted else cell for cell in cells) for cells in table]
    data = header + b"\n" + "\n".join(lines).encode("utf-8", "replace")
    if b"\0" in data:
        with pytest.raises(Invalid, match="NUL"):
            read(data)
    else:
        check_whole(read(data, unit=MassUnit.LB))


@settings(deadline=None)
@given(st.integers(0, 2000), st.binary(min_size=1, max_size=3), st.sampled_from(sorted(SAMPLES.glob("*.csv"))))
def test_a_damaged_sample_is_read_or_refused(at: int, damage: bytes, sample: Path) -> None:
    data = sample.read_bytes()
    try:
        check_whole(read(data[:at] + damage + data[at + 1 :], unit=MassUnit.KG))
    except Invalid:
        return


def test_files_over_the_limit_are_refused_before_they_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "MAX_FILE_BYTES", 100)
    with pytest.raises(Invalid, match="larger than"):
        read(HEADER + row())
