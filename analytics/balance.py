"""The step `balance`: how evenly opposite sides are trained, push and pull, quads and hamstrings, week by week."""

from collections.abc import Mapping
from datetime import date, timedelta

import polars as pl
from msgspec import Struct

from analytics.training import Training
from models.domain.insights import Reason

# Pushing and pulling are movements; quads and hamstrings are muscles, with fractional sets (see metrics.volume).
PATTERNS = {"horizontal_push": "push", "vertical_push": "push", "horizontal_pull": "pull", "vertical_pull": "pull"}
PAIRS = (("push", "pull"), ("quads", "hamstrings"))


class BalanceParams(Struct, frozen=True, kw_only=True):
    """What may be chosen: the ratios are of the last `weeks` calendar weeks, the current one included."""

    weeks: int = 8


class Balance(Struct, frozen=True, kw_only=True):
    """Hard sets of two opposite sides, by week and in sum since `since`, and how many of the first come on one of the
    second. Weeks without either are absent.
    """

    first: str
    second: str
    first_sets: float
    second_sets: float
    ratio: float | None
    ratio_reason: Reason | None
    week_start: tuple[date, ...]
    first_sets_by_week: tuple[float, ...]
    second_sets_by_week: tuple[float, ...]


class BalanceDocument(Struct, frozen=True, kw_only=True):
    """The pairs of sides that should not drift apart."""

    as_of: date
    since: date
    pairs: tuple[Balance, ...]


def balance_v1(training: Training, params: BalanceParams) -> dict[str, Struct]:
    """The document balance."""
    monday = training.as_of - timedelta(days=training.as_of.weekday())
    since = monday - timedelta(weeks=params.weeks - 1)
    sides = milli_sets(training)
    pairs = tuple(_balance(first, second, sides, since) for first, second in PAIRS)
    return {"balance": BalanceDocument(as_of=training.as_of, since=since, pairs=pairs)}


def milli_sets(training: Training) -> Mapping[str, Mapping[date, int]]:
    """Hard sets by side and week, in whole thousandths: what is summed is integers."""
    moved = training.exercises.select(
        "exercise_id", side=pl.col("pattern").replace_strict(PATTERNS, default=None), share_milli=1000
    )
    trained = training.muscles.select("exercise_id", "share_milli", side="muscle")
    shares = pl.concat([moved.drop_nulls("side"), trained], how="diagonal_relaxed")
    hard = training.atoms.select("exercise_id", "week_start", "hard_sets").filter(pl.col("hard_sets") > 0)
    milli = (pl.col("hard_sets").cast(pl.Int64) * pl.col("share_milli")).sum()
    weeks = hard.join(shares, on="exercise_id").group_by("side", "week_start").agg(milli)
    sides: dict[str, dict[date, int]] = {}
    for side, week_start, sets in weeks.iter_rows():
        sides.setdefault(side, {})[week_start] = sets
    return sides


def _balance(first: str, second: str, sides: Mapping[str, Mapping[date, int]], since: date) -> Balance:
    ones, others = sides.get(first, {}), sides.get(second, {})
    one, other = (sum(sets for week, sets in side.items() if week >= since) for side in (ones, others))
    weeks = sorted(ones.keys() | others.keys())
    none = Reason(code="no_sets", text=f"No hard set of {second} since {since}.", values={"side": second})
    return Balance(
        first=first,
        second=second,
        first_sets=one / 1000,
        second_sets=other / 1000,
        ratio=round(one / other, 2) if other else None,
        ratio_reason=None if other else none,
        week_start=tuple(weeks),
        first_sets_by_week=tuple(ones.get(week, 0) / 1000 for week in weeks),
        second_sets_by_week=tuple(others.get(week, 0) / 1000 for week in weeks),
    )
