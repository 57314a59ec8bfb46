"""Files that mean harm, or that something harmed: a clear refusal or a receipt, in bounded time and memory."""

import bz2
import gzip
import io
import lzma
import os
import resource
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from models import readers
from models.domain import catalogue
from models.domain.errors import Invalid
from models.domain.units import MassUnit
from models.readers import parsed, rows
from models.readers.parsed import ParsedLog

HEADER = "Date,Workout Name,Duration,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes,Workout Notes,RPE\n"
PROJECT = Path(__file__).parents[3]


def read(data: bytes) -> ParsedLog:
    return readers.read(io.BytesIO(data), time_zone="America/New_York", unit=MassUnit.KG)


def row(exercise: str = "Squat", *, at: str = "2024-03-04 18:00:00", note: str = "") -> str:
    return f'{at},"Legs",41m,"{exercise}",1,100,5,0,0,"{note}","",\n'


def exercises(log: ParsedLog) -> list[str]:
    return [entry.exercise for item in log.workouts for entry in item.workout.sets]


def zipped(name: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, bytes(10_000_000))
    return packed.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (zipped("strong.csv"), "ZIP archive: unpack it and send the file inside"),
        (zipped("[Content_Types].xml"), "workbook: save its sheet as CSV"),
        (zipped("xl/workbook.xml"), "workbook: save its sheet as CSV"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "Excel workbook"),
        (gzip.compress(bytes(1000), mtime=0), "gzip archive: unpack"),
        (bz2.compress(bytes(1000)), "bzip2 archive: unpack"),
        (lzma.compress(bytes(1000)), "xz archive: unpack"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
    ],
    # Archives hold the time of their making, which may name no test.
    ids=lambda value: value if isinstance(value, str) else value[:2].hex(),
)
def test_wrapped_logs_are_refused_with_what_to_do_and_never_unpacked(data: bytes, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        read(data)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16", "utf-8-sig"])
def test_unicode_is_read_with_and_without_its_mark(encoding: str) -> None:
    log = read((HEADER + row("Kniebeuge für Übung")).encode(encoding))
    assert exercises(log) == ["Kniebeuge für Übung"]
    assert "encoding" not in {warning.field for warning in log.warnings}


@pytest.mark.parametrize(("encoding", "name"), [("latin-1", "Élévation latérale"), ("gb18030", "深蹲" * 3 + "丂")])
def test_letters_that_had_to_be_guessed_are_named(encoding: str, name: str) -> None:
    log = read((HEADER + row(name)).encode(encoding))
    assert log.warnings[0].field == "encoding"
    assert log.rows_read == 1


def test_shift_jis_is_read_with_a_warning_about_its_letters() -> None:
    log = read((HEADER + row("スクワット")).encode("shift-jis"))
    assert (log.rows_read, log.warnings[0].field) == (1, "encoding")


def test_binary_rubbish_is_shown_without_its_control_characters() -> None:
    log = read((HEADER + row(at="\x1b[31m\x07\u202e2024")).encode())
    assert log.rejected[0].reason.isprintable()
    assert "\ufffd[31m" in log.rejected[0].reason


@pytest.mark.parametrize("day", ["0001-01-01", "1949-12-31", "1950-01-01", "9999-12-31", "0000-00-00"])
@pytest.mark.parametrize("time_zone", ["America/New_York", "Asia/Tokyo"])
def test_years_out_of_reach_are_rejected(day: str, time_zone: str) -> None:
    log = readers.read(io.BytesIO((HEADER + row(at=f"{day} 23:59:59")).encode()), time_zone=time_zone, unit=MassUnit.KG)
    assert [(rejected.line, rejected.field) for rejected in log.rejected] == [(2, "date")]


def test_formulas_are_text() -> None:
    log = read((HEADER + row("=1+1", note="@SUM(A1)") + row("+cmd|' /C calc'!A0", note="-2+3")).encode())
    assert exercises(log) == ["=1+1", "+cmd|' /C calc'!A0"]
    assert [entry.note for entry in log.workouts[0].workout.sets] == ["@SUM(A1)", "-2+3"]


def test_a_name_of_ten_thousand_letters_is_rejected() -> None:
    assert [rejected.field for rejected in read((HEADER + row("x" * 10_000)).encode()).rejected] == ["exercise"]


def test_a_quote_inside_an_unquoted_cell_hides_no_open_quote_after_it() -> None:
    broken = '2024-03-04 18:00:00,6" pipe,41m,"Squat,1,100,5,0,0,,,\n'
    log = read((HEADER + broken + row() + row()).encode())
    assert ([rejected.line for rejected in log.rejected], len(exercises(log))) == ([2], 2)


def test_quotes_that_never_close_are_refused_before_they_cost_much() -> None:
    began = time.process_time()
    with pytest.raises(Invalid, match="quote"):
        read((HEADER + '2024-03-04 18:00:00,6" pipe,"Legs\n' * 200_000).encode())
    assert time.process_time() - began < 20


def test_a_record_longer_than_a_cell_may_be_costs_only_its_rows() -> None:
    note = "n" * 100_000 + "\n" + "n" * 100_000
    log = read((HEADER + row(note=note) + row()).encode())
    assert len(exercises(log)) == 1
    assert parsed.receipt(log, catalogue.load()).adds_up()


def test_a_line_of_a_gigabyte_is_refused_without_being_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "MAX_FILE_BYTES", 2**31)
    path = tmp_path / "line.csv"
    with path.open("wb") as file:
        file.write((HEADER + row()).encode())
        os.truncate(path, 2**30)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(Invalid, match=r"longer than|NUL"):
        readers.read(path, time_zone="UTC", unit=MassUnit.KG)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000


