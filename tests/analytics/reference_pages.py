"""The pages of exercises, muscles and athletes again, slow and obvious: one set and one day after the other.

Imports nothing of the metrics.
"""

from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction
from statistics import median
from typing import Any

from models.domain.workouts import SET_KINDS_BY_CODE, SetKind
from tests.analytics.reference import Reference, Row, is_hard, is_warm_up, monday

RANGES = {
    "chest": ((8, 12), (10, 20)),
    "back": ((8, 14), (10, 22)),
    "quads": ((6, 12), (8, 18)),
    "hamstrings": ((4, 10), (6, 14)),
    "glutes": ((4, 10), (6, 16)),
    "shoulders": ((6, 12), (8, 18)),
    "triceps": ((4, 10), (6, 14)),
    "biceps": ((4, 10), (6, 14)),
    "calves": ((0, 6), (6, 12)),
    "abs": ((0, 6), (4, 10)),
    "forearms": ((0, 0), (0, 4)),
}
LIFTS = {"squat": {100, 101, 104}, "bench_press": {1000, 1005, 1007}, "deadlift": {400, 401, 412, 413}}


class Pages(Reference):
    """Every number of the pages of one history."""

    def sessions_of(self, exercise_id: int) -> list[int]:
        """By the calendar, and of one day by the clock."""
        sessions = {entry["session"] for entry in self.sets if entry["exercise_id"] == exercise_id}
        return sorted(sessions, key=lambda session: (self.workouts[session]["performed_on"], session))

    def entries(self, exercise_id: int, session: int) -> list[Row]:
        return [one for one in self.sets if (one["exercise_id"], one["session"]) == (exercise_id, session)]

    def session_row(self, exercise_id: int, session: int) -> tuple[Any, ...]:
        """Day, workout, sets, hard sets, tonnage, e1RM, top load and its reps."""
        entries = self.entries(exercise_id, session)
        workout = self.workouts[session]
        return (
            workout["performed_on"],
            workout["workout_id"],
            sum(not is_warm_up(entry) for entry in entries),
            sum(map(is_hard, entries)),
            kilograms(self.tonnage_g(entries)),
            kilograms(self.best_g(entries)),
            *self.top_set(entries),
        )

    def tonnage_g(self, entries: list[Row]) -> int | None:
        volumes = [volume for volume in map(self.volume_g, entries) if volume is not None]
        return sum(volumes) if volumes else None

    def best_g(self, entries: list[Row]) -> int | None:
        """The best e1RM to the gram, halves up."""
        values = [value for value in map(self.e1rm_g, entries) if value is not None]
        return int(max(values) + Fraction(1, 2)) if values else None

    def top_set(self, entries: list[Row]) -> tuple[float | None, int | None]:
        full = [
            (self.record_load_g(entry) or 0, int(entry["reps"]))
            for entry in entries
            if SET_KINDS_BY_CODE[entry["kind"]] is not SetKind.PARTIAL and (entry["reps"] or 0) >= 1
        ]
        load_g, reps = max(full, default=(0, 0))
        return (load_g / 1000, reps) if load_g else (None, None)

    def exercise_weeks(self, exercise_id: int) -> list[tuple[Any, ...]]:
        weeks: dict[date, list[int]] = defaultdict(list)
        for session in self.sessions_of(exercise_id):
            weeks[monday(self.workouts[session]["performed_on"])].append(session)
        rows: list[tuple[Any, ...]] = []
        for week, sessions in sorted(weeks.items()):
            entries = [entry for session in sessions for entry in self.entries(exercise_id, session)]
            sets, hard = sum(not is_warm_up(entry) for entry in entries), sum(map(is_hard, entries))
            rows.append((week, len(sessions), sets, hard, kilograms(self.tonnage_g(entries))))
        return rows

    def e1rm_sessions(self, exercise_id: int) -> list[tuple[date, int]]:
        """Day and best e1RM in grams of each session that has one."""
        found = [
            (self.workouts[session]["performed_on"], self.best_g(self.entries(exercise_id, session)))
            for session in self.sessions_of(exercise_id)
        ]
        return [(day, grams) for day, grams in found if grams is not None]

    def muscle_week(self, muscle: str, week: date) -> tuple[Fraction, int]:
        """Fractional hard sets of a week and the sessions that did them."""
        shares = self.shares(muscle)
        done = [
            entry
            for entry in self.sets
            if is_hard(entry) and entry["exercise_id"] in shares and monday(entry["performed_on"]) == week
        ]
        total = sum((shares[entry["exercise_id"]] for entry in done), Fraction(0))
        return total, len({entry["session"] for entry in done})

    def shares(self, muscle: str) -> dict[int, Fraction]:
        return {
            row["exercise_id"]: Fraction(row["share_milli"], 1000)
            for row in self.history.muscles.iter_rows(named=True)
            if row["muscle"] == muscle
        }

    def muscle_days(self, muscle: str) -> set[date]:
        shares = self.shares(muscle)
        return {one["performed_on"] for one in self.sets if is_hard(one) and one["exercise_id"] in shares}

    def contributions(self, muscle: str, since: date) -> dict[int, tuple[int, Fraction]]:
        found: dict[int, tuple[int, Fraction]] = {}
        for exercise_id, share in self.shares(muscle).items():
            hard = sum(
                is_hard(one) and one["exercise_id"] == exercise_id and one["performed_on"] >= since for one in self.sets
            )
            if hard:
                found[exercise_id] = (hard, hard * share)
        return found

    def range_of(self, muscle: str) -> tuple[int, int] | None:
        beginner, others = RANGES.get(muscle, (None, None))
        return beginner if self.history.athletes.item(0, "level") == "beginner" else others

    def period(self, first: date, last: date) -> tuple[Any, ...]:
        """Sessions, sets, hard sets, tonnage, sets without it, load: in hundredths, halves up."""
        sessions = [n for n, workout in self.workouts.items() if first <= workout["performed_on"] <= last]
        entries = [entry for entry in self.sets if entry["session"] in sessions]
        sets = sum(not is_warm_up(entry) for entry in entries)
        known = sum(self.volume_g(entry) is not None for entry in entries)
        tonnage = kilograms(self.tonnage_g(entries)) if sets else 0.0
        load = sum((self.session_load(session, self.workouts[session]) for session in sessions), Fraction(0))
        hundredths = int(load * 100 + Fraction(1, 2)) / 100
        return len(sessions), sets, sum(map(is_hard, entries)), tonnage, sets - known, hundredths

    def trained_days(self) -> list[date]:
        return sorted({workout["performed_on"] for workout in self.workouts.values()})

    def longest_streak(self) -> tuple[int, date]:
        """Weeks and the first of them; of equally long ones the latest."""
        weeks = {monday(day) for day in self.trained_days()}
        runs: list[tuple[int, date]] = []
        for week in weeks:
            length = 1
            while week + timedelta(days=7 * length) in weeks:
                length += 1
            runs.append((length, week))
        return max(runs)

    def current_streak(self) -> int:
        weeks = {monday(day) for day in self.trained_days()}
        week = max(weeks)
        if week < monday(self.history.as_of) - timedelta(days=7):
            return 0
        length = 0
        while week - timedelta(days=7 * length) in weeks:
            length += 1
        return length

    def layoffs(self, least: int) -> set[tuple[date, date]]:
        """First and last day of each run of untrained days, found by walking over the calendar."""
        days = self.trained_days()
        found: set[tuple[date, date]] = set()
        start = None
        day = days[0]
        while day <= max(self.history.as_of, days[-1]) + timedelta(days=1):
            resting = day not in days and day <= self.history.as_of
            if resting and start is None:
                start = day
            if not resting and start is not None:
                if (day - start).days >= least:
                    found.add((start, day - timedelta(days=1)))
                start = None
            day += timedelta(days=1)
        return found

    def lift(self, lift: str, since: date) -> int | None:
        """The best e1RM in grams of a lift between a day and `as_of`."""
        entries = [
            entry
            for entry in self.sets
            if entry["exercise_id"] in LIFTS[lift] and since <= entry["performed_on"] <= self.history.as_of
        ]
        return self.best_g(entries)


