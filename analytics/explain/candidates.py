"""Which workouts can decide a number at all: never too few, and few enough that each can be left out in turn.

A rule knows the numbers of one part of a document. It only knows rows that are named by what no workout changes (an
exercise, a week, a day); everything else may be decided by any workout.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import polars as pl

from analytics.explain import load_candidates
from analytics.explain.address import Address
from analytics.explain.scopes import ALL, Known, Scope
from analytics.explain.without import Recorded
from analytics.metrics import records

DAY, WEEK = timedelta(days=1), timedelta(days=7)
# What a muscle's page says of this week and the complete weeks before it.
_RECENT = ("this_week", "sessions_this_week", "last_week", "four_weeks", "sessions_per_week", "contributions")


def scope(recorded: Recorded, content: Any, address: Address) -> Scope:
    """What can decide the number at an address of a document, whose content is given as plain objects."""
    rule = _RULES.get((address.document, address.parts[0].name or ""))
    # Without its only workout a history says nothing at all.
    if rule is None or recorded.history.workouts.height == 1:
        return ALL
    return rule(Known(recorded, content, address)) or ALL


def _week(known: Known) -> Scope | None:
    """`week_start` is the second part, or the third behind a muscle."""
    named = known.row(1, "week_start") or (known.row(1, "muscle") and known.row(2, "week_start"))
    if not named:
        return None
    monday = date.fromisoformat(named["week_start"])
    sessions = known.between(monday, monday + WEEK - DAY)
    return Scope(sessions=sessions, through=sessions)


def _exercise(known: Known) -> Scope:
    """Everything of one exercise, by its id in the second or third part."""
    named = known.row(1, "exercise_id") or known.row(2, "exercise_id")
    exercise_id = int(named["exercise_id"]) if named else int(known.name(1) or 0)
    sessions = known.of_atoms(pl.col("exercise_id") == exercise_id)
    return Scope(sessions=sessions, through=sessions, exercise_id=exercise_id)


def _page(known: Known) -> Scope | None:
    """An exercise's page: an entry of its sessions or weeks is of these alone, the rest is of all its sessions."""
    whole = _exercise(known)
    series, weekly = known.name(2) == "series", known.name(2) == "weekly"
    if series and (named := known.row(3, "workout_id")):
        entry = known.of_workouts(pl.col("workout_id") == named["workout_id"])
    elif series and (named := known.row(3, "performed_on")):
        entry = known.between(date.fromisoformat(named["performed_on"]), date.fromisoformat(named["performed_on"]))
    elif weekly and (named := known.row(3, "week_start")):
        monday = date.fromisoformat(named["week_start"])
        entry = known.between(monday, monday + WEEK - DAY)
    else:
        return whole
    return Scope(sessions=entry, through=entry, exercise_id=whole.exercise_id)


def _exercise_on(known: Known) -> Scope | None:
    named, on = known.row(1, "exercise_id"), known.row(2, "performed_on")
    if not named or not on:
        return _exercise(known) if named else None
    day = pl.col("performed_on") == date.fromisoformat(on["performed_on"])
    exercise_id = int(named["exercise_id"])
    sessions = known.of_atoms(day & (pl.col("exercise_id") == exercise_id))
    return Scope(sessions=sessions, through=sessions, exercise_id=exercise_id)


def _index(known: Known) -> Scope | None:
    return _exercise(known) if known.row(2, "exercise_id") else None


def _exercise_row(known: Known) -> Scope | None:
    return _exercise(known) if known.row(1, "exercise_id") else None


def _any_record(known: Known) -> Scope:
    """A session that improved nothing leaves every record as it is, unless others are computed with its bodyweight."""
    return Scope(sessions=set(known.training.improvements.get_column("session")))


def _session_record(known: Known) -> Scope:
    improved = known.training.improvements
    best = improved.filter(pl.col("metric") == records.SESSION_TONNAGE)
    return Scope(sessions=set(best.get_column("session")))


