"""The metrics again, slow and obvious: one set after the other, in exact fractions. Imports nothing of the metrics."""

from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from analytics.frames import History
from models.domain.exercises import LOAD_MODES_BY_CODE, LoadMode
from models.domain.workouts import SET_KINDS_BY_CODE, SIDES_BY_CODE, SetKind, Side

Row = dict[str, Any]
NOT_FULL_REPS = {SetKind.WARM_UP, SetKind.PARTIAL, SetKind.CLUSTER, SetKind.MYO_REP}


class Reference:
    """Every metric of one history, computed by looking at each set."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.workouts = {row["session"]: row for row in history.workouts.iter_rows(named=True)}
        self.exercises = {row["exercise_id"]: row for row in history.exercises.iter_rows(named=True)}
        days = {session: row["performed_on"] for session, row in self.workouts.items()}
        rows = sorted(history.sets.iter_rows(named=True), key=lambda row: (row["session"], row["position"]))
        self.sets = [{**row, "performed_on": days[row["session"]]} for row in rows]

    def moved_g(self, entry: Row) -> int | None:
        mode, exercise = self.mode(entry), self.exercises[entry["exercise_id"]]
        if mode is LoadMode.EXTERNAL:
            return entry["load_g"]
        body_g = self.bodyweight_g(entry["performed_on"])
        if mode not in {LoadMode.BODYWEIGHT_PLUS, LoadMode.ASSISTED} or body_g is None:
            return None
        share_g = int(Fraction(body_g * exercise["bodyweight_permille"], 1000) + Fraction(1, 2))
        if mode is LoadMode.BODYWEIGHT_PLUS:
            return share_g + (entry["load_g"] or 0)
        return None if entry["load_g"] is None else max(share_g - entry["load_g"], 0)

    def mode(self, entry: Row) -> LoadMode:
        code = entry["load_mode"]
        return LOAD_MODES_BY_CODE[self.exercises[entry["exercise_id"]]["load_mode"] if code is None else code]

    def bodyweight_g(self, on: date) -> int | None:
        weighed = self.history.bodyweights.iter_rows(named=True)
        known = [(row["day"], row["bodyweight_g"]) for row in weighed if row["day"] <= on]
        return max(known)[1] if known else None

    def volume_g(self, entry: Row) -> int | None:
        moved_g, exercise = self.moved_g(entry), self.exercises[entry["exercise_id"]]
        if is_warm_up(entry) or moved_g is None or entry["reps"] is None:
            return None
        side = SIDES_BY_CODE.get(entry["side"])
        sides = 2 if side is Side.EACH or (side is None and exercise["unilateral"]) else 1
        return entry["reps"] * moved_g * sides * exercise["implements"]

    def e1rm_g(self, entry: Row, within: int = 12) -> Fraction | None:
        moved_g, reps = self.moved_g(entry), entry["reps"]
        if SET_KINDS_BY_CODE[entry["kind"]] in NOT_FULL_REPS or not moved_g or not reps:
            return None
        effective = reps + reserve(entry)
        if effective > within:
            return None
        return Fraction(moved_g) if effective == 1 else moved_g * (1 + Fraction(effective) / 30)

    def record_load_g(self, entry: Row) -> int | None:
        loaded = self.mode(entry) in {LoadMode.EXTERNAL, LoadMode.BODYWEIGHT_PLUS} and not is_warm_up(entry)
        return entry["load_g"] or None if loaded else None

    def weekly(self) -> dict[date, Row]:
        weeks: dict[date, Row] = defaultdict(lambda: {"sessions": set(), "sets": 0, "hard_sets": 0, "volumes": []})
        for entry in self.sets:
            week = weeks[monday(entry["performed_on"])]
            week["sessions"].add(entry["session"])
            week["sets"] += not is_warm_up(entry)
            week["hard_sets"] += is_hard(entry)
            week["volumes"] += [volume for volume in [self.volume_g(entry)] if volume is not None]
        return weeks

    def muscles(self) -> dict[tuple[str, date], int]:
        found: dict[tuple[str, date], int] = defaultdict(int)
        shares = list(self.history.muscles.iter_rows(named=True))
        for entry in self.sets:
            for share in shares:
                if is_hard(entry) and share["exercise_id"] == entry["exercise_id"]:
                    found[share["muscle"], monday(entry["performed_on"])] += share["share_milli"]
        return found

    def day_bests(self) -> dict[tuple[int, date], Fraction]:
        found: dict[tuple[int, date], Fraction] = {}
        for entry in self.sets:
            value, key = self.e1rm_g(entry), (entry["exercise_id"], entry["performed_on"])
            if value is not None:
                found[key] = max(found.get(key, Fraction(0)), value)
        return found

    def daily(self) -> list[tuple[date, float, float, float, float]]:
        """Day, load, fitness, fatigue, form."""
        loads: dict[date, Fraction] = defaultdict(Fraction)
        for session, workout in self.workouts.items():
            loads[workout["performed_on"]] += self.session_load(session, workout)
        days: list[tuple[date, float, float, float, float]] = []
        fitness, fatigue = 0.0, 0.0
        day, end = min(loads), max(*loads, self.history.as_of)
        while day <= end:
            form, load = fitness - fatigue, float(loads[day])
            fitness, fatigue = fitness + (load - fitness) / 42, fatigue + (load - fatigue) / 7
            days.append((day, load, fitness, fatigue, form))
            day += timedelta(days=1)
        return days

    def session_load(self, session: int, workout: Row) -> Fraction:
        if workout["session_rpe_tenths"] is not None and workout["duration_s"] and workout["duration_s"] < 5 * 3600:
            return Fraction(workout["session_rpe_tenths"], 10) * Fraction(workout["duration_s"], 60)
        return sum((set_load(entry) for entry in self.sets if entry["session"] == session), Fraction(0))

    def records(self) -> set[tuple[Any, ...]]:
        """(exercise, kind, session, value, previous): everything that beat a value before it."""
        beaten: set[tuple[Any, ...]] = set()
        standing: dict[tuple[int | None, str], Fraction] = {}
        for session in sorted(self.workouts):
            for key, value in self.session_values(session).items():
                if key in standing and value > standing[key]:
                    beaten.add((*key, session, value, standing[key]))
                standing[key] = max(standing.get(key, value), value)
        return beaten

    def session_values(self, session: int) -> dict[tuple[int | None, str], Fraction]:
        values: dict[tuple[int | None, str], Fraction] = defaultdict(Fraction)
        unknown: set[tuple[int | None, str]] = set()
        for entry in (entry for entry in self.sets if entry["session"] == session):
            exercise, volume = entry["exercise_id"], Fraction(self.volume_g(entry) or 0)
            values[None, "tonnage"] += volume
            values[exercise, "exercise_volume"] += volume
            if self.is_gap(entry):
                unknown |= {(None, "tonnage"), (exercise, "exercise_volume")}
            values[exercise, "set_volume"] = max(values[exercise, "set_volume"], volume)
            values[exercise, "e1rm"] = max(values[exercise, "e1rm"], self.e1rm_g(entry, within=10) or Fraction(0))
            load, kind = Fraction(self.record_load_g(entry) or 0), SET_KINDS_BY_CODE[entry["kind"]]
            most = 0 if kind is SetKind.PARTIAL else 1 if kind in NOT_FULL_REPS else 12
            for reps in range(1, min(entry["reps"] or 0, most) + 1):
                values[exercise, f"load_{reps}"] = max(values[exercise, f"load_{reps}"], load)
        return {key: value for key, value in values.items() if value > 0 and key not in unknown}

    def is_gap(self, entry: Row) -> bool:
        in_kilograms = self.mode(entry) in {LoadMode.EXTERNAL, LoadMode.BODYWEIGHT_PLUS, LoadMode.ASSISTED}
        return in_kilograms and not is_warm_up(entry) and bool(entry["reps"]) and self.volume_g(entry) is None


def set_load(entry: Row) -> Fraction:
    if is_warm_up(entry):
        return Fraction(0)
    minutes = min(max(Fraction(entry["duration_ms"] or 0, 60_000), Fraction(3)), Fraction(240))
    rpe = entry["rpe_tenths"] if entry["rpe_tenths"] is not None else None
    if rpe is None and entry["rir_tenths"] is not None:
        rpe = 100 - entry["rir_tenths"]
    return minutes * Fraction(80 if rpe is None else max(rpe, 0), 10)


def reserve(entry: Row) -> Fraction:
    if entry["rir_tenths"] is not None:
        return Fraction(entry["rir_tenths"], 10)
    return Fraction(0) if entry["rpe_tenths"] is None else 10 - Fraction(entry["rpe_tenths"], 10)


def is_warm_up(entry: Row) -> bool:
    return SET_KINDS_BY_CODE[entry["kind"]] is SetKind.WARM_UP


def is_hard(entry: Row) -> bool:
    return not is_warm_up(entry) and reserve(entry) <= 4 and entry["reps"] != 0


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
