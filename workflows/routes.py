"""Where each event of the outbox goes: which durable job it wakes."""

from collections.abc import Callable
from uuid import UUID

from msgspec import Struct

from models.domain.events import Topic
from models.outbox import Event
from models.queries.visibility import system
from models.services.runs import import_workflow_id, workflow_id
from workflows.contracts import (
    AFTERWARDS,
    ASKED,
    CORE,
    IMPORTED,
    LLM,
    RECORDED,
    ROLLED,
    Athlete,
    ImportOf,
    SummaryOf,
)


class Target(Struct, frozen=True, kw_only=True):
    """A job to start or, if it is running already, to signal. Signals carry nothing: the truth is in the tables."""

    workflow: str
    workflow_id: str
    argument: Athlete | SummaryOf | ImportOf
    signal: str
    queue: str
    priority: int


class Route(Struct, frozen=True):
    """The events of a topic, and the target of each; None for an event that lacks what its target needs."""

    topic: Topic
    target: Callable[[Event], Target | None]


def analysis(priority: int) -> Callable[[Event], Target]:
    """To the athlete's entity."""

    def target(event: Event) -> Target:
        return Target(
            workflow="AthleteAnalysis",
            workflow_id=workflow_id(system(event.athlete_id)),
            argument=Athlete(athlete_id=event.athlete_id),
            signal="changed",
            queue=CORE,
            priority=priority,
        )

    return target


def summary(event: Event) -> Target | None:
    """To the summary of the period that the event names."""
    period = (event.payload or {}).get("period")
    if not isinstance(period, str):
        return None
    return Target(
        workflow="Summary",
        workflow_id=workflow_id(system(event.athlete_id), period),
        argument=SummaryOf(athlete_id=event.athlete_id, period=period),
        signal="requested",
        queue=LLM,
        priority=AFTERWARDS,
    )


def importing(event: Event) -> Target | None:
    """To the job of the import that the event names."""
    try:
        import_id = UUID((event.payload or {}).get("import_id", ""))
    except (ValueError, AttributeError, TypeError):
        return None
    return Target(
        workflow="Import",
        workflow_id=import_workflow_id(system(event.athlete_id), import_id),
        argument=ImportOf(athlete_id=event.athlete_id, import_id=import_id),
        signal="changed",
        queue=CORE,
        priority=IMPORTED,
    )


ROUTES = (
    Route(Topic.ATHLETE_CHANGED, analysis(RECORDED)),
    Route(Topic.DAY_ROLLED, analysis(ROLLED)),
    Route(Topic.ANALYSIS_REQUESTED, analysis(ASKED)),
    Route(Topic.SUMMARY_REQUESTED, summary),
    Route(Topic.IMPORT_REQUESTED, importing),
)


def target(event: Event) -> Target | None:
    """The event's target; None if no route takes it."""
    return next((route.target(event) for route in ROUTES if route.topic == event.topic), None)
