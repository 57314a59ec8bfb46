"""The facts of a training week, taken from the stored documents: all that a summary may say.

A fact's kind is `metric.role`: `tonnage.week`, `e1rm.previous`, `load.next`. Its subject is the exercise's name, or
empty for the athlete. Its id is the kind and, after it, the group of facts that belong together: the numbers of one
week, of one record, of one recommendation. Values are rounded here, once, to what is said.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Literal

from analytics.narrative import figures
from models.domain.insights import (
    E1rmDocument,
    E1rmSeries,
    Fact,
    ProgressDocument,
    Recommendation,
    RecommendationsDocument,
    Record,
    RecordKind,
    RecordsDocument,
    WeekProgress,
)

ATHLETE = ""
WEEKS_BEFORE = 4
MAX_RECORDS, MAX_LIFTS, MAX_NEXT = 3, 3, 2
LONG_AWAY_DAYS = 14
Direction = Literal["up", "down", "same"]

_RECORD_METRICS = {
    RecordKind.E1RM: ("e1rm", "e1RM"),
    RecordKind.LOAD_FOR_REPS: ("load", "load"),
    RecordKind.SET_VOLUME: ("set_volume", "set volume"),
    RecordKind.EXERCISE_VOLUME: ("exercise_volume", "exercise volume"),
    RecordKind.SESSION_TONNAGE: ("session_tonnage", "session tonnage"),
}


def facts_of(
    progress: ProgressDocument, e1rm: E1rmDocument, records: RecordsDocument, recommendations: RecommendationsDocument
) -> tuple[Fact, ...]:
    """The facts of the latest trained week; none before the first workout."""
    if not progress.weekly:
        return ()
    start = progress.weekly[-1].week_start
    found = [
        *_week_facts(progress, start),
        *_record_facts(records, start),
        *_lift_facts(e1rm, progress, start),
        *_form_facts(progress),
        *_next_facts(recommendations),
    ]
    return tuple(found)


def group(fact: Fact) -> str:
    """What the fact belongs to: facts of one group may be told together."""
    return fact.id.partition("|")[2]


def _fact(
    kind: str,
    subject: str,
    value: float | None,
    unit: str,
    period: str,
    text: str,
    direction: Direction | None = None,
    *,
    of: str = "athlete",
) -> Fact:
    return Fact(
        id=f"{kind}|{of}|{period}",
        kind=kind,
        subject=subject,
        value=value,
        unit=unit,
        direction=direction,
        period=period,
        text=text,
    )


def _week_facts(progress: ProgressDocument, start: date) -> Iterator[Fact]:
    week, period = progress.weekly[-1], figures.iso_week(start)
    yield _fact("date.week", ATHLETE, None, "date", start.isoformat(), f"the week of {figures.day(start)}")
    sessions, hard_sets = figures.quantity(week.sessions, "sessions"), figures.quantity(week.hard_sets, "hard sets")
    yield _fact("sessions.week", ATHLETE, week.sessions, "sessions", period, f"{sessions} in the week")
    yield _fact("hard_sets.week", ATHLETE, week.hard_sets, "hard sets", period, f"{hard_sets} in the week")
    before = [row for row in progress.weekly[:-1] if row.week_start >= start - timedelta(weeks=WEEKS_BEFORE)]
    yield _fact(
        "window.weeks", ATHLETE, WEEKS_BEFORE, "weeks", period, f"compared with the {WEEKS_BEFORE} weeks before"
    )
    if week.tonnage_kg is not None:
        tonnage_kg = round(week.tonnage_kg)
        yield _fact("tonnage.week", ATHLETE, tonnage_kg, "kg", period, f"tonnage {figures.quantity(tonnage_kg, 'kg')}")
        # Weeks before the first workout are no rest: who has just begun is compared with nothing.
        if progress.first_trained_on is not None and progress.first_trained_on <= start - timedelta(weeks=WEEKS_BEFORE):
            yield from _comparison(tonnage_kg, before, start)


def _comparison(tonnage_kg: int, before: Sequence[WeekProgress], start: date) -> Iterator[Fact]:
    """The week's tonnage beside the mean of the calendar weeks before it, untrained ones as zeros."""
    mean_kg = round(sum(row.tonnage_kg or 0 for row in before) / WEEKS_BEFORE)
    if mean_kg == 0:
        return
    period = f"{start - timedelta(weeks=WEEKS_BEFORE)}/{start - timedelta(days=1)}"
    text = f"against a mean tonnage of {figures.quantity(mean_kg, 'kg')} in the {WEEKS_BEFORE} weeks before"
    yield _fact("tonnage.before", ATHLETE, mean_kg, "kg", period, text)
    yield _change("tonnage", ATHLETE, round(100 * (tonnage_kg - mean_kg) / mean_kg), figures.iso_week(start))


def _change(metric: str, subject: str, percent: float, period: str, *, of: str = "athlete") -> Fact:
    direction: Direction = "same" if percent == 0 else "up" if percent > 0 else "down"
    amount = figures.quantity(abs(percent), "%")
    text = "unchanged" if direction == "same" else f"{direction} {amount}"
    named = {"e1rm": "e1RM"}.get(metric, metric)
    return _fact(f"{metric}.change", subject, abs(percent), "%", period, f"{named} {text}", direction, of=of)


