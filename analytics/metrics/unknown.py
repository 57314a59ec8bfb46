"""Why a set has no e1RM: the first need of the formula that it does not meet, counted in packed integers.

Twelve bits a cause, five causes an integer: sums of them are sums of each, exact in any order.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

import polars as pl

from analytics.metrics import e1rm, volume
from models.domain.exercises import LOAD_MODE_CODES, LoadMode

CAUSES = (
    *("band", "no_kilograms", "only_holds", "no_reps", "all_failed"),
    *("not_full_reps", "no_assistance", "bodyweight_unknown", "no_load", "reps_out_of_domain"),
)
_HALF, _BITS = 5, 12
_BAND, _UNITS = LOAD_MODE_CODES[LoadMode.BAND], LOAD_MODE_CODES[LoadMode.MACHINE_UNITS]
_ASSISTED = LOAD_MODE_CODES[LoadMode.ASSISTED]


def packed() -> dict[str, pl.Expr]:
    """`unknown_low`, `unknown_high`: one in the place of the cause, of working sets without an e1RM; else 0.

    Reads `mode`, `reps`, `kind`, `duration_ms`, `load_g`, `moved_g`, `e1rm_key`.
    """
    counts = volume.is_working() & pl.col("e1rm_key").is_null()
    places = [1 << _BITS * at for at in range(_HALF)]
    none = [0] * _HALF
    low, high = _by_cause(places + none), _by_cause(none + places)
    zero = pl.lit(0, pl.Int64)
    return {
        "unknown_low": pl.when(counts).then(low).otherwise(zero),
        "unknown_high": pl.when(counts).then(high).otherwise(zero),
    }


def counted(low: Iterable[int], high: Iterable[int]) -> Counter[str]:
    """How many sets lacked what, from the packed sums of any number of rows.

    >>> counted([1, 1 << 12], [2])
    Counter({'not_full_reps': 2, 'band': 1, 'no_kilograms': 1})
    """
    causes: Counter[str] = Counter()
    for names, sums in ((CAUSES[:_HALF], low), (CAUSES[_HALF:], high)):
        for packed_sum in sums:
            for at, name in enumerate(names):
                if times := packed_sum >> (_BITS * at) & (1 << _BITS) - 1:
                    causes[name] += times
    return causes


def _by_cause(values: Sequence[int]) -> pl.Expr:
    """The value of the first of CAUSES that holds; the last one is every other."""
    mode, reps = pl.col("mode"), pl.col("reps")
    needs = (
        mode == _BAND,
        mode == _UNITS,
        reps.is_null() & pl.col("duration_ms").is_not_null(),
        reps.is_null(),
        reps == 0,
        pl.col("kind").is_in(e1rm.NO_E1RM_KINDS),
        (mode == _ASSISTED) & pl.col("load_g").is_null(),
        mode.is_in(volume.BODYWEIGHT_MODES) & pl.col("moved_g").is_null(),
        pl.col("moved_g").fill_null(0) == 0,
    )
    value = pl.lit(values[-1], pl.Int64)
    for need, own in reversed(tuple(zip(needs, values, strict=False))):
        value = pl.when(need).then(pl.lit(own, pl.Int64)).otherwise(value)
    return value
