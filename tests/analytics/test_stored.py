"""From stored columns to frames: the bodyweight that counts on a day, whoever recorded it, and how."""

from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest

from analytics import stored
from analytics.frames import BODYWEIGHTS, WORKOUTS, frame
from analytics.stored import WEIGHED

MORNING, NOON, EVENING = (datetime(2026, 1, 5, hour, tzinfo=UTC) for hour in (7, 12, 20))


def recorded(*rows: tuple[str, datetime, int | None], athlete: int = 0) -> pl.DataFrame:
    """Workouts of (id, instant, bodyweight)."""
    columns: dict[str, list[Any]] = {name: [None] * len(rows) for name in WORKOUTS}
    return frame(WORKOUTS, {
        **columns,
        "athlete": [athlete] * len(rows),
        "workout_id": [row[0] for row in rows],
        "performed_on": [row[1].date() for row in rows],
        "started_at": [row[1] for row in rows],
        "bodyweight_g": [row[2] for row in rows],
    })  # fmt: skip


def measured(*rows: tuple[str, datetime, int], athlete: int = 0) -> pl.DataFrame:
    """Measurements of (id, instant, bodyweight)."""
    return frame(WEIGHED, {
        "athlete": [athlete] * len(rows),
        "id": [row[0] for row in rows],
        "measured_on": [row[1].date() for row in rows],
        "measured_at": [row[1] for row in rows],
        "bodyweight_g": [row[2] for row in rows],
    })  # fmt: skip


@pytest.mark.parametrize(
    ("workouts", "measurements", "expected"),
    [
        (recorded(("b", MORNING, 81), ("a", EVENING, 82)), measured(("c", NOON, 83)), 82),
        (recorded(("b", MORNING, 81), ("a", EVENING, None)), measured(("c", NOON, 83)), 83),
        (recorded(("z", NOON, 81)), measured(("c", NOON, 83)), 83),
        (recorded(), measured(("d", NOON, 84), ("c", NOON, 83)), 84),
        (recorded(("a", NOON, 0)), measured(), 0),
    ],
    ids=["the last instant", "of those with a bodyweight", "a measurement", "the greatest id", "nothing is a value"],
)
def test_the_last_bodyweight_of_a_day_counts(workouts: pl.DataFrame, measurements: pl.DataFrame, expected: int) -> None:
    found = stored.bodyweights(workouts, measurements)
    assert dict(found.schema) == BODYWEIGHTS
    assert found.rows() == [(0, MORNING.date(), expected)]


def test_everybody_has_bodyweights_of_their_own() -> None:
    workouts = pl.concat([recorded(("a", NOON, 81)), recorded(("a", NOON, 90), athlete=1)])
    found = stored.bodyweights(workouts, measured(("c", EVENING, 70), athlete=1))
    assert found.rows() == [(0, NOON.date(), 81), (1, NOON.date(), 70)]
