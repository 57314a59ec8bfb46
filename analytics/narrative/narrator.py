"""The deterministic writer: a few sentences made of the facts alone. Always there, always verified."""

from collections.abc import Iterator, Sequence
from datetime import date

from analytics.narrative import figures, names
from analytics.narrative.facts import group
from models.domain.insights import Fact

AUTHOR = "narrator"
# Raised with every change of what the narrator says of the same facts.
VERSION = 2
PLAIN = "Your week is recorded, and its figures are on your progress page."
NOTHING_YET = "There are no workouts yet, so there is nothing to say."


def narrate(facts: Sequence[Fact]) -> str:
    """Four to six sentences about the week: what was done, compared, set as a record, and what comes next."""
    return " ".join(sentences(facts))


def sentences(facts: Sequence[Fact]) -> Iterator[str]:
    """The text sentence by sentence."""
    if not facts:
        yield NOTHING_YET
        return
    yield _the_week(facts)
    yield from _tonnage(facts)
    yield from _records(facts)
    yield from _lift(facts)
    yield from _form(facts)
    yield from _next(facts)


def _the_week(facts: Sequence[Fact]) -> str:
    start = date.fromisoformat(_the(facts, "date.week").period)
    sessions, hard_sets = _said(_the(facts, "sessions.week")), _said(_the(facts, "hard_sets.week"))
    tonnage = _find(facts, "tonnage.week")
    moved = f" and a tonnage of {_said(tonnage)}" if tonnage else ""
    return f"In the week of {figures.day(start)} you completed {sessions} with {hard_sets}{moved}."


def _tonnage(facts: Sequence[Fact]) -> Iterator[str]:
    change, before = _find(facts, "tonnage.change"), _find(facts, "tonnage.before")
    if change is None or before is None:
        return
    moved = {"up": f"rose {_said(change)}", "down": f"fell {_said(change)}"}.get(change.direction or "", "held steady")
    weeks = _said(_the(facts, "window.weeks"))
    yield f"Your tonnage {moved} against a mean of {_said(before)} in the {weeks} before."


def _records(facts: Sequence[Fact]) -> Iterator[str]:
    count = _find(facts, "records.week")
    shown = [fact for fact in facts if fact.kind.endswith(".record") and fact.unit == "kg"]
    set_count = f"You set {_said(count)}" if count else None
    if not shown:
        if set_count:
            yield f"{set_count}."
        return
    best = shown[0]
    previous = next(fact for fact in facts if fact.kind == _role(best, "previous") and group(fact) == group(best))
    named = best.kind.removesuffix(".record").replace("_", " ").replace("e1rm", "e1RM")
    reps = next((fact for fact in facts if fact.kind == "reps.record" and group(fact) == group(best)), None)
    for_reps = f" for {_said(reps)}" if reps and best.kind == "load.record" else ""
    whose = f"{_name(best)} with a record" if best.subject else "a record"
    lead = f"{set_count}, among them" if set_count and count and count.value != 1 else "A fine moment:"
    yield f"{lead} {whose} {named} of {_said(best)}{for_reps}, up from {_said(previous)}."


def _lift(facts: Sequence[Fact]) -> Iterator[str]:
    recorded = {fact.subject for fact in facts if fact.kind == "e1rm.record"}
    lifts = [fact for fact in facts if fact.kind == "e1rm.week"]
    lift = next((fact for fact in lifts if fact.subject not in recorded), lifts[0] if lifts else None)
    if lift is None:
        return
    change = next((fact for fact in facts if fact.kind == "e1rm.change" and group(fact) == group(lift)), None)
    weeks = _said(_the(facts, "window.weeks"))
    compared = "" if change is None else f", {_compared(change)} the {weeks} before"
    yield f"{_name(lift)} stood at an e1RM of {_said(lift)}{compared}."


def _compared(change: Fact) -> str:
    if change.direction == "same":
        return "unchanged on"
    return f"{change.direction} {_said(change)} on"


def _form(facts: Sequence[Fact]) -> Iterator[str]:
    form, away = _find(facts, "form.today"), _find(facts, "away.days")
    if form is not None:
        yield f"Your form stands at {_said(form)} on {figures.day(date.fromisoformat(form.period))}."
    if away is not None:
        yield f"You last trained {_said(away)} ago, so ease back in."


def _next(facts: Sequence[Fact]) -> Iterator[str]:
    reps = _find(facts, "reps.next")
    if reps is None:
        return
    load, low, high = (_find_of(facts, kind, reps) for kind in ("load.next", "e1rm.low", "e1rm.high"))
    if low is None or high is None:
        return
    target = f"{_said(load)} for {_said(reps)}" if load else _said(reps)
    coverage = _said(_the(facts, "interval.coverage"))
    yield (
        f"Next for {_name(reps)}: {target}, with an {coverage} interval for the e1RM"
        f" from {figures.number(low.value or 0)} to {_said(high)}."
    )


def _said(fact: Fact) -> str:
    return figures.quantity(fact.value or 0, fact.unit)


def _find(facts: Sequence[Fact], kind: str) -> Fact | None:
    return next((fact for fact in facts if fact.kind == kind), None)


def _find_of(facts: Sequence[Fact], kind: str, beside: Fact) -> Fact | None:
    return next((fact for fact in facts if fact.kind == kind and group(fact) == group(beside)), None)


def _the(facts: Sequence[Fact], kind: str) -> Fact:
    return next(fact for fact in facts if fact.kind == kind)


def _role(fact: Fact, role: str) -> str:
    return f"{fact.kind.split('.')[0]}.{role}"


def _name(fact: Fact) -> str:
    return names.spoken(fact.subject) or fact.subject
