"""The strength total as the athlete's page states it: the lifts that it is made of, and its scores."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from operator import itemgetter

import polars as pl
from msgspec import Struct

from analytics.metrics import e1rm, strength
from analytics.metrics.outcome import Outcome, Why
from analytics.metrics.strength import Score
from analytics.training import Training
from models.domain.insights import Formula, Reason
from models.domain.strength import Lift, LiftE1rm, Strength, StrengthScore

# Barbell variants by their catalogue id that a competition would pass; paused ones are the same lift made harder.
VARIANTS: Mapping[Lift, tuple[int, ...]] = {
    Lift.SQUAT: (100, 101, 104),
    Lift.BENCH_PRESS: (1000, 1005, 1007),
    Lift.DEADLIFT: (400, 401, 412, 413),
}
_LIFT_OF = {exercise: lift for lift, exercises in VARIANTS.items() for exercise in exercises}
_NAMES = {Lift.SQUAT: "squat", Lift.BENCH_PRESS: "bench press", Lift.DEADLIFT: "deadlift"}
_FORMULAS: tuple[tuple[Formula, Score], ...] = (
    (Formula(name="wilks_1994", version=1), strength.wilks_1994),
    (Formula(name="wilks_2020", version=1), strength.wilks_2020),
    (Formula(name="dots", version=1), strength.dots),
    (Formula(name="ipf_gl", version=1), strength.ipf_gl),
)
_TEXTS = {
    Why.SEX_UNKNOWN: "The formulas are for men and for women: the profile names neither.",
    Why.BODYWEIGHT_UNKNOWN: "No bodyweight was recorded.",
}


class Lifter(Struct, frozen=True, kw_only=True):
    """What the formulas need to know beside the total; null where it is not known."""

    sex: str | None
    bodyweight_g: int | None
    bodyweight_on: date | None


def strength_of(training: Training, days: int) -> Strength:
    """The total of the last `days` up to `as_of`, scored at the latest bodyweight known on that day."""
    since = training.as_of - timedelta(days=days - 1)
    lifts, lifter = _lifts(training, since), _lifter(training)
    missing = None if len(lifts) == len(Lift) else _missing(lifts, days)
    total_kg = sum(round(1000 * lift.e1rm_kg) for lift in lifts) / 1000 if missing is None else None
    body_kg = None if lifter.bodyweight_g is None else lifter.bodyweight_g / 1000
    return Strength(
        since=since,
        lifts=lifts,
        total_kg=total_kg,
        total_reason=missing,
        sex=lifter.sex,
        bodyweight_kg=body_kg,
        bodyweight_on=lifter.bodyweight_on,
        scores=tuple(_score(formula, score(total_kg, body_kg, lifter.sex), missing) for formula, score in _FORMULAS),
    )


def _lifts(training: Training, since: date) -> tuple[LiftE1rm, ...]:
    """The best of each lift; of equal ones the earliest."""
    lately = pl.col("performed_on").is_between(since, training.as_of) & pl.col("e1rm_key").is_not_null()
    lifted = training.atoms.select_seq("e1rm_key", "session", "exercise_id", "performed_on").filter(
        lately & pl.col("exercise_id").is_in(list(_LIFT_OF))
    )
    best: dict[Lift, LiftE1rm] = {}
    for key, session, exercise_id, performed_on in sorted(lifted.iter_rows(), key=lambda row: (-row[0], *row[1:])):
        lift = _LIFT_OF[exercise_id]
        best[lift] = best.get(lift) or LiftE1rm(
            lift=lift,
            exercise_id=exercise_id,
            exercise=training.names[exercise_id],
            e1rm_kg=e1rm.key_kg(key),
            performed_on=performed_on,
            workout_id=training.workout_ids[session],
        )
    return tuple(best[lift] for lift in Lift if lift in best)


def _lifter(training: Training) -> Lifter:
    weighed = training.bodyweights.select_seq("day", "bodyweight_g").iter_rows()
    known = (row for row in weighed if row[0] <= training.as_of)
    day, grams = max(known, key=itemgetter(0), default=(None, None))
    return Lifter(sex=training.athletes.item(0, "sex"), bodyweight_g=grams, bodyweight_on=day)


def _score(formula: Formula, found: Outcome, missing: Reason | None) -> StrengthScore:
    if found.value is not None:
        return StrengthScore(formula=formula, points=round(found.value, 2), reason=None)
    why = found.reason or Why.OUT_OF_RANGE
    text = _TEXTS.get(why, "The formula does not reach so far.")
    return StrengthScore(formula=formula, points=None, reason=missing or Reason(code=why.value, text=text, values={}))


def _missing(lifts: Sequence[LiftE1rm], days: int) -> Reason:
    done = {lift.lift for lift in lifts}
    missing = ", ".join(_NAMES[lift] for lift in Lift if lift not in done)
    text = (
        f"A total needs a squat, a bench press and a deadlift with a barbell in {days} days; without e1RM: {missing}."
    )
    return Reason(code="lift_missing", text=text, values={"missing": missing, "days": days})