def _record_facts(records: RecordsDocument, start: date) -> Iterator[Fact]:
    end = start + timedelta(days=6)
    fresh = [record for record in records.feed if start <= record.performed_on <= end]
    if not fresh:
        return
    if len(fresh) < len(records.feed) or not records.feed_truncated:
        count = figures.quantity(len(fresh), "records")
        yield _fact("records.week", ATHLETE, len(fresh), "records", figures.iso_week(start), f"{count} set in the week")
    for record in sorted(fresh, key=_importance)[:MAX_RECORDS]:
        yield from _one_record(record)


def _importance(record: Record) -> tuple[int, float, str]:
    order = tuple(_RECORD_METRICS).index(record.kind)
    return order, -_gain(record), record.exercise or ""


def _gain(record: Record) -> float:
    return record.value_kg / record.previous_value_kg if record.previous_value_kg else 1.0


def _one_record(record: Record) -> Iterator[Fact]:
    metric, named = _RECORD_METRICS[record.kind]
    subject, on = record.exercise or ATHLETE, record.performed_on.isoformat()
    value_kg, previous_kg = round(record.value_kg, 1), round(record.previous_value_kg or 0, 1)
    if value_kg <= previous_kg:
        return
    # Two sessions of a day, and two counts of reps, may each have set a record.
    of = f"{_of(record.exercise_id)}/{record.workout_id}/{record.reps or ''}"
    reps = "" if record.reps is None else f" for {figures.quantity(record.reps, 'reps')}"
    text = f"record {named} of {figures.quantity(value_kg, 'kg')}{reps} on {figures.day(record.performed_on)}"
    yield _fact(f"{metric}.record", subject, value_kg, "kg", on, text, "up", of=of)
    text = f"up from {figures.quantity(previous_kg, 'kg')}"
    yield _fact(f"{metric}.previous", subject, previous_kg, "kg", on, text, "up", of=of)
    if record.reps is not None:
        yield _fact("reps.record", subject, record.reps, "reps", on, figures.quantity(record.reps, "reps"), of=of)


def _of(exercise_id: int | None) -> str:
    return "athlete" if exercise_id is None else str(exercise_id)


def _lift_facts(e1rm: E1rmDocument, progress: ProgressDocument, start: date) -> Iterator[Fact]:
    sessions = {exercise.exercise_id: exercise.sessions for exercise in progress.exercises}
    trained = [series for series in e1rm.exercises if series.performed_on[-1] >= start]
    for series in sorted(trained, key=lambda lift: (-sessions[lift.exercise_id], lift.exercise_id))[:MAX_LIFTS]:
        yield from _one_lift(series, start)


def _one_lift(series: E1rmSeries, start: date) -> Iterator[Fact]:
    points = list(zip(series.performed_on, series.e1rm_kg, strict=True))
    now = max(value for on, value in points if on >= start)
    since = start - timedelta(weeks=WEEKS_BEFORE)
    before = [value for on, value in points if since <= on < start]
    period, now_kg, of = figures.iso_week(start), round(now, 1), _of(series.exercise_id)
    text = f"e1RM {figures.quantity(now_kg, 'kg')} in the week"
    yield _fact("e1rm.week", series.exercise, now_kg, "kg", period, text, of=of)
    if before:
        best = max(before)
        yield _change("e1rm", series.exercise, round(100 * (now - best) / best, 1), period, of=of)


def _form_facts(progress: ProgressDocument) -> Iterator[Fact]:
    today, trained = progress.today, progress.last_trained_on
    if today is None or trained is None:
        return
    days, on = max((progress.as_of - trained).days, 0), progress.as_of.isoformat()
    if days > LONG_AWAY_DAYS:
        yield _fact("away.days", ATHLETE, days, "days", on, f"last trained {figures.quantity(days, 'days')} ago")
        return
    form = round(today.form, 1) + 0.0
    yield _fact("form.today", ATHLETE, form, "points", on, f"form {figures.quantity(form, 'points')}")


def _next_facts(recommendations: RecommendationsDocument) -> Iterator[Fact]:
    current = [advice for advice in recommendations.recommendations if advice.status == "current"][:MAX_NEXT]
    for advice in current:
        yield from _one_next(advice)
    if current:
        percent = round(100 * recommendations.estimator.target_coverage)
        yield _fact("interval.coverage", ATHLETE, percent, "%", "next", f"the interval is an {percent}% interval")


def _one_next(advice: Recommendation) -> Iterator[Fact]:
    subject, of = advice.exercise, _of(advice.exercise_id)
    if advice.load_kg > 0:
        text = f"next load {figures.quantity(advice.load_kg, 'kg')}"
        yield _fact("load.next", subject, advice.load_kg, "kg", "next", text, of=of)
    said = f"next {figures.quantity(advice.reps, 'reps')}"
    yield _fact("reps.next", subject, advice.reps, "reps", "next", said, of=of)
    for role, value_kg in (("low", advice.e1rm_low_kg), ("high", advice.e1rm_high_kg)):
        text = f"e1RM interval, {role} end {figures.quantity(value_kg, 'kg')}"
        yield _fact(f"e1rm.{role}", subject, value_kg, "kg", "next", text, of=of)
