"""Where each event of the outbox goes: which durable job it wakes."""

from collections.abc import Callable

from msgspec import Struct

from models.domain.events import Topic
from models.outbox import Event
from models.queries.visibility import system
from models.services.runs import workflow_id
from workflows.contracts import CORE, LLM, Athlete, SummaryOf

# Smaller goes first: what somebody waits for, what was recorded, what follows from it, what time brought about.
ASKED, RECORDED, AFTERWARDS, BULK = 1, 2, 3, 4


class Target(Struct, frozen=True, kw_only=True):
    """A job to start or, if it is running already, to signal. Signals carry nothing: the truth is in the tables."""

    workflow: str
    workflow_id: str
    argument: Athlete | SummaryOf
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


ROUTES = (
    Route(Topic.ATHLETE_CHANGED, analysis(RECORDED)),
    Route(Topic.DAY_ROLLED, analysis(BULK)),
    Route(Topic.ANALYSIS_REQUESTED, analysis(ASKED)),
    Route(Topic.SUMMARY_REQUESTED, summary),
)


def target(event: Event) -> Target | None:
    """The event's target; None if no route takes it."""
    return next((route.target(event) for route in ROUTES if route.topic == event.topic), None)
