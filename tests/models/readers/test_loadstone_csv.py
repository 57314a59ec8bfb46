"""Loadstone's own CSV: read as written, sorted or saved again by a spreadsheet; what was tampered with is rejected."""

import csv
import io
import json
from itertools import permutations
from typing import Any

import pytest

from models import readers
from models.domain.errors import Invalid
from models.domain.exports import COLUMNS
from models.readers.parsed import ParsedLog
from tests.factories import BACK_SQUAT
from tests.models.readers.test_loadstone_json import IDS, exercise, refused

Row = dict[str, str]


def row(number: int, **fields: Any) -> Row:
    cells = {
        "record": "set",
        "workout_id": IDS[1],
        "performed_on": "2026-11-20",
        "started_at": "2026-11-20T18:00:00+01:00",
        "time_zone": "Europe/Berlin",
        "title": "'=Legs",
        "set": number,
        "exercise_id": BACK_SQUAT,
        "exercise": "whatever",
        "kind": "working",
        "load": 44.0925,
        "load_unit": "kg",
        "reps": 5,
        **fields,
    }
    return {name: str(cells.get(name, "")) for name in COLUMNS}


def other(record: str, data: Any) -> Row:
    return {**dict.fromkeys(COLUMNS, ""), "record": record, "data": json.dumps(data)}


def written(rows: list[Row], *, delimiter: str = ",", columns: tuple[str, ...] = COLUMNS) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, delimiter=delimiter, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def read(data: bytes) -> ParsedLog:
    return readers.read(io.BytesIO(data), time_zone="UTC")


ROWS = [
    other("loadstone", {"export": 1, "exported_at": "2026-11-20T18:00:00Z", "data_version": 7}),
    other("exercise", exercise()),
    row(1, workout_notes="'-good\r\n\r\n=bad", target_load=100, target_load_unit="lb"),
    row(2, exercise_id=10_000, note="''quoted"),
]


def test_a_workout_is_read_as_it_was_written() -> None:
    log = read(written(ROWS))
    draft = log.workouts[0].draft
    assert refused(log) == []
    assert draft is not None
    assert (draft.title, draft.notes) == ("=Legs", "-good\r\n\r\n=bad")
    assert (draft.sets[0].load, draft.sets[0].reps, draft.sets[1].note) == (44.0925, 5, "'quoted")
    assert draft.sets[0].target is not None
    assert draft.sets[0].target.load == 100


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_rows_may_come_in_any_order(order: tuple[int, ...]) -> None:
    sorted_anew = [ROWS[at] for at in order]
    assert read(written(sorted_anew)).workouts[0].draft == read(written(ROWS)).workouts[0].draft


def test_semicolons_and_decimal_commas_of_a_spreadsheet_are_read() -> None:
    saved = [{**cells, "load": cells["load"].replace(".", ",")} for cells in ROWS]
    assert read(written(saved, delimiter=";")).workouts[0].draft == read(written(ROWS)).workouts[0].draft


def test_text_in_data_counts_more_than_the_glimpse_of_it() -> None:
    whole = "x\n" * 500
    log = read(written([row(1, note="x [...]", data=json.dumps({"note": whole}))]))
    assert log.workouts[0].workout.sets[0].note == whole


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"reps": "five"}, "reps"),
        ({"reps": "5.5"}, "reps"),
        ({"load": "-5"}, "load"),
        ({"load": "1e999"}, "load"),
        ({"kind": "heroic"}, "kind"),
        ({"exercise_id": "10777"}, "exercise_id"),
        ({"set": ""}, "set"),
        ({"set": "1"}, "set"),
        ({"title": "Another"}, "workout_id"),
        ({"workout_id": "mine"}, "id"),
        ({"record": "sett"}, "record"),
        ({"data": "{"}, "data"),
        ({"tempo": "110"}, "tempo"),
    ],
)
def test_a_row_that_cannot_be_costs_no_other_row(wrong: dict[str, str], field: str) -> None:
    log = read(written([row(1), {**row(2), **wrong}, row(3)]))
    assert refused(log) == [(3, field)]
    assert [len(item.workout.sets) for item in log.workouts] == [2]


def test_a_missing_column_is_named() -> None:
    with pytest.raises(Invalid, match="tempo"):
        read(written(ROWS, columns=tuple(name for name in COLUMNS if name != "tempo")))


def test_another_version_is_refused() -> None:
    with pytest.raises(Invalid, match="version 2"):
        read(written([other("loadstone", {"export": 2, "exported_at": "2026-11-20T18:00:00Z", "data_version": 7})]))
