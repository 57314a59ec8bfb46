"""Progress of an athlete: consistency, periods compared, strength scores, and the load carried today."""

from datetime import date

from msgspec import Struct

from models.domain.insights import Formula, LoadSource, LoadToday, Reason
from models.domain.periods import DayTotals, PeriodComparison
from models.domain.strength import Strength


class SessionRate(Struct, frozen=True, kw_only=True):
    """Sessions in the last `weeks` x 7 days up to `as_of`, and a week.

    The rate is null, with a reason, where the first workout is not that long ago.
    """

    weeks: int
    sessions: int
    sessions_per_week: float | None
    reason: Reason | None


class Streak(Struct, frozen=True, kw_only=True):
    """Weeks on end with a workout in each; weeks begin on Monday."""

    weeks: int
    first_week_start: date
    last_week_start: date


class Layoff(Struct, frozen=True, kw_only=True):
    """Days on end without a workout, from the first to the last of them; `ongoing` where no workout has ended it."""

    first_day: date
    last_day: date
    days: int
    ongoing: bool


class Consistency(Struct, frozen=True, kw_only=True):
    """How regular the training is.

    The current streak ends this week or, while this week has no workout yet, the week before; null where it is over. Of
    equally long streaks the latest is the longest. Layoffs have `layoff_days` days or more, the latest first.
    """

    four_weeks: SessionRate
    twelve_weeks: SessionRate
    current_streak: Streak | None
    longest_streak: Streak | None
    layoff_days: int
    layoffs: tuple[Layoff, ...]
    days_since_last_session: int | None


class Comparisons(Struct, frozen=True, kw_only=True):
    """The last 4 and 12 weeks up to `as_of` with those before, and this week so far with the same days a week ago."""

    four_weeks: PeriodComparison
    twelve_weeks: PeriodComparison
    this_week: PeriodComparison


class AcwrRatio(Struct, frozen=True, kw_only=True):
    """A ratio of acute to chronic load in hundredths; null with its reason."""

    formula: Formula
    ratio: float | None
    reason: Reason | None


class Acwr(Struct, frozen=True, kw_only=True):
    """Acute to chronic workload: the last 7 days' load beside the last 28 days'. `caveat` belongs to every showing.

    `source` tells whether the load of the 28 days was recorded or derived from the sets.
    """

    caveat: str
    source: LoadSource
    ratios: tuple[AcwrRatio, ...]


class AthleteDocument(Struct, frozen=True, kw_only=True):
    """The athlete's page. Consistency, comparisons and load are null before the first workout.

    `acwr` is null unless the profile asks for it: `acwr_reason`. `days` are what any two periods are compared by.
    """

    as_of: date
    first_trained_on: date | None
    last_trained_on: date | None
    sessions: int
    consistency: Consistency | None
    comparisons: Comparisons | None
    strength: Strength
    load: LoadToday | None
    acwr: Acwr | None
    acwr_reason: Reason | None
    days: DayTotals
