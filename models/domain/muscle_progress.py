"""Progress of a muscle: its weekly fractional hard sets against the range of the athlete's level.

A direct target counts 1, an indirect one 0.5. Weeks begin on Monday; the week of `as_of` is this week, the ones before
it are complete.
"""

from datetime import date
from enum import StrEnum

from msgspec import Struct

from models.domain.field_profiles import Level
from models.domain.insights import Reason
from models.domain.set_ranges import SetRange


class RangeStatus(StrEnum):
    BELOW = "below"
    WITHIN = "within"
    ABOVE = "above"


class WeeklySets(Struct, frozen=True, kw_only=True):
    """Fractional hard sets of a week, or a week on average of several, in hundredths or finer.

    `status` is null for a muscle without a range. `junk_volume`: more than anybody gains from.
    """

    hard_sets: float
    status: RangeStatus | None
    junk_volume: bool


class MuscleWeekSeries(Struct, frozen=True, kw_only=True):
    """Every week from the first with the muscle to the last one; untrained weeks between them are zeros.

    `sessions` are the workouts with a hard set of the muscle.
    """

    first_week_start: date
    hard_sets: tuple[float, ...]
    sessions: tuple[int, ...]


class Contribution(Struct, frozen=True, kw_only=True):
    """What one exercise gave a muscle: its hard sets, what they count for the muscle, and the share of all."""

    exercise_id: int
    exercise: str
    sets: int
    hard_sets: float
    share_percent: float


class MuscleEntry(Struct, frozen=True, kw_only=True):
    """A muscle in the index. `this_week` is what was done so far; the others are of complete weeks.

    `four_weeks` and `sessions_per_week` are means of the last `weeks_averaged` complete weeks, at most four and none
    before the athlete's first; with `last_week` they are null, with the index's `weeks_reason`, before there is one.
    """

    muscle: str
    range: SetRange | None
    last_trained_on: date | None
    this_week: WeeklySets
    last_week: WeeklySets | None
    four_weeks: WeeklySets | None
    weeks_averaged: int
    sessions_per_week: float | None


class MuscleDetail(Struct, frozen=True, kw_only=True):
    """All about one muscle. A null `range` has its `range_reason`; `weekly` is null where it was never trained.

    `contributions` are of the last four complete weeks and this one, from `contributions_from` on, the most first.
    """

    muscle: str
    level: Level
    range: SetRange | None
    range_reason: Reason | None
    junk_volume_above_sets: int
    last_trained_on: date | None
    this_week_start: date
    this_week: WeeklySets
    sessions_this_week: int
    last_week: WeeklySets | None
    four_weeks: WeeklySets | None
    weeks_averaged: int
    sessions_per_week: float | None
    weeks_reason: Reason | None
    weekly: MuscleWeekSeries | None
    contributions_from: date
    contributions: tuple[Contribution, ...]


class MuscleIndex(Struct, frozen=True, kw_only=True):
    """The muscles that were trained or have a range; empty before the first workout."""

    level: Level
    this_week_start: date
    junk_volume_above_sets: int
    weeks_reason: Reason | None
    muscles: tuple[MuscleEntry, ...]


class MusclesDocument(Struct, frozen=True, kw_only=True):
    """The index, and the muscles by their name."""

    as_of: date
    index: MuscleIndex
    muscles: dict[str, MuscleDetail]
