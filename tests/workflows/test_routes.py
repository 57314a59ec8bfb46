"""Where events go: each to the one job that it concerns, in the order of how urgent it is."""

from typing import Any

import pytest

from models import ids
from models.domain.events import Topic
from models.outbox import Event
from workflows import routes
from workflows.contracts import CORE, ImportOf


def an_event(topic: str, payload: dict[str, Any] | None = None) -> Event:
    return Event(id=1, athlete_id=ids.new(), topic=topic, payload=payload)


def test_what_concerns_an_import_goes_to_its_own_job_behind_live_work() -> None:
    import_id = ids.new()
    event = an_event(Topic.IMPORT_REQUESTED, {"import_id": str(import_id)})
    target = routes.target(event)
    assert target is not None
    assert target.workflow_id == f"import/{event.athlete_id}/{import_id}"
    assert target.argument == ImportOf(athlete_id=event.athlete_id, import_id=import_id)
    assert (target.workflow, target.queue) == ("Import", CORE)
    live = routes.target(an_event(Topic.ATHLETE_CHANGED))
    rolled = routes.target(an_event(Topic.DAY_ROLLED))
    assert live is not None
    assert rolled is not None
    assert live.priority < target.priority < rolled.priority


@pytest.mark.parametrize("payload", [None, {}, {"import_id": "no id"}, {"import_id": 7}])
def test_an_event_that_names_no_import_is_not_routed(payload: dict[str, Any] | None) -> None:
    assert routes.target(an_event(Topic.IMPORT_REQUESTED, payload)) is None


def test_a_topic_that_nobody_knows_is_not_routed() -> None:
    assert routes.target(an_event("something.else")) is None
