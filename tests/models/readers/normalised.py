"""The independent normalisation of the real logs, and how sets are compared with it."""

from collections import defaultdict
from pathlib import Path
from typing import Any

import polars as pl

from models.domain.workouts import SetKind

KINDS = {"normal": SetKind.WORKING, "warmup": SetKind.WARM_UP, "drop": SetKind.DROP, "failure": SetKind.FAILURE}
GRAMS_APART = 5

Key = tuple[Any, ...]


def files(folder: Path) -> list[Path]:
    return sorted((folder / "logs").glob("strong/*.csv")) + sorted((folder / "logs").glob("hevy/*.csv"))


def expected(frame: pl.DataFrame, athlete: str, app: str) -> dict[Key, list[int | None]]:
    """The loads in grams by everything else that identifies a set."""
    found: defaultdict[Key, list[int | None]] = defaultdict(list)
    for row in frame.filter((pl.col("athlete") == athlete) & (pl.col("app") == app)).iter_rows(named=True):
        key = (
            row["started_at"],
            row["exercise"],
            KINDS[row["set_type"]],
            None if row["reps"] is None else int(row["reps"]),
            *(None if row[name] is None else round(row[name], 1) for name in ("distance_m", "duration_s", "rpe")),
        )
        found[key].append(None if row["weight_kg"] is None else round(row["weight_kg"] * 1000))
    return found


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


def differences(wanted: dict[Key, list[int | None]], got: dict[Key, list[int | None]]) -> tuple[int, int]:
    """How many sets are wanted and not there, and how many are there and not wanted."""
    missing = sum(len(unmatched(loads, got.get(key, []))) for key, loads in wanted.items())
    surplus = sum(len(unmatched(loads, wanted.get(key, []))) for key, loads in got.items())
    return missing, surplus
