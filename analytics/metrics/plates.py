"""Plates: which of the athlete's own make a load, by exact search and not by taking the largest first."""

from collections.abc import Mapping

from msgspec import Struct

MOST_G = 1_000_000


class Loading(Struct, frozen=True, kw_only=True):
    """What hangs on each side, heaviest first, and the whole load, bar included; grams."""

    side_g: tuple[int, ...]
    total_g: int


def loading(target_g: int, bar_g: int, pairs: Mapping[int, int]) -> Loading | None:
    """The heaviest load not above the target, of pairs by their plate's grams; of equal ones that of fewest plates, and
    then the one with the heavier plates first.

    Null where the bar alone is too heavy. Loads of up to a ton.

    >>> loading(100_000, 20_000, {25_000: 1, 20_000: 1, 15_000: 1, 10_000: 1, 5_000: 1})
    Loading(side_g=(25000, 15000), total_g=100000)
    >>> loading(80_000, 20_000, {25_000: 1, 20_000: 1, 10_000: 1}).side_g
    (20000, 10000)
    """
    if not 0 <= bar_g <= target_g <= MOST_G:
        return None
    best = _subsets((target_g - bar_g) // 2, pairs)
    side = max(best)
    return Loading(side_g=best[side], total_g=bar_g + 2 * side)


def nearest(target_g: int, bar_g: int, pairs: Mapping[int, int]) -> Loading | None:
    """The load nearest to the target; of equally near ones the lighter. Null where the bar alone is too heavy.

    >>> nearest(97_300, 20_000, {25_000: 1, 10_000: 1, 2_500: 1, 1_250: 1}).total_g
    97500
    """
    below = loading(target_g, bar_g, pairs)
    heaviest = 2 * max(pairs, default=0)
    within = _subsets((min(target_g + heaviest, MOST_G) - bar_g) // 2, pairs) if below else {}
    above = min((side for side in within if bar_g + 2 * side > target_g), default=None)
    if below is None or above is None or target_g - below.total_g <= bar_g + 2 * above - target_g:
        return below
    return Loading(side_g=within[above], total_g=bar_g + 2 * above)


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
