"""Training load as the progress document shows it: the series of days, and today's state."""

from datetime import date

import polars as pl

from analytics.metrics import load
from models.domain.insights import DailyLoad, LoadSource, LoadToday, Reason

_SOURCES = {
    load.REST: LoadSource.REST,
    load.DERIVED: LoadSource.DERIVED,
    load.RECORDED: LoadSource.RECORDED,
    load.MIXED: LoadSource.MIXED,
}


def shown(days: pl.DataFrame, *, until: date, limit: int) -> DailyLoad:
    """The last `limit` days up to `until`, in hundredths."""
    rows = days.filter(pl.col("day") <= until).tail(limit)
    return DailyLoad(
        first_day=rows.item(0, "day"),
        derivation=load.DERIVATION,
        load=_hundredths(rows, "load"),
        source=tuple(_SOURCES[code] for code in rows.get_column("source")),
        fitness=_hundredths(rows, "fitness"),
        fatigue=_hundredths(rows, "fatigue"),
        form=_hundredths(rows, "form"),
    )


def today(days: pl.DataFrame, *, on: date) -> LoadToday:
    """The state on a day; workouts dated after it (athletes travel) are left out."""
    known = days.filter(pl.col("day") <= on).height
    last_week = days.head(known).tail(7)
    week = last_week.get_column("load").to_list()
    # Before the first day there is neither fitness nor fatigue.
    state = days.row(known - 1, named=True) if known else {"fitness": 0.0, "fatigue": 0.0, "form": 0.0}
    sameness, hardship = (load.monotony(week), load.strain(week)) if len(week) == 7 else (None, None)
    return LoadToday(
        fitness=_hundredth(state["fitness"]),
        fatigue=_hundredth(state["fatigue"]),
        form=_hundredth(state["form"]),
        week_load=_hundredth(sum(week)),
        week_source=source(last_week),
        derivation=load.DERIVATION,
        monotony=None if sameness is None else _hundredth(sameness),
        strain=None if hardship is None else _hundredth(hardship),
        monotony_reason=None if sameness is not None else _no_monotony(len(week)),
    )


def source(days: pl.DataFrame) -> LoadSource:
    """Where the load of all these days comes from."""
    trained = set(days.get_column("source")) - {load.REST}
    return _SOURCES[trained.pop() if len(trained) == 1 else load.MIXED if trained else load.REST]


def _no_monotony(days: int) -> Reason:
    if days < 7:
        return Reason(code="too_few_days", text="Monotony needs seven days.", values={"days": days})
    return Reason(code="all_days_alike", text="All seven days had the same load.", values={"days": days})


def _hundredths(rows: pl.DataFrame, name: str) -> tuple[float, ...]:
    return tuple(_hundredth(value) for value in rows.get_column(name))


def _hundredth(value: float) -> float:
    return round(value, 2) + 0.0
