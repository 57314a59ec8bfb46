"""Reanalyses of many athletes: how far one is, what it changed, and whose analysis failed."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from msgspec import Struct

# What bounds the memory of a chunk, and for how long it keeps an import waiting.
CHUNK_SETS, CHUNK_ATHLETES = 200_000, 100
# The trigger of every athlete's own run in a reanalysis.
REANALYSIS = "reanalysis"


class PopulationStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN_STATUSES = frozenset({PopulationStatus.QUEUED, PopulationStatus.RUNNING})


class Trained(Struct, frozen=True):
    """An athlete, and how many sets their analysis reads."""

    athlete_id: UUID
    sets: int


class Span(Struct, frozen=True, kw_only=True):
    """The athletes of a chunk: so many, from the first id to the last."""

    first_id: UUID
    last_id: UUID
    athletes: int


class AthleteFailure(Struct, frozen=True, kw_only=True):
    """Whose analysis failed, at which step and why."""

    athlete_id: UUID
    step: str | None
    detail: str


class PopulationView(Struct, frozen=True, kw_only=True):
    """A reanalysis: `steps` null for the whole pipeline, `athletes` how many were named, null for everybody.

    Done athletes are changed (results that are new or differ), unchanged or failed; `failures` shows the first few.
    """

    id: UUID
    trigger: str
    requested_by: str
    steps: tuple[str, ...] | None
    athletes_named: int | None
    status: PopulationStatus
    revision: int
    cancel_requested_at: datetime | None
    problem: dict[str, Any] | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    chunks: int
    chunks_done: int
    chunks_failed: int
    athletes: int
    changed: int
    unchanged: int
    failed: int
    sets: int
    failures: tuple[AthleteFailure, ...]

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_STATUSES

    @property
    def done(self) -> int:
        """Athletes done, well or badly."""
        return self.changed + self.unchanged + self.failed

    def sets_per_second(self, now: datetime) -> float:
        """Over the time that it has run; nothing is known before it begins."""
        if self.started_at is None:
            return 0.0
        elapsed_s = ((self.ended_at or now) - self.started_at).total_seconds()
        return self.sets / elapsed_s if elapsed_s > 0 else 0.0


def cut(athletes: Iterable[Trained], *, most_sets: int = CHUNK_SETS, most_athletes: int = CHUNK_ATHLETES) -> list[Span]:
    """Neighbours by id in chunks, none larger than it may be unless one athlete alone is.

    >>> from uuid import UUID
    >>> people = [Trained(UUID(int=number), sets) for number, sets in enumerate((3, 3, 9, 1, 1, 1))]
    >>> [span.athletes for span in cut(people, most_sets=6, most_athletes=2)]
    [2, 1, 2, 1]
    """
    return [
        Span(first_id=people[0].athlete_id, last_id=people[-1].athlete_id, athletes=len(people))
        for people in _gathered(athletes, most_sets, most_athletes)
    ]


def _gathered(athletes: Iterable[Trained], most_sets: int, most_athletes: int) -> Iterator[list[Trained]]:
    people: list[Trained] = []
    sets = 0
    for athlete in athletes:
        if people and (len(people) == most_athletes or sets + athlete.sets > most_sets):
            yield people
            people, sets = [], 0
        people.append(athlete)
        sets += athlete.sets
    if people:
        yield people
