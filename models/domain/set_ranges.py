"""Weekly fractional hard sets by muscle: the range that a muscle grows in, by the athlete's level.

A direct target counts 1, an indirect one 0.5 (Pelland 2024). A muscle that is not listed has no range of its own.
"""

from msgspec import Struct

from models.domain.exercises import Muscle
from models.domain.field_profiles import Level

# Above this, further sets of a week are junk volume.
JUNK_VOLUME_ABOVE_SETS = 22


class SetRange(Struct, frozen=True, kw_only=True):
    """Fractional hard sets a week, both bounds inside the range."""

    low_sets: int
    high_sets: int


# Muscle: beginner low, high; from intermediate on low, high.
_RANGES: dict[Muscle, tuple[int, int, int, int]] = {
    Muscle.CHEST: (8, 12, 10, 20),
    Muscle.BACK: (8, 14, 10, 22),
    Muscle.QUADS: (6, 12, 8, 18),
    Muscle.HAMSTRINGS: (4, 10, 6, 14),
    Muscle.GLUTES: (4, 10, 6, 16),
    Muscle.SHOULDERS: (6, 12, 8, 18),
    Muscle.TRICEPS: (4, 10, 6, 14),
    Muscle.BICEPS: (4, 10, 6, 14),
    Muscle.CALVES: (0, 6, 6, 12),
    Muscle.ABS: (0, 6, 4, 10),
    Muscle.FOREARMS: (0, 0, 0, 4),
}


def range_of(muscle: Muscle, level: Level) -> SetRange | None:
    """The range of a muscle at a level, or null where there is none.

    >>> range_of(Muscle.QUADS, Level.ADVANCED)
    SetRange(low_sets=8, high_sets=18)
    >>> range_of(Muscle.NECK, Level.BEGINNER) is None
    True
    """
    if muscle not in _RANGES:
        return None
    low, high = _RANGES[muscle][:2] if level is Level.BEGINNER else _RANGES[muscle][2:]
    return SetRange(low_sets=low, high_sets=high)
