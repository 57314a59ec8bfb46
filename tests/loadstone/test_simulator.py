"""The simulated log looks like a lifter's: repeatable, complete, and with everything that real ones have."""

import csv
import io
from datetime import date, timedelta
from itertools import pairwise

from loadstone.simulator import simulate

UNTIL = date(2026, 11, 22)
ROWS = list(csv.DictReader(io.StringIO(simulate(seed=7, until=UNTIL).decode()), delimiter=";"))
SQUATS = [row for row in ROWS if row["Exercise Name"] == "Squat (Barbell)" and row["Set Order"] != "W"]


def day(row: dict[str, str]) -> date:
    return date.fromisoformat(row["Date"][:10])


def test_the_same_seed_gives_the_same_log_and_another_seed_another() -> None:
    assert simulate(seed=7, until=UNTIL) == simulate(seed=7, until=UNTIL)
    assert simulate(seed=7, until=UNTIL) != simulate(seed=8, until=UNTIL)


def test_it_spans_two_years_and_ends_before_today() -> None:
    assert day(ROWS[-1]) - day(ROWS[0]) > timedelta(weeks=95)
    assert UNTIL - timedelta(days=40) < day(ROWS[-1]) < UNTIL


def test_it_has_layoffs_missed_reps_and_warm_ups() -> None:
    days = sorted({day(row) for row in ROWS})
    assert max(later - earlier for earlier, later in pairwise(days)) >= timedelta(days=9)
    assert any(row["Set Order"] == "W" for row in ROWS)
    assert any(int(row["Reps"]) < 5 for row in SQUATS)


def test_loads_can_be_loaded() -> None:
    assert all(float(row["Weight (kg)"]) % 2.5 == 0 and float(row["Weight (kg)"]) >= 20 for row in SQUATS)


def test_the_lifter_grows_stronger() -> None:
    quarter = len(SQUATS) // 4
    assert _best(SQUATS[-quarter:]) > 1.08 * _best(SQUATS[:quarter])


def _best(rows: list[dict[str, str]]) -> float:
    return max(float(row["Weight (kg)"]) * (1 + int(row["Reps"]) / 30) for row in rows)
