"""Why an exercise has no e1RM to go on from: the need of the formula that most of its sets did not meet."""

from collections import Counter

import polars as pl

from analytics.estimators.protocol import Unknown
from analytics.metrics import e1rm, volume
from models.domain.exercises import LOAD_MODE_CODES, LoadMode

_BAND, _UNITS = LOAD_MODE_CODES[LoadMode.BAND], LOAD_MODE_CODES[LoadMode.MACHINE_UNITS]
_ASSISTED = LOAD_MODE_CODES[LoadMode.ASSISTED]
_TEXTS = {
    "band": "A band's resistance is not known in kilograms.",
    "no_kilograms": "The load of this exercise is not in kilograms.",
    "only_holds": "The sets are holds: they have a duration and no reps, which the formula needs.",
    "no_reps": "No reps were recorded with this exercise.",
    "all_failed": "Every set was a failed attempt of 0 reps.",
    "not_full_reps": "The sets are partial, cluster or myo-reps, which say nothing about one full rep.",
    "no_assistance": "The assistance was not recorded with this exercise.",
    "bodyweight_unknown": "Your bodyweight is unknown: record it with a workout, and this exercise gets an e1RM.",
    "no_load": "No load was recorded with this exercise.",
    "reps_out_of_domain": "The sets are outside 1 to 12 reps, where an e1RM means something.",
    "different": "The sets lack different things: a load, reps from 1 to 12, or full reps.",
}


def why(sets: pl.DataFrame) -> Unknown:
    """The cause, by the sets that are no warm-ups, from `metrics.atoms.enriched`; none of them has an e1RM."""
    counted = Counter(sets.filter(volume.is_working()).select(_cause()).to_series().to_list())
    (code, times), *_ = counted.most_common(1) or [("no_load", 0)]
    if 2 * times < counted.total():
        code = "different"
    values = {"max_effective_reps": e1rm.MAX_EFFECTIVE_REPS} if code == "reps_out_of_domain" else {}
    return Unknown(code=code, text=_TEXTS[code], values={**values, "sets": times, "of_sets": counted.total()})


def later(unknown: Unknown, gap_days: int) -> Unknown:
    """The cause where there was an e1RM once: what the sets since then lack."""
    text = f"The last set with an e1RM was {gap_days} days ago. Since then: {unknown.text}"
    return Unknown(code=unknown.code, text=text, values={**unknown.values, "gap_days": gap_days})


def _cause() -> pl.Expr:
    """The first need that a set does not meet."""
    mode, reps = pl.col("mode"), pl.col("reps")
    return (
        pl.when(mode == _BAND)
        .then(pl.lit("band"))
        .when(mode == _UNITS)
        .then(pl.lit("no_kilograms"))
        .when(reps.is_null() & pl.col("duration_ms").is_not_null())
        .then(pl.lit("only_holds"))
        .when(reps.is_null())
        .then(pl.lit("no_reps"))
        .when(reps == 0)
        .then(pl.lit("all_failed"))
        .when(pl.col("kind").is_in(e1rm.NO_E1RM_KINDS))
        .then(pl.lit("not_full_reps"))
        .when((mode == _ASSISTED) & pl.col("load_g").is_null())
        .then(pl.lit("no_assistance"))
        .when(mode.is_in(volume.BODYWEIGHT_MODES) & pl.col("moved_g").is_null())
        .then(pl.lit("bodyweight_unknown"))
        .when(pl.col("moved_g").fill_null(0) == 0)
        .then(pl.lit("no_load"))
        .otherwise(pl.lit("reps_out_of_domain"))
    )
