"""Records again, set by set in plain exact integers and fractions; knows nothing of analytics."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from fractions import Fraction

# Athlete, exercise (none: all of a session), kind, session, value, previous value.
Record = tuple[int, int | None, int, int, Fraction, Fraction]
# Athlete, session, exercise, working or warm-up, reps, grams, reps in reserve in tenths.
PlainSet = tuple[int, int, int, bool, int, int, int | None]
E1RM, SET_VOLUME, EXERCISE_VOLUME, TONNAGE = 13, 14, 15, 16


def records(sets: Iterable[PlainSet]) -> set[Record]:
    """Whatever is greater than everything of its kind in the athlete's sessions before."""
    by_session: dict[tuple[int, int], list[PlainSet]] = defaultdict(list)
    for one in sets:
        if one[3]:
            by_session[one[0], one[1]].append(one)
    standing: dict[tuple[int, int | None, int], Fraction] = {}
    found: set[Record] = set()
    for athlete, session in sorted(by_session):
        for (exercise, kind), value in _bests(by_session[athlete, session]).items():
            previous = standing.get((athlete, exercise, kind))
            if previous is not None and value > previous:
                found.add((athlete, exercise, kind, session, value, previous))
            if previous is None or value > previous:
                standing[athlete, exercise, kind] = value
    return found


def _bests(sets: Sequence[PlainSet]) -> dict[tuple[int | None, int], Fraction]:
    """The best of a session by exercise and kind; nothing of no load."""
    bests: dict[tuple[int | None, int], Fraction] = {}
    volumes: dict[int | None, int] = defaultdict(int)
    for _, _, exercise, _, reps, grams, reserve in sets:
        values = {(exercise, n): Fraction(grams) for n in range(1, min(reps, 12) + 1)}
        values[exercise, SET_VOLUME] = Fraction(reps * grams)
        values[exercise, E1RM] = _epley(reps, grams, reserve)
        for key, value in values.items():
            bests[key] = max(value, bests.get(key, value))
        volumes[exercise] += reps * grams
        volumes[None] += reps * grams
    totals = {(of, TONNAGE if of is None else EXERCISE_VOLUME): Fraction(grams) for of, grams in volumes.items()}
    return {key: value for key, value in (bests | totals).items() if value > 0}


def _epley(reps: int, grams: int, reserve: int | None) -> Fraction:
    """Grams, of 1 to 10 effective reps; else nothing."""
    effective = Fraction(10 * reps + (reserve or 0), 10)
    if reps < 1 or effective > 10:
        return Fraction(0)
    return Fraction(grams) if effective == 1 else grams * (1 + effective / 30)
