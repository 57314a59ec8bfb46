"""Plates: which of the athlete's own make a load, by exact search and not by taking the largest first.

Masses are whole grams, loads go up to a ton. Where there is no loading, a reason.
"""

from collections.abc import Mapping
from math import floor, isfinite

from msgspec import Struct

from analytics.metrics.outcome import Undefined, Why, demand, formula, positive

MOST_G = 1_000_000


class Loading(Struct, frozen=True, kw_only=True):
    """What hangs on each side, heaviest first, and the whole load, bar included, in grams; or null and why."""

    side_g: tuple[int, ...] | None
    total_g: int | None
    reason: Why | None = None


def loading(target_g: int, bar_g: int, pairs: Mapping[int, int]) -> Loading:
    """The heaviest load not above the target, of pairs by their plate's grams; of equal ones that of fewest plates, and
    then the one with the heavier plates first.

    >>> loading(80_000, 20_000, {25_000: 1, 20_000: 1, 10_000: 1})
    Loading(side_g=(20000, 10000), total_g=80000, reason=None)
    >>> loading(15_000, 20_000, {25_000: 1}).reason
    <Why.BAR_TOO_HEAVY: 'bar_too_heavy'>
    """
    try:
        _check(target_g, bar_g)
    except Undefined as undefined:
        return Loading(side_g=None, total_g=None, reason=undefined.why)
    sides = _subsets((target_g - bar_g) // 2, pairs)
    return _hung(bar_g, max(sides), sides)


def nearest(target_g: int, bar_g: int, pairs: Mapping[int, int]) -> Loading:
    """The load nearest to the target; of equally near ones the lighter.

    >>> nearest(97_300, 20_000, {25_000: 1, 10_000: 1, 2_500: 1, 1_250: 1}).total_g
    97500
    """
    try:
        _check(target_g, bar_g)
    except Undefined as undefined:
        return Loading(side_g=None, total_g=None, reason=undefined.why)
    # The lightest load above the target is one plate a side away from a load that is not.
    most_g = min(target_g + 2 * max((0, *pairs)), MOST_G)
    sides = _subsets((most_g - bar_g) // 2, pairs)
    return _hung(bar_g, min(sides, key=lambda side_g: (abs(bar_g + 2 * side_g - target_g), side_g)), sides)


@formula
def rounded(load: float, step: float) -> float:
    """The multiple of a step nearest to a load, of equally near ones the greater, in their unit; load >= 0, step > 0.

    For racks and stacks of equal steps; what hangs on a bar is asked of `nearest`.

    >>> rounded(162.2, 1.25).value, rounded(44.092452, 2.5).value, rounded(100, 0).reason
    (162.5, 45.0, <Why.NOT_POSITIVE: 'not_positive'>)
    """
    demand(isfinite(load) and load >= 0)
    return floor(load / positive(step) + 0.5) * step


def _check(target_g: int, bar_g: int) -> None:
    demand(bar_g >= 0 and target_g <= MOST_G)
    demand(bar_g <= target_g, Why.BAR_TOO_HEAVY)


def _hung(bar_g: int, side_g: int, sides: Mapping[int, tuple[int, ...]]) -> Loading:
    return Loading(side_g=sides[side_g], total_g=bar_g + 2 * side_g)


def _subsets(most_g: int, pairs: Mapping[int, int]) -> dict[int, tuple[int, ...]]:
    """Every weight of one side up to the most, with the fewest plates that make it, heaviest first."""
    made: dict[int, tuple[int, ...]] = {0: ()}
    for plate_g in sorted((plate for plate in pairs if plate > 0), reverse=True):
        for _ in range(min(pairs[plate_g], most_g // plate_g)):
            for side_g, plates in list(made.items()):
                heavier, more = side_g + plate_g, (*plates, plate_g)
                if heavier <= most_g and (heavier not in made or _handier(more, made[heavier])):
                    made[heavier] = more
    return made


def _handier(plates_g: tuple[int, ...], others_g: tuple[int, ...]) -> bool:
    """Fewer plates, or as many with the heavier ones innermost."""
    return (-len(plates_g), plates_g) > (-len(others_g), others_g)