def test_a_line_without_end_is_refused_at_the_limit() -> None:
    class Endless(io.RawIOBase):
        """A gigabyte of one line, made as it is asked for."""

        def __init__(self) -> None:
            self.begin = (HEADER + row()).encode()
            self.at = 0

        def readable(self) -> bool:
            return True

        def seekable(self) -> bool:
            return True

        def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
            self.at = 2**27 if whence == io.SEEK_END else offset
            return self.at

        def readinto(self, buffer: memoryview) -> int:  # pyright: ignore[reportIncompatibleMethodOverride]
            piece = (self.begin[self.at :] + b"x" * len(buffer))[: len(buffer)]
            buffer[:] = piece
            self.at += len(piece)
            return len(piece)

    stream = Endless()
    with pytest.raises(Invalid, match="longer than"):
        readers.read(io.BufferedReader(stream), time_zone="UTC", unit=MassUnit.KG)
    assert stream.at < 1_000_000


MEASURE = """
import resource, sys
from pathlib import Path
from models import readers
from models.domain import catalogue
from models.domain.units import MassUnit

catalogue.load()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
log = readers.read(Path(sys.argv[1]), time_zone="Europe/Berlin", undecided_unit=MassUnit.KG)
print(sum(len(item.workout.sets) for item in log.workouts))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def strong_row(number: int) -> str:
    day, order = divmod(number, 20)
    at = f"20{10 + day // 336:02d}-{day // 28 % 12 + 1:02d}-{day % 28 + 1:02d} 18:00:00"
    title, name = f'"Day {day % 5}"', f'"Exercise {number % 300}"'
    return f'{at},{title},1h 5m,{name},{order + 1},{20 + number % 60},5,0,0,"note {number}","workout {day}",8\n'


def fitnotes_row(number: int) -> str:
    day = number // 20
    at = f"20{10 + day // 336:02d}-{day // 28 % 12 + 1:02d}-{day % 28 + 1:02d}"
    return f'{at},Exercise {number % 300},Back,{20 + number % 60},kgs,5,,,,"comment {number}"\n'


def lone_row(number: int) -> str:
    return row(at=f"20{10 + number // 10_000}-03-04 18:{number % 60:02d}:{number // 60 % 60:02d}")


FITNOTES = "Date,Exercise,Category,Weight,Weight Unit,Reps,Distance,Distance Unit,Time,Comment\n"
LARGE = {
    "strong": (HEADER, strong_row),
    "fitnotes": (FITNOTES, fitnotes_row),
    "short workouts": (HEADER, lone_row),
}


@pytest.mark.parametrize("name", LARGE)
def test_fifty_thousand_rows_take_less_than_150_megabytes(tmp_path: Path, name: str) -> None:
    header, make = LARGE[name]
    path = tmp_path / "large.csv"
    path.write_text(header + "".join(make(number) for number in range(50_000)), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    sets, kib = map(int, done.stdout.split())
    assert sets == 50_000
    assert kib < 150 * 1024
