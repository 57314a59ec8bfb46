"""Why an exercise has no e1RM to go on from: the need of the formula that most of its sets did not meet."""

import polars as pl

from analytics.estimators.protocol import Unknown
from analytics.metrics import e1rm, unknown

_TEXTS = {
    "band": "A band's resistance is not known in kilograms.",
    "no_kilograms": "The load of this exercise is not in kilograms.",
    "only_holds": "The sets are holds: they have a duration and no reps, which the formula needs.",
    "no_reps": "No reps were recorded with this exercise.",
    "all_failed": "Every set was a failed attempt of 0 reps.",
    "not_full_reps": "The sets are partial, cluster or myo-reps, which say nothing about one full rep.",
    "no_assistance": "The assistance was not recorded with this exercise.",
    "bodyweight_unknown": "Your bodyweight is unknown: record it with a workout, and this exercise gets an e1RM.",
    "no_load": "No load above 0 kg is known: none was recorded, or the assistance was more than the body's share.",
    "reps_out_of_domain": "With those in reserve the reps are more than 12: beyond that an e1RM means nothing.",
    "only_warm_ups": "Only warm-ups were recorded with this exercise.",
    "different": "The sets lack different things: a load, reps from 1 to 12, or full reps.",
}


def why(atoms: pl.DataFrame) -> Unknown:
    """The cause, by the sets that are no warm-ups; none of them has an e1RM. Of equally frequent ones the first."""
    causes = unknown.counted(atoms.get_column("unknown_low"), atoms.get_column("unknown_high"))
    code, times = max(((name, causes[name]) for name in unknown.CAUSES), key=lambda cause: cause[1])
    if times == 0:
        code = "only_warm_ups"
    elif 2 * times < causes.total():
        code = "different"
    values = {"max_effective_reps": e1rm.MAX_EFFECTIVE_REPS} if code == "reps_out_of_domain" else {}
    return Unknown(code=code, text=_TEXTS[code], values={**values, "sets": times, "of_sets": causes.total()})


def later(cause: Unknown, gap_days: int) -> Unknown:
    """The cause where there was an e1RM once: what the sets since then lack."""
    text = f"The last set with an e1RM was {gap_days} days ago. Since then: {cause.text}"
    return Unknown(code=cause.code, text=text, values={**cause.values, "gap_days": gap_days})