def _muscle(known: Known) -> Scope | None:
    """A muscle's own sessions, and the first ones: complete weeks are counted from them."""
    in_index = known.address.parts[0].name == "index"
    muscle = (known.row(2, "muscle") or {}).get("muscle") if in_index else known.name(1)
    if muscle is None:
        return None
    trains = known.training.muscles.filter(pl.col("muscle") == muscle).get_column("exercise_id")
    hard = known.of_atoms(pl.col("exercise_id").is_in(trains.to_list()) & (pl.col("hard_sets") > 0))
    recent = known.between(date.fromisoformat(known.content["muscles"][muscle]["contributions_from"]), date.max)
    # A muscle without a range is there because of a session, however long ago.
    if known.name(3 if in_index else 2) in _RECENT and len(hard) > 1:
        hard &= recent
    return Scope(sessions=hard | known.first_day, through=set())


def _strength(known: Known) -> Scope:
    """The lifts of its days, and the bodyweight of the last one."""
    lifted = known.between(date.fromisoformat(known.content["strength"]["since"]), known.as_of)
    return Scope(sessions=lifted | known.recorded.in_effect(known.as_of), through=lifted)


def _day(known: Known) -> Scope | None:
    """A day of a series: its window and its days begin and end with the first and last trained ones."""
    named, field = known.row(1, "day"), known.name(2)
    if not named or field is None:
        return None
    ends = known.first_day | known.last_day
    day = date.fromisoformat(named["day"])
    return Scope(sessions=ends | load_candidates.sessions(known.training, field, day), through=set())


def _today(known: Known) -> Scope | None:
    """Numbers of the last seven days, and averages over all; before the first workout there is no day to look at."""
    field = known.name(1)
    if field is None or known.workouts.filter(pl.col("performed_on") <= known.as_of).is_empty():
        return None
    if field in load_candidates.AVERAGES:
        found = load_candidates.sessions(known.training, field, known.as_of)
    else:
        found = known.between(known.as_of - WEEK + DAY, known.as_of)
    return Scope(sessions=found | known.first_day, through=set())


def _trained_day(known: Known) -> Scope | None:
    """What was done on one day."""
    named = known.row(1, "day")
    if not named:
        return None
    day = date.fromisoformat(named["day"])
    sessions = known.between(day, day)
    return Scope(sessions=sessions, through=sessions)


def _compared(known: Known) -> Scope | None:
    """Two periods, from the first day of the earlier to the last day of the later one."""
    compared = known.content["comparisons"][known.name(1)]
    first, last = compared["against"]["first_day"], compared["period"]["last_day"]
    sessions = known.between(date.fromisoformat(first), date.fromisoformat(last))
    return Scope(sessions=sessions, through=sessions)


def _first(known: Known) -> Scope:
    return Scope(sessions=known.first_day, through=set())


def _last(known: Known) -> Scope:
    return Scope(sessions=known.last_day, through=set())


_RULES: Mapping[tuple[str, str], Callable[[Known], Scope | None]] = {
    ("progress", "first_trained_on"): _first,
    ("progress", "last_trained_on"): _last,
    ("progress", "weekly"): _week,
    ("progress", "muscles"): _week,
    ("progress", "daily"): _day,
    ("progress", "today"): _today,
    ("progress", "exercises"): _exercise_row,
    ("e1rm", "exercises"): _exercise_on,
    ("records", "exercises"): _exercise_row,
    ("records", "session_tonnage"): _session_record,
    ("records", "feed"): _any_record,
    ("records", "feed_truncated"): _any_record,
    ("exercises", "index"): _index,
    ("exercises", "exercises"): _page,
    ("muscles", "index"): _muscle,
    ("muscles", "muscles"): _muscle,
    ("athlete", "first_trained_on"): _first,
    ("athlete", "last_trained_on"): _last,
    ("athlete", "days"): _trained_day,
    ("athlete", "comparisons"): _compared,
    ("athlete", "load"): _today,
    ("athlete", "strength"): _strength,
}
