"""The step `recommend`: the next load and reps of every exercise in rotation, or why nothing is said."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter

import polars as pl
from msgspec import Struct

from analytics.documents import advice, no_e1rm
from analytics.documents.entered import Bodyweights
from analytics.estimators import carry_over
from analytics.estimators.carry_over import CarryOver
from analytics.estimators.protocol import Estimator, Performance, Prediction, Unknown
from analytics.metrics import e1rm
from analytics.training import Training
from models.domain.insights import Abstention, Recommendation, RecommendationsDocument


class RecommendParams(Struct, frozen=True, kw_only=True):
    """What may be chosen about recommendations; all of it is lineage.

    In rotation is what was performed in at least `rotation_sessions` sessions of the window: the `rotation_days` up to
    the last day trained, or the last `window_sessions` workouts where those reach further back. After more than
    `stale_after_days` without training the numbers are those of the day after that one.
    """

    rotation_days: int = 42
    window_sessions: int = 8
    rotation_sessions: int = 2
    stale_after_days: int = 56


class Recent(Struct, frozen=True):
    """An exercise performed in the window of the rotation."""

    exercise_id: int
    exercise: str
    sessions: int
    last_performed_on: date


def recommend_v3(training: Training, params: RecommendParams) -> dict[str, Struct]:
    """The document recommendations, by the estimator carry_over."""
    trained: date | None = training.workouts.get_column("performed_on").max()  # pyright: ignore[reportAssignmentType]
    estimator = CarryOver()
    by_exercise = _learn(estimator, performances(training.atoms))
    answers = [] if trained is None else _answers(training, trained, estimator, by_exercise, params)
    document = RecommendationsDocument(
        as_of=training.as_of,
        last_trained_on=trained,
        days_since_last_session=None if trained is None else max((training.as_of - trained).days, 0),
        e1rm_formula=e1rm.EPLEY,
        estimator=carry_over.card(),
        recommendations=tuple(answer for answer in answers if isinstance(answer, Recommendation)),
        abstentions=tuple(answer for answer in answers if isinstance(answer, Abstention)),
    )
    return {"recommendations": document}


def performances(atoms: pl.DataFrame) -> list[tuple[int, list[Performance]]]:
    """The best sets by session, in order, of the exercises with an e1RM in it."""
    best = atoms.filter(pl.col("e1rm_key").is_not_null()).sort("session", "exercise_id")
    rows = best.select(
        *("session", "exercise_id", "performed_on", "e1rm_key"),
        *("best_moved_g", "best_reps", "best_tenths", "best_mode"),
    ).iter_rows()
    return [(session, [_performance(*row[1:]) for row in group]) for session, group in groupby(rows, itemgetter(0))]


def _performance(
    exercise_id: int, performed_on: date, key: int, moved_g: int, reps: int, tenths: int, mode: int
) -> Performance:
    return Performance(
        exercise_id=exercise_id,
        performed_on=performed_on,
        e1rm_g=key / 300,
        moved_g=moved_g,
        reps=reps,
        effective_reps=tenths / 10,
        load_mode=mode,
    )


def _learn(
    estimator: Estimator, sessions: Sequence[tuple[int, Sequence[Performance]]]
) -> Mapping[int, Sequence[Performance]]:
    by_exercise: dict[int, list[Performance]] = {}
    for _, performed in sessions:
        estimator.learn(performed)
        for performance in performed:
            by_exercise.setdefault(performance.exercise_id, []).append(performance)
    return by_exercise


def _answers(
    training: Training,
    trained: date,
    estimator: Estimator,
    by_exercise: Mapping[int, Sequence[Performance]],
    params: RecommendParams,
) -> list[Recommendation | Abstention]:
    away = max((training.as_of - trained).days, 0)
    stale = away > params.stale_after_days
    situation = advice.Situation(stale=stale, days_away=away, estimator=estimator.name, version=estimator.version)
    on = trained + timedelta(days=1) if stale else max(training.as_of, trained)
    bodyweights = Bodyweights(training)
    answers: list[Recommendation | Abstention] = []
    for recent in _recent(training, trained, params):
        answer = _answer(training, recent, estimator, on, params)
        if isinstance(answer, Prediction):
            past = by_exercise[recent.exercise_id]
            answers.append(advice.recommendation(recent.exercise, answer, past, bodyweights, situation))
        else:
            answers.append(advice.abstention(recent.exercise_id, recent.exercise, recent.last_performed_on, answer))
    return answers


def _recent(training: Training, trained: date, params: RecommendParams) -> list[Recent]:
    """The exercises of the window, the latest and most frequent first."""
    days = training.workouts.get_column("performed_on").sort(descending=True).head(params.window_sessions)
    start = min(days[-1], trained - timedelta(days=params.rotation_days))
    rows = (
        training.atoms.filter((pl.col("performed_on") >= start) & (pl.col("sets") > 0))
        .group_by("exercise_id")
        .agg(pl.len().alias("sessions"), pl.col("performed_on").max())
        .sort("performed_on", "sessions", "exercise_id", descending=[True, True, False])
    )
    return [Recent(exercise_id, training.names[exercise_id], *row) for exercise_id, *row in rows.iter_rows()]


def _answer(
    training: Training, recent: Recent, estimator: Estimator, on: date, params: RecommendParams
) -> Prediction | Unknown:
    if recent.sessions < params.rotation_sessions:
        return _seldom(recent.sessions, params)
    answer = estimator.predict(recent.exercise_id, on)
    if not isinstance(answer, Unknown) or answer.code not in {"no_e1rm", "layoff"}:
        return answer
    if answer.code == "no_e1rm":
        return no_e1rm.why(training.lacking[recent.exercise_id])
    return _layoff(answer, recent, on, training.lacking[recent.exercise_id])


def _layoff(answer: Unknown, recent: Recent, on: date, lacking: pl.DataFrame) -> Unknown:
    """Performed lately, but never so that an e1RM came of it, is another cause than not performed."""
    last = on - timedelta(days=int(answer.values["gap_days"]))
    if recent.last_performed_on <= last:
        return answer
    return no_e1rm.later(no_e1rm.why(lacking.filter(pl.col("performed_on") > last)), (on - last).days)


def _seldom(sessions: int, params: RecommendParams) -> Unknown:
    times = "once" if sessions == 1 else f"{sessions} times"
    window = f"{params.rotation_days} days of training or {params.window_sessions} workouts"
    text = f"Not in rotation: performed {times} in the last {window}."
    return Unknown(code="not_in_rotation", text=text, values={"sessions": sessions, "days": params.rotation_days})
