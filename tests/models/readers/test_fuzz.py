"""Whatever the bytes are, a reader gives an account of every row or a refusal, and nothing else, in bounded time."""

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import readers
from models.domain import catalogue
from models.domain.errors import Invalid
from models.domain.units import MassUnit
from models.domain.workouts import WorkoutDraft, check
from models.readers import parsed
from models.readers.drafts import draft
from models.readers.parsed import ParsedLog
from tests.models.readers.backups import database

FILES = {path.name: path.read_bytes() for path in sorted((Path(__file__).parents[2] / "samples").iterdir())}
SAMPLES = {**FILES, "fitnotes.db": database()}
ZONES = ("UTC", "America/New_York", "Pacific/Kiritimati", "Europe/Berlin", "Asia/Kathmandu")
END_OF_TIME = datetime.max.replace(tzinfo=UTC) - timedelta(days=9)
# What breaks parsers: marks of encodings, quotes, separators, numbers and dates at the edge.
MARKS = [b"\0", b'"', b'""', b",", b";", b"\n", b"\r", b"-", b"\\", b"\xff", b"\xfe\xff", b"\xef\xbb\xbf"]
WORDS = ["١٢", "²", "\u2028", "\u202e", "###", "x" * 300, "NaN", "1e309", "9" * 400, "-0.0", "\\ud800", "{", "=1+1"]
DATES = ["0001-01-01", "1950-01-01", "9999-12-31"]
PIECES = st.one_of(st.sampled_from([*MARKS, *(text.encode() for text in (*WORDS, *DATES))]), st.binary(max_size=6))
# A place in a file, in ten-thousandths of it.
PLACES = st.sampled_from(range(10_001))
# An edit: where; how many bytes it takes away; what it puts there.
EDITS = st.lists(st.tuples(PLACES, st.integers(0, 40), PIECES), min_size=1, max_size=3)


def account(data: bytes, *, time_zone: str, unit: MassUnit | None) -> ParsedLog | None:
    """The log, whole and with valid drafts; null if it was refused."""
    try:
        log = readers.read(io.BytesIO(data), time_zone=time_zone, unit=unit, undecided_unit=MassUnit.KG)
    except Invalid:
        return None
    receipt = parsed.receipt(log, catalogue.load())
    assert receipt.adds_up()
    assert msgspec.json.decode(msgspec.json.encode(receipt))
    for item in log.workouts:
        given_draft = item.draft or draft(item.workout, resolve_exercise=lambda _: 1)
        check(given_draft, now=END_OF_TIME)
        assert msgspec.json.decode(msgspec.json.encode(given_draft), type=WorkoutDraft) == given_draft
    return log


def part(data: bytes, begin: int, end: int) -> bytes:
    """The bytes between two places."""
    return data[begin * len(data) // 10_000 : end * len(data) // 10_000]


def edited(data: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    for where, taken, put in edits:
        data = part(data, 0, where) + put + part(data, where, 10_000)[taken:]
    return data


def test_every_sample_is_read_as_it_is() -> None:
    for name, data in SAMPLES.items():
        assert account(data, time_zone="UTC", unit=None) is not None, name


def test_every_reader_has_a_sample() -> None:
    formats = {readers.read(io.BytesIO(data), time_zone="UTC").format for data in SAMPLES.values()}
    assert formats == {reader.FORMAT for reader in (*readers.READERS, *readers.DOCUMENT_READERS)}


@settings(max_examples=200, deadline=5_000)
@given(st.one_of(st.binary(max_size=600), st.lists(PIECES, max_size=40).map(b"".join)), st.sampled_from(ZONES))
def test_arbitrary_bytes_are_read_or_refused(data: bytes, time_zone: str) -> None:
    account(data, time_zone=time_zone, unit=None)


@settings(max_examples=200, deadline=5_000)
@given(st.sampled_from(sorted(SAMPLES)), st.integers(1, 3), st.lists(st.one_of(PIECES, st.just(b",")), max_size=60))
def test_arbitrary_bytes_below_the_first_lines_of_a_log_are_read_or_refused(
    name: str, lines: int, pieces: list[bytes]
) -> None:
    begin = b"\n".join(SAMPLES[name].split(b"\n")[:lines])
    account(begin + b"\n" + b"".join(pieces), time_zone="UTC", unit=None)


@settings(max_examples=200, deadline=5_000, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(SAMPLES)), EDITS, st.sampled_from(ZONES), st.sampled_from([None, *MassUnit]))
def test_a_damaged_sample_is_read_or_refused(
    name: str, edits: list[tuple[int, int, bytes]], time_zone: str, unit: MassUnit | None
) -> None:
    account(edited(SAMPLES[name], edits), time_zone=time_zone, unit=unit)


@settings(max_examples=100, deadline=5_000)
@given(st.sampled_from(sorted(SAMPLES)), PLACES, PLACES, st.integers(0, 4))
def test_a_sample_cut_short_or_doubled_in_parts_is_read_or_refused(name: str, begin: int, end: int, times: int) -> None:
    data = SAMPLES[name]
    account(part(data, 0, end) + part(data, begin, 10_000) * times, time_zone="UTC", unit=None)


@settings(max_examples=100, deadline=5_000)
@given(st.sampled_from(sorted(SAMPLES)), st.data())
def test_cells_exchanged_for_others_are_read_or_refused(name: str, data: st.DataObject) -> None:
    cells = SAMPLES[name].split(b",")
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(cells) - 1))
        cells[at] = data.draw(st.one_of(PIECES, st.sampled_from(cells)))
    account(b",".join(cells), time_zone="UTC", unit=None)
