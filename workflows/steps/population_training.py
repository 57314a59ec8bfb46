"""Loading the training of many athletes at once: what each one's own load gives, read and aggregated together."""

import asyncio
from collections.abc import Mapping
from datetime import date
from uuid import UUID

from analytics import population, stored
from models.db import Session
from models.queries.population_history import StoredPopulation, population_history
from models.queries.visibility import VisibleAthlete
from workflows.steps.step import Inputs


async def load_population(session: Session, people: Mapping[VisibleAthlete, date]) -> dict[UUID, Inputs]:
    """Each athlete's training as of the day given for them. In a snapshot."""
    if not people:
        return {}
    read = await population_history(session, list(people))
    return await asyncio.to_thread(_inputs, read, list(people.values()))


def _inputs(read: StoredPopulation, days: list[date]) -> dict[UUID, Inputs]:
    each = population.of_each(stored.population(read, max(days)), days)
    return {
        athlete_id: Inputs(
            value=training,
            data_version=version,
            digests={"history": digest, "settings": {"time_zone": time_zone}},
        )
        for athlete_id, version, time_zone, (training, digest) in zip(
            read.athletes, read.data_versions, read.time_zones, each, strict=True
        )
    }
