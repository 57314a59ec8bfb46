"""The independent normalisation of the real logs, and how sets are compared with it."""

from collections import defaultdict
from datetime import datetime, time
from pathlib import Path
from typing import Any

import polars as pl
from msgspec import Struct

from models import readers
from models.domain import units
from models.domain.units import MassUnit
from models.domain.workouts import SetKind
from models.readers.parsed import ParsedLog, ParsedSet

KINDS = {"normal": SetKind.WORKING, "warmup": SetKind.WARM_UP, "drop": SetKind.DROP, "failure": SetKind.FAILURE}
GRAMS_APART = 5
ZONE = "UTC"

Key = tuple[Any, ...]
Loads = dict[Key, list[int | None]]
Extents = tuple[float | None, float | None, float | None]


class Folder(Struct, frozen=True, kw_only=True):
    """The logs of one format: the normalisation's name of their app, and the rules by which the two differ.

    `date_only`: it has midnight where only the date is known, and Loadstone noon. `without_durations`: it leaves out
    the durations that the file states. `not_normalised`: how many sets it leaves out that are recorded.
    """

    app: str
    date_only: bool = False
    without_durations: bool = False
    not_normalised: int = 0


FOLDERS = {
    "strong": Folder(app="strong"),
    "hevy": Folder(app="hevy"),
    "hevy_api_json": Folder(app="hevy"),
    "fitnotes": Folder(app="fitnotes", date_only=True),
    "fitnotes_db": Folder(app="fitnotes", date_only=True),
    # The one set that it leaves out has the status Failed: it is recorded as a failed attempt of zero repetitions.
    "fitnotes_ios": Folder(app="fitnotes", without_durations=True, not_normalised=1),
}


def files(folder: Path) -> list[Path]:
    """Every real log of a format that is compared."""
    return [file for name in FOLDERS for file in sorted((folder / "logs" / name).iterdir()) if file.is_file()]


def folder_of(file: Path) -> Folder:
    return FOLDERS[file.parent.name]


def read(file: Path, *, undecided_unit: MassUnit | None = None) -> ParsedLog:
    return readers.read(file, time_zone=ZONE, undecided_unit=undecided_unit)


def settled(file: Path, log: ParsedLog) -> ParsedLog:
    """The log with a unit, where the file leaves it open."""
    return read(file, undecided_unit=MassUnit.KG) if log.unit_missing else log


def expected(frame: pl.DataFrame, athlete: str, app: str) -> Loads:
    """The loads in grams by everything else that identifies a set."""
    found: defaultdict[Key, list[int | None]] = defaultdict(list)
    for row in frame.filter((pl.col("athlete") == athlete) & (pl.col("app") == app)).iter_rows(named=True):
        key = (
            row["started_at"],
            row["exercise"],
            KINDS[row["set_type"]],
            None if row["reps"] is None else int(row["reps"]),
            *(_rounded(row[name]) for name in ("distance_m", "duration_s", "rpe")),
        )
        found[key].append(None if row["weight_kg"] is None else round(row["weight_kg"] * 1000))
    return found


def actual(log: ParsedLog, folder: Folder) -> Loads:
    """The same of a parsed log."""
    found: defaultdict[Key, list[int | None]] = defaultdict(list)
    for item in log.workouts:
        for entry in item.workout.sets:
            extents = (entry.distance_m, entry.duration_s, entry.rpe)
            key = key_of(item.workout.started_at, entry.exercise, entry.kind, entry.reps, extents, folder=folder)
            found[key].append(_load_g(entry))
    return found


def key_of(
    started_at: datetime, exercise: str, kind: SetKind, reps: int | None, extents: Extents, *, folder: Folder
) -> Key:
    """What identifies a set; its extents are metres, seconds and RPE."""
    local = started_at.replace(tzinfo=None)
    start = datetime.combine(local.date(), time()) if folder.date_only else local
    distance_m, duration_s, rpe = extents
    compared = (distance_m, None if folder.without_durations else duration_s, rpe)
    return (start, exercise, kind, reps, *map(_rounded, compared))


def _rounded(value: float | None) -> float | None:
    """To a tenth, from the millimetres and milliseconds that are recorded."""
    return None if value is None else round(round(value, 3), 1)


def _load_g(entry: ParsedSet) -> int | None:
    return None if entry.load is None or entry.load_unit is None else units.grams(entry.load, entry.load_unit)


def unmatched(some: list[int | None], others: list[int | None]) -> list[int | None]:
    """Those of the first list that find no partner within the tolerance in the second."""
    left = sorted(others, key=lambda load: -1 if load is None else load)
    alone: list[int | None] = []
    for load in some:
        partner = next((at for at, other in enumerate(left) if _same(load, other)), None)
        if partner is None:
            alone.append(load)
        else:
            del left[partner]
    return alone


def _same(load: int | None, other: int | None) -> bool:
    if load is None or other is None:
        return load is other
    return abs(load - other) <= GRAMS_APART


def differences(wanted: Loads, got: Loads) -> tuple[int, int]:
    """How many sets are wanted and not there, and how many are there and not wanted."""
    missing = sum(len(unmatched(loads, got.get(key, []))) for key, loads in wanted.items())
    surplus = sum(len(unmatched(loads, wanted.get(key, []))) for key, loads in got.items())
    return missing, surplus
