"""A prediction as advice: the load as the athlete enters it, the interval at those reps, and the reasons."""

from collections.abc import Sequence
from datetime import date
from math import ceil, floor

from msgspec import Struct

from analytics.documents import load_steps
from analytics.documents.entered import Bodyweights, entered_g
from analytics.estimators import carry_over
from analytics.estimators.protocol import Performance, Prediction, Unknown
from analytics.metrics import e1rm
from models.domain.exercises import LOAD_MODES_BY_CODE, LoadMode
from models.domain.insights import Abstention, Reason, Recommendation

_LONG_GAP_DAYS = 14
_FEW_STEPS = 5
_NOTABLE_PULL = 0.01
_WITH = {LoadMode.EXTERNAL: "", LoadMode.BODYWEIGHT_PLUS: " added", LoadMode.ASSISTED: " of assistance"}


class Situation(Struct, frozen=True, kw_only=True):
    """What holds for all recommendations of a document."""

    stale: bool
    days_away: int
    estimator: str
    version: int


def recommendation(
    exercise: str, prediction: Prediction, past: Sequence[Performance], bodyweights: Bodyweights, situation: Situation
) -> Recommendation:
    """Carry the last best set over; its interval is the e1RM's, at the same reps, in the athlete's own load steps."""
    last = prediction.last
    alike = [performance for performance in past if performance.load_mode == last.load_mode]
    body_g = bodyweights.share_g(last)
    step_g = load_steps.usual_step_g([bodyweights.entered_g(performance) for performance in alike])
    low_kg, high_kg = _load_range_kg(prediction, body_g, step_g)
    entered_kg = entered_g(last.moved_g, last.load_mode, body_g) / 1000
    # A last set far off the recent ones can lie outside the interval, and is then no load to recommend.
    load_kg = min(max(entered_kg, low_kg), high_kg)
    return Recommendation(
        exercise_id=last.exercise_id,
        exercise=exercise,
        status="stale" if situation.stale else "current",
        last_performed_on=last.performed_on,
        load_mode=LOAD_MODES_BY_CODE[last.load_mode],
        load_kg=load_kg,
        reps=last.reps,
        e1rm_kg=_kg(prediction.e1rm_g),
        e1rm_low_kg=floor(prediction.low_g / 100) / 10,
        e1rm_high_kg=ceil(prediction.high_g / 100) / 10,
        load_low_kg=low_kg,
        load_high_kg=high_kg,
        coverage=carry_over.card().target_coverage,
        reasons=tuple(_reasons(prediction, entered_kg, load_kg, step_g, situation)),
        estimator=situation.estimator,
        estimator_version=situation.version,
    )


def abstention(exercise_id: int, exercise: str, last_performed_on: date, unknown: Unknown) -> Abstention:
    """An unknown as the document states it."""
    reason = Reason(code=unknown.code, text=unknown.text, values=unknown.values)
    return Abstention(exercise_id=exercise_id, exercise=exercise, last_performed_on=last_performed_on, reason=reason)


def _load_range_kg(prediction: Prediction, body_g: int, step_g: int | None) -> tuple[float, float]:
    """Outward to the athlete's load steps, so that rounding never takes coverage away."""
    last = prediction.last
    steps = step_g or 1
    moved = (e1rm.load_at(bound, last.effective_reps) - last.moved_g for bound in (prediction.low_g, prediction.high_g))
    below, above = moved
    bounds = (last.moved_g + floor(below / steps) * steps, last.moved_g + ceil(above / steps) * steps)
    low, high = sorted(max(entered_g(bound, last.load_mode, body_g), 0) for bound in bounds)
    return floor(low / 10) / 100, ceil(high / 10) / 100


def _reasons(
    prediction: Prediction, entered_kg: float, load_kg: float, step_g: int | None, situation: Situation
) -> list[Reason]:
    reasons = [_carried(prediction.last, entered_kg), _spread(prediction)]
    if load_kg != entered_kg:
        reasons.append(_moved_inside(entered_kg, load_kg))
    if prediction.own_steps < _FEW_STEPS:
        reasons.append(_few_steps(prediction))
    if abs(prediction.pull) >= _NOTABLE_PULL:
        reasons.append(_pulled(prediction))
    if step_g is not None:
        text = f"You load this exercise in steps of {step_g / 1000:g} kg."
        reasons.append(Reason(code="load_step", text=text, values={"step_kg": step_g / 1000}))
    if situation.days_away > _LONG_GAP_DAYS:
        reasons.append(_away(situation))
    return reasons


def _carried(last: Performance, load_kg: float) -> Reason:
    reps, mode = "1 rep" if last.reps == 1 else f"{last.reps} reps", LOAD_MODES_BY_CODE[last.load_mode]
    text = f"Carries over your best set of {last.performed_on.isoformat()}: {reps} with {load_kg:g} kg{_WITH[mode]}."
    values: dict[str, int | float | str] = {
        "performed_on": last.performed_on.isoformat(),
        "reps": last.reps,
        "load_kg": load_kg,
    }
    return Reason(code="carried_over", text=text, values=values)


def _moved_inside(entered_kg: float, load_kg: float) -> Reason:
    text = (
        f"Your last best set is outside what your recent sessions make likely,"
        f" so its {entered_kg:g} kg become {load_kg:g} kg, the near end of the interval."
    )
    return Reason(code="into_interval", text=text, values={"last_load_kg": entered_kg, "load_kg": load_kg})


def _spread(prediction: Prediction) -> Reason:
    typical = round(100 * prediction.typical_error, 1)
    text = (
        f"Its e1RM typically moves by {typical:g} % between sessions;"
        f" the interval follows your last {prediction.steps} steps."
    )
    values: dict[str, int | float | str] = {
        "typical_error_percent": typical,
        "steps": prediction.steps,
        "own_steps": prediction.own_steps,
    }
    return Reason(code="own_errors", text=text, values=values)


def _few_steps(prediction: Prediction) -> Reason:
    text = "There are few sessions of this exercise yet, so the interval leans on your other exercises."
    return Reason(code="few_sessions", text=text, values={"own_steps": prediction.own_steps})


def _pulled(prediction: Prediction) -> Reason:
    percent = round(100 * prediction.pull, 1)
    side = "below" if percent > 0 else "above"
    text = f"The last session was {side} your recent ones, so the expected e1RM leans {abs(percent):g} % towards them."
    return Reason(code="recent_mean", text=text, values={"pull_percent": percent})


def _away(situation: Situation) -> Reason:
    days = situation.days_away
    if situation.stale:
        text = (
            f"You have not trained for {days} days: this is where you left off, not where to start again. Start lower."
        )
    else:
        text = f"You have not trained for {days} days: expect the lower part of the interval."
    return Reason(code="layoff" if situation.stale else "gap", text=text, values={"days": days})


def _kg(grams: float) -> float:
    return round(grams / 1000, 1)
