"""The step `athlete`: consistency, compared periods, strength scores and load, for the athlete's own page."""

from msgspec import Struct

from analytics.documents import acwr_ratios, consistency, load_days, strength_scores
from analytics.metrics import days
from analytics.training import Training
from models.domain.athlete_progress import Acwr, AthleteDocument
from models.domain.insights import LoadToday, Reason


class AthleteParams(Struct, frozen=True, kw_only=True):
    """What may be chosen about an athlete's page; all of it is lineage.

    A lift enters the strength total by its best e1RM of `strength_days`; a layoff has at least `layoff_days`.
    """

    strength_days: int = 84
    layoff_days: int = 14


def athlete_v1(training: Training, params: AthleteParams) -> dict[str, Struct]:
    """The document athlete."""
    done = consistency.day_totals(days.totals(training.atoms, training.workouts))
    trained = bool(done.day)
    today, acwr = _load(training) if trained else (None, None)
    document = AthleteDocument(
        as_of=training.as_of,
        first_trained_on=done.day[0] if trained else None,
        last_trained_on=done.day[-1] if trained else None,
        sessions=sum(done.sessions),
        consistency=consistency.consistency_of(done, training.as_of, params.layoff_days) if trained else None,
        comparisons=consistency.comparisons(done, training.as_of) if trained else None,
        strength=strength_scores.strength_of(training, params.strength_days),
        load=today,
        acwr=acwr,
        acwr_reason=None if acwr else _no_acwr(training, trained=trained),
        days=done,
    )
    return {"athlete": document}


def _load(training: Training) -> tuple[LoadToday, Acwr | None]:
    rows = training.days
    today = load_days.today(rows, on=training.as_of)
    return today, acwr_ratios.acwr_on(rows, training.as_of) if _asked(training) else None


def _asked(training: Training) -> bool:
    return bool(training.athletes.item(0, "show_acwr"))


def _no_acwr(training: Training, *, trained: bool) -> Reason:
    if _asked(training) and not trained:
        return Reason(code="no_workout", text="There is no workout yet.", values={})
    return Reason(code="not_asked", text="The profile does not ask for it: `show_acwr`.", values={})
