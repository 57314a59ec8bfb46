"""A simulated lifter's training log: two years with progress, fatigue, layoffs, missed reps, warm-ups and real plates.

Strength follows the fitness-fatigue idea (Banister 1975): every hard set leaves a slow gain and a quick tiredness; days
off forget both. The log is written as Strong exports it, so that it takes the way of a real one.
"""

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from math import exp
from random import Random

from msgspec import Struct

HEADER = (
    *("Workout #", "Date", "Workout Name", "Duration (sec)", "Exercise Name", "Set Order", "Weight (kg)"),
    *("Reps", "RPE", "Distance (meters)", "Seconds", "Notes", "Workout Notes"),
)
FITNESS_DAYS, FATIGUE_DAYS = 200.0, 6.0


class Lift(Struct, frozen=True, kw_only=True):
    """An exercise: what the lifter could lift once on the first day, how much is to be gained, in which steps."""

    name: str
    start_kg: float
    potential: float = 0.45
    step_kg: float = 2.5
    bar_kg: float = 20.0
    warm_ups: bool = False


SQUAT = Lift(name="Squat (Barbell)", start_kg=95, warm_ups=True)
BENCH = Lift(name="Bench Press (Barbell)", start_kg=75, potential=0.35, warm_ups=True)
DEADLIFT = Lift(name="Deadlift (Barbell)", start_kg=120, warm_ups=True)
PRESS = Lift(name="Overhead Press (Barbell)", start_kg=47, potential=0.35, warm_ups=True)
ROW = Lift(name="Bent Over Row (Barbell)", start_kg=70, potential=0.35)
RDL = Lift(name="Romanian Deadlift (Barbell)", start_kg=95, potential=0.4)
LEG_PRESS = Lift(name="Leg Press", start_kg=190, potential=0.5, step_kg=5, bar_kg=0)
PULLDOWN = Lift(name="Lat Pulldown (Cable)", start_kg=75, potential=0.3, step_kg=5, bar_kg=0)
LEG_CURL = Lift(name="Seated Leg Curl (Machine)", start_kg=60, potential=0.3, step_kg=5, bar_kg=0)
INCLINE = Lift(name="Incline Bench Press (Dumbbell)", start_kg=30, potential=0.35, step_kg=2, bar_kg=0)
CURL = Lift(name="Bicep Curl (Dumbbell)", start_kg=17, potential=0.3, step_kg=1, bar_kg=0)
PUSHDOWN = Lift(name="Triceps Pushdown (Cable - Straight Bar)", start_kg=40, potential=0.35, step_kg=2.5, bar_kg=0)
RAISE = Lift(name="Lateral Raise (Dumbbell)", start_kg=13, potential=0.3, step_kg=1, bar_kg=0)

# By session: the weekday, its title, and each lift with its sets and reps.
WEEK = (
    (0, "Lower A", ((SQUAT, 4, 5), (RDL, 3, 8), (LEG_PRESS, 3, 10), (LEG_CURL, 3, 12))),
    (1, "Upper A", ((BENCH, 4, 5), (ROW, 4, 8), (INCLINE, 3, 10), (CURL, 3, 12), (RAISE, 3, 12))),
    (3, "Lower B", ((DEADLIFT, 3, 5), (SQUAT, 3, 8), (LEG_CURL, 3, 12))),
    (4, "Upper B", ((PRESS, 4, 6), (PULLDOWN, 4, 10), (BENCH, 3, 8), (PUSHDOWN, 3, 12), (RAISE, 3, 12))),
)
Row = tuple[object, ...]


class Lifter:
    """What training has done to the lifter so far."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.fitness = 0.0
        self.fatigue = 0.0

    def rest(self, days: int) -> None:
        self.fitness *= exp(-days / FITNESS_DAYS)
        self.fatigue *= exp(-days / FATIGUE_DAYS)

    def train(self, hard_sets: int) -> None:
        self.fitness += hard_sets
        self.fatigue += hard_sets

    def one_rep_max_kg(self, lift: Lift) -> float:
        """Today's: the gain saturates with fitness, the tiredness takes up to a few percent."""
        gain = lift.potential * (1 - exp(-self.fitness / 1200))
        tired = 0.0012 * self.fatigue
        return lift.start_kg * (1 + gain - tired) * self.chance.gauss(1.0, 0.012)


def simulate(*, seed: int, until: date, weeks: int = 104) -> bytes:
    """A training log that ends the day before `until`, as a Strong export in kilograms; the same seed, the same log."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(HEADER)
    chance = Random(seed)  # noqa: S311 - a lifter, not a secret
    writer.writerows(_log(chance, until - timedelta(weeks=weeks), until))
    return text.getvalue().encode()


def _log(chance: Random, first: date, until: date) -> Iterator[Row]:
    lifter, number, last = Lifter(chance), 0, first
    layoffs = [_layoff(chance, first, until) for _ in range(3)]
    for day in (first + timedelta(days=offset) for offset in range((until - first).days)):
        planned = next((session for session in WEEK if session[0] == day.weekday()), None)
        absent = any(start <= day < end for start, end in layoffs) or chance.random() < 0.06
        if planned is None or absent:
            continue
        lifter.rest((day - last).days)
        number, last = number + 1, day
        yield from _session(lifter, number, day, planned[1], planned[2], (day - first).days // 7)


def _layoff(chance: Random, first: date, until: date) -> tuple[date, date]:
    start = first + timedelta(days=chance.randrange(60, (until - first).days - 60))
    return start, start + timedelta(days=chance.randrange(9, 26))


def _session(
    lifter: Lifter, number: int, day: date, title: str, lifts: tuple[tuple[Lift, int, int], ...], week: int
) -> Iterator[Row]:
    started_at = datetime.combine(day, time(18, lifter.chance.randrange(0, 45)))
    deload = week % 6 == 5
    sets = [row for lift, count, reps in lifts for row in _sets(lifter, lift, count - deload, reps, deload)]
    seconds = 150 * len(sets) + lifter.chance.randrange(0, 600)
    for lift_name, order, load_kg, reps, rpe in sets:
        yield number, started_at, title, seconds, lift_name, order, load_kg, reps, rpe, "", "", "", ""
    lifter.train(sum(count - deload for _, count, _ in lifts))


def _sets(
    lifter: Lifter, lift: Lift, count: int, reps: int, deload: bool
) -> Iterator[tuple[str, object, float, int, str]]:
    capacity_kg = lifter.one_rep_max_kg(lift)
    believed_kg = capacity_kg * lifter.chance.gauss(0.99, 0.015)
    load_kg = _loadable(lift, (0.8 if deload else 1.0) * believed_kg / (1 + (reps + 2) / 30))
    for share in (0.5, 0.75) if lift.warm_ups else ():
        yield lift.name, "W", _loadable(lift, share * load_kg), 5, ""
    for order in range(1, count + 1):
        possible = 30 * (capacity_kg * (1 - 0.012 * (order - 1)) / load_kg - 1)
        done = max(0, min(reps, int(possible)))
        rpe = min(10.0, max(6.0, 10 - round(2 * (possible - done)) / 2))
        yield lift.name, order, load_kg, done, f"{rpe:g}" if lift.warm_ups else ""


def _loadable(lift: Lift, load_kg: float) -> float:
    """The nearest load that the bar and the gym's plates or dumbbells make."""
    return max(lift.bar_kg or lift.step_kg, round(load_kg / lift.step_kg) * lift.step_kg)
