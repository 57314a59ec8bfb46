"""Periods of training and how two of them differ."""

from datetime import date

from msgspec import Struct

from models.domain.insights import LoadSource, Reason


class DayTotals(Struct, frozen=True, kw_only=True):
    """What was done by trained day, in integers that can be summed over any period; other days are absent.

    Columns of equal length, by day. `sets` are no warm-ups. `volume_g` is the moved grams of the `volume_sets` whose
    volume is known, null where there are none. `effort` is the training load in 600,000ths; of so many of the sessions
    it was `recorded`, of the others derived from the sets.
    """

    day: tuple[date, ...]
    sessions: tuple[int, ...]
    sets: tuple[int, ...]
    hard_sets: tuple[int, ...]
    volume_g: tuple[int | None, ...]
    volume_sets: tuple[int, ...]
    effort: tuple[int, ...]
    recorded: tuple[int, ...]


class PeriodTotals(Struct, frozen=True, kw_only=True):
    """What was done from `first_day` to `last_day`, both included.

    `tonnage_kg` is that of the sets whose moved load is known, null where it is of none of them;
    `sets_without_tonnage` counts the others. `load` is in arbitrary units (RPE x minutes), in hundredths;
    `load_source` tells whether it was recorded or derived from the sets.
    """

    first_day: date
    last_day: date
    days: int
    sessions: int
    sets: int
    hard_sets: int
    tonnage_kg: float | None
    sets_without_tonnage: int
    load: float
    load_source: LoadSource


class Difference(Struct, frozen=True, kw_only=True):
    """A period's total less that of the one it is compared with, and in percent of that one, in hundredths.

    `reason` says why one or both are null.
    """

    difference: float | None
    percent: float | None
    reason: Reason | None


class PeriodComparison(Struct, frozen=True, kw_only=True):
    """A period beside another. Totals are compared as they are, however many days each has."""

    period: PeriodTotals
    against: PeriodTotals
    sessions: Difference
    sets: Difference
    hard_sets: Difference
    tonnage: Difference
    load: Difference