def trend(points: list[tuple[date, int]], as_of: date) -> tuple[str, Fraction] | str:
    """Progress, plateau or decline with the slope in percent a week; or why there is none."""
    if not points:
        return "no_e1rm"
    end = points[-1][0]
    if end + timedelta(days=28) < as_of:
        return "too_long_ago"
    used = [(day, grams) for day, grams in points if day + timedelta(weeks=6) >= end]
    if len(used) < 6:
        return "too_few_sessions"
    if used[0][0] + timedelta(weeks=3) > end:
        return "too_short"
    slopes = [
        Fraction(later[1] - earlier[1], (later[0] - earlier[0]).days)
        for at, earlier in enumerate(used)
        for later in used[at + 1 :]
        if later[0] != earlier[0]
    ]
    percent = 700 * median(slopes) / median(Fraction(grams) for _, grams in used)
    if abs(percent) < Fraction(1, 4):
        return "plateau", percent
    return ("progress" if percent > 0 else "decline"), percent


def kilograms(grams: int | None) -> float | None:
    return None if grams is None else grams / 1000


def acwr(loads: list[float]) -> dict[str, float | None]:
    """The ratios of the last day, null in the first 28 days and where there was no load at all."""
    if len(loads) < 28:
        return dict.fromkeys(("acwr_coupled", "acwr_uncoupled", "acwr_ewma"))
    week, month, before = (sum(days) / len(days) for days in (loads[-7:], loads[-28:], loads[-28:-7]))
    acute = chronic = loads[0]
    for load in loads[1:]:
        acute += (load - acute) * 2 / 8
        chronic += (load - chronic) * 2 / 29
    pairs = {"acwr_coupled": (week, month), "acwr_uncoupled": (week, before), "acwr_ewma": (acute, chronic)}
    return {name: short / long if long else None for name, (short, long) in pairs.items()}
