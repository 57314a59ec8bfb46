"""The ratios of acute to chronic load as the athlete's page states them, never without their caveat."""

from collections.abc import Callable, Sequence
from datetime import date

import polars as pl

from analytics.documents import load_days
from analytics.metrics import acwr
from analytics.metrics.outcome import Outcome, Why
from models.domain.athlete_progress import Acwr, AcwrRatio
from models.domain.insights import Formula, Reason

_FORMULAS: tuple[tuple[Formula, Callable[[Sequence[float]], Outcome]], ...] = (
    (Formula(name="acwr_coupled", version=1), acwr.coupled),
    (Formula(name="acwr_uncoupled", version=1), acwr.uncoupled),
    (Formula(name="acwr_ewma", version=1), acwr.ewma),
)
_TEXTS = {
    Why.TOO_FEW_DAYS: "The ratio needs 28 days since the first workout.",
    Why.NO_LOAD_BEFORE: "There was no load to compare with.",
}


def acwr_on(days: pl.DataFrame, on: date) -> Acwr:
    """Of the daily loads up to a day, rest days among them."""
    known = days.filter(pl.col("day") <= on)
    loads: list[float] = known.get_column("load").to_list()
    source = load_days.source(known.tail(acwr.CHRONIC_DAYS))
    return Acwr(
        caveat=acwr.CAVEAT, source=source, ratios=tuple(_ratio(formula, ratio(loads)) for formula, ratio in _FORMULAS)
    )


def _ratio(formula: Formula, found: Outcome) -> AcwrRatio:
    if found.value is not None:
        return AcwrRatio(formula=formula, ratio=round(found.value, 2), reason=None)
    why = found.reason or Why.OUT_OF_RANGE
    text = _TEXTS.get(why, "The loads are outside what the ratio is defined for.")
    return AcwrRatio(formula=formula, ratio=None, reason=Reason(code=why.value, text=text, values={}))
