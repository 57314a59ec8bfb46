"""Estimated one-repetition maximum (e1RM): what could be lifted once, from a load and the reps done with it.

Shared by all formulas: load > 0; the effective reps are reps + RIR where RIR is known (Zourdos 2016), and lie in 1..12;
one effective rep is the load itself. Outside there is no estimate, and a reason: never NaN, never infinity.
"""

from collections.abc import Callable
from enum import StrEnum
from math import exp

import polars as pl
from msgspec import Struct

from models.domain.insights import Formula
from models.domain.workouts import SET_KIND_CODES, SetKind

MAX_EFFECTIVE_REPS = 12
# Ten tonnes in grams: in no unit is there a greater load.
MOST_LOAD = 1e7
MAX_RECORD_REPS = 10
EPLEY = Formula(name="epley", version=1)

# Half reps and rests inside the set say nothing about one full rep.
NO_E1RM_KINDS = tuple(
    SET_KIND_CODES[kind] for kind in (SetKind.WARM_UP, SetKind.PARTIAL, SetKind.CLUSTER, SetKind.MYO_REP)
)


class NoEstimate(StrEnum):
    """Why there is no e1RM."""

    NO_LOAD = "no_load"
    NO_REPS = "no_reps"
    OUT_OF_RANGE = "out_of_range"
    TOO_MANY_REPS = "too_many_reps"


class Estimate(Struct, frozen=True):
    """An e1RM in the unit of the load, or null and the reason."""

    value: float | None
    reason: NoEstimate | None


def epley(load: float, reps: float) -> float:
    """w(1 + r/30), Epley 1985.

    >>> round(epley(100, 5), 4)
    116.6667
    """
    return load * (1 + reps / 30)


def brzycki(load: float, reps: float) -> float:
    """36w / (37 - r), Brzycki 1993, JOPERD 64(1) 88-90; its pole at 37 reps lies outside the domain.

    >>> round(brzycki(100, 5), 4)
    112.5
    """
    return 36 * load / (37 - reps)


def lombardi(load: float, reps: float) -> float:
    """w r^0.10, Lombardi 1989.

    >>> round(lombardi(100, 5), 4)
    117.4619
    """
    return load * reps**0.10


def oconner(load: float, reps: float) -> float:
    """w(1 + 0.025r), O'Conner 1989.

    >>> round(oconner(100, 5), 4)
    112.5
    """
    return load * (1 + 0.025 * reps)


def wathan(load: float, reps: float) -> float:
    """100w / (48.8 + 53.8 e^(-0.075r)), Wathan 1994, NSCA Essentials.

    >>> round(wathan(100, 5), 4)
    116.5825
    """
    return 100 * load / (48.8 + 53.8 * exp(-0.075 * reps))


def mayhew(load: float, reps: float) -> float:
    """100w / (52.2 + 41.9 e^(-0.055r)), Mayhew 1992.

    >>> round(mayhew(100, 5), 4)
    119.0107
    """
    return 100 * load / (52.2 + 41.9 * exp(-0.055 * reps))


def lander(load: float, reps: float) -> float:
    """100w / (101.3 - 2.67123r), Lander 1985.

    >>> round(lander(100, 5), 4)
    113.7089
    """
    return 100 * load / (101.3 - 2.67123 * reps)


FORMULAS: tuple[Callable[[float, float], float], ...] = (epley, brzycki, lombardi, oconner, wathan, mayhew, lander)


def estimate(
    formula: Callable[[float, float], float], load: float | None, reps: int | None, rir: float | None = None
) -> Estimate:
    """The formula within its domain; unknown RIR counts as none in reserve, and there is no RIR below none.

    >>> estimate(epley, 100, 1).value, estimate(brzycki, 100, 40).reason
    (100, <NoEstimate.TOO_MANY_REPS: 'too_many_reps'>)
    >>> round(estimate(epley, 100, 5, rir=2).value, 4)
    123.3333
    """
    if load is None or load <= 0:
        return Estimate(None, NoEstimate.NO_LOAD)
    if reps is None or reps < 1:
        return Estimate(None, NoEstimate.NO_REPS)
    if not (load <= MOST_LOAD and (rir is None or rir >= 0)):
        return Estimate(None, NoEstimate.OUT_OF_RANGE)
    effective = reps + (rir or 0)
    if effective > MAX_EFFECTIVE_REPS:
        return Estimate(None, NoEstimate.TOO_MANY_REPS)
    return Estimate(load if effective == 1 else formula(load, effective), None)


def load_at(e1rm: float, reps: float) -> float:
    """The load that Epley expects for that many effective reps at this e1RM: the inverse of `epley`.

    >>> round(load_at(epley(100, 5), 5), 9), load_at(100, 1)
    (100.0, 100)
    """
    return e1rm if reps == 1 else e1rm / (1 + reps / 30)


def key_g(key: int) -> int:
    """An Epley key (300ths of a gram) in whole grams."""
    return (key + 150) // 300


def key_kg(key: int) -> float:
    """An Epley key (300ths of a gram) in kilograms, to the gram.

    >>> key_kg(100_000 * (300 + 50))
    116.667
    """
    return key_g(key) / 1000


def effective_tenths() -> pl.Expr:
    """Effective reps in tenths: reps + RIR, or + 10 - RPE, or the reps alone. Int32."""
    reserve = pl.coalesce("rir_tenths", 100 - pl.col("rpe_tenths"), pl.lit(0, pl.Int16))
    return pl.col("reps") * 10 + reserve


def epley_key() -> pl.Expr:
    """Epley's e1RM of a set as an exact integer in 300ths of a gram, so that ties are ties; null outside the domain.

    Reads `moved_g`, `reps`, `effective_tenths`, `kind`. A single is 300 x grams, else grams x (300 + tenths): an Int32
    holds the key of 5 tonnes.
    """
    tenths = pl.col("effective_tenths")
    within = (
        (pl.col("moved_g") > 0)
        & (pl.col("reps") >= 1)
        & (tenths <= MAX_EFFECTIVE_REPS * 10)
        & ~pl.col("kind").is_in(NO_E1RM_KINDS)
    )
    return pl.when(within).then(pl.col("moved_g") * pl.when(tenths == 10).then(300).otherwise(300 + tenths))


def record_key() -> pl.Expr:
    """The key where it may be a record: within 10 effective reps. Reads `e1rm_key`, `effective_tenths`."""
    return pl.when(pl.col("effective_tenths") <= MAX_RECORD_REPS * 10).then("e1rm_key")


# A best set in one integer, so that one max over rows finds it: key, reps (4 bits), effective tenths (7), mode (3).
def packed_best() -> pl.Expr:
    """The key with its set below it; of equal e1RMs the set with more reps is the greater."""
    below = pl.col("reps") * 1024 + pl.col("effective_tenths") * 8 + pl.col("mode")
    return pl.col("e1rm_key").cast(pl.Int64) * 16384 + below


def unpacked_best(packed: str) -> tuple[pl.Expr, ...]:
    """`e1rm_key`, `best_reps`, `best_tenths`, `best_mode` of a packed best."""
    best = pl.col(packed)
    return (
        (best // 16384).alias("e1rm_key"),
        (best // 1024 % 16).alias("best_reps"),
        (best // 8 % 128).alias("best_tenths"),
        (best % 8).alias("best_mode"),
    )


def best_moved_g() -> pl.Expr:
    """The moved load of the best set: the key's formula backwards, exactly. Reads `e1rm_key`, `best_tenths`."""
    tenths = pl.col("best_tenths")
    return (pl.col("e1rm_key") // pl.when(tenths == 10).then(300).otherwise(300 + tenths)).alias("best_moved_g")
