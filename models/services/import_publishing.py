"""Publishing a staged import: all its chunks in one transaction, one after the other, and one event at the end."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import structs

from models import ids
from models.db import Session, raw
from models.domain import catalogue, workouts
from models.domain.events import Topic
from models.domain.receipts import Receipt
from models.domain.workouts import WorkoutDraft, WorkoutRecord
from models.queries import exercises
from models.queries import imports as queries
from models.queries.visibility import VisibleAthlete
from models.readers import parsed
from models.readers.drafts import draft
from models.readers.parsed import ImportedWorkout
from models.services import bulk, import_exercises, import_jobs, import_sql, restore
from models.services.import_jobs import Job
from models.services.import_staging import Chunk, Head, unpacked

EVENT = "INSERT INTO outbox (athlete_id, topic, created_at) VALUES ($1, $2, $3)"


async def publish(session: Session, job: Job, *, athlete: VisibleAthlete, now: datetime) -> None:
    """Record every staged workout that is new; what was recorded before, or deleted, stays. In a transaction.

    The clock is held from here to the commit, so live writes come before all of the import or after it.
    """
    held = await import_jobs.hold(session, athlete, job)
    if held is None:
        return
    staged = queries.chunks(session, athlete, job.import_id)
    head = unpacked(await anext(staged), Head)
    publication = Publication(session, job.import_id, athlete=athlete, actor_id=held.actor_id, now=now)
    import_exercises.think([found.name for found in head.receipt.exercises])
    await publication.begin(head)
    async for content in staged:
        await publication.add(unpacked(content, Chunk).workouts)
    await _finish(session, job, publication, head, athlete=athlete, now=now)


async def _finish(
    session: Session, job: Job, publication: "Publication", head: Head, *, athlete: VisibleAthlete, now: datetime
) -> None:
    connection, key = await raw(session), (athlete.athlete_id, job.import_id)
    receipt = msgspec.json.encode(publication.receipt(head.receipt)).decode()
    await connection.execute(import_sql.PUBLISH, *key, receipt, now)
    await connection.execute(import_sql.FORGET_CHUNKS, *key)
    if publication.recorded:
        await connection.execute(EVENT, athlete.athlete_id, Topic.ATHLETE_CHANGED.value, now)
    await import_jobs.succeed(session, athlete, job.run_id, data_version=publication.version, now=now)


class Publication:
    """The account of what is being published."""

    def __init__(
        self, session: Session, import_id: UUID, *, athlete: VisibleAthlete, actor_id: UUID, now: datetime
    ) -> None:
        self.version = 0
        self.recorded = 0
        self._session = session
        self._import_id = import_id
        self._athlete = athlete
        self._actor_id = actor_id
        self._now = now
        self._present = 0
        self._present_sets = 0
        self._sets: Counter[str] = Counter()
        self._numbers: dict[int, int] = {}
        self._exercises: dict[str, int] = {}
        self._own: dict[str, int] = {}

    async def begin(self, head: Head) -> None:
        """Take the clock, and restore what is no workout."""
        await self._take_clock()
        if head.rest is not None:
            self._numbers = await restore.restore(
                self._session, head.rest, athlete=self._athlete, actor_id=self._actor_id, now=self._now
            )
            await self._take_clock()
        self._own = await exercises.own_names(self._session, self._athlete)

    async def add(self, items: Sequence[ImportedWorkout]) -> None:
        """Record those of a chunk that are new."""
        new = await self._new(items)
        self._present += len(items) - len(new)
        self._present_sets += sum(len(item.workout.sets) for item in items) - sum(
            len(item.workout.sets) for _, item in new
        )
        if not new:
            return
        await self._identify(new)
        records = [self._record(workout_id, item) for workout_id, item in new]
        connection = await raw(self._session)
        await bulk.copy_records(
            connection,
            records,
            first_version=self.version + 1,
            athlete=self._athlete,
            actor_id=self._actor_id,
            now=self._now,
            import_id=self._import_id,
        )
        self.version += len(records)
        self.recorded += len(records)
        await connection.execute(import_sql.RECORDED, self._athlete.athlete_id, self.version, self._now)

    def receipt(self, staged: Receipt) -> Receipt:
        """The receipt of what was recorded, from that for an empty account."""
        already = {"already_present": self._present_sets} if self._present_sets else {}
        return structs.replace(
            staged,
            workouts=self.recorded,
            workouts_already_present=self._present,
            sets_recorded=self._sets.total(),
            non_set_rows=staged.non_set_rows | already,
            exercises=tuple(parsed.matches(self._sets, catalogue.load(), self._own)),
        )

    async def _take_clock(self) -> None:
        connection = await raw(self._session)
        self.version = await connection.fetchval(import_sql.LOCK_CLOCK, self._athlete.athlete_id)

    async def _new(self, items: Sequence[ImportedWorkout]) -> list[tuple[UUID, ImportedWorkout]]:
        """The workouts that the account does not have and never deleted, each once, with the id it will have."""
        connection, owner = await raw(self._session), self._athlete.athlete_id
        keys = [item.source.app for item in items], [item.source.key for item in items]
        sources = {tuple(row) for row in await connection.fetch(import_sql.KNOWN_SOURCES, owner, *keys)}
        wanted = [item.workout_id for item in items if item.workout_id is not None]
        taken = {row["id"]: row["released"] for row in await connection.fetch(import_sql.KNOWN_IDS, owner, wanted)}
        return list(_first_of_each(items, sources, taken))

    async def _identify(self, new: Sequence[tuple[UUID, ImportedWorkout]]) -> None:
        counts = Counter(entry.exercise for _, item in new for entry in item.workout.sets)
        self._sets += counts
        names = {
            entry.exercise for _, item in new if item.draft is None for entry in item.workout.sets
        } - self._exercises.keys()
        if names:
            self._exercises |= await import_exercises.identify(
                self._session, names, athlete=self._athlete, now=self._now
            )
            await self._take_clock()

    def _record(self, workout_id: UUID, item: ImportedWorkout) -> WorkoutRecord:
        source = restore.kept_source(item, workout_id)
        return workouts.record(self._draft(item), workout_id=workout_id, source=source)

    def _draft(self, item: ImportedWorkout) -> WorkoutDraft:
        if item.draft is None:
            return draft(item.workout, resolve_exercise=self._exercises.__getitem__)
        return restore.renumbered(item.draft, self._numbers)


def _first_of_each(
    items: Sequence[ImportedWorkout], sources: set[Any], taken: dict[UUID, bool]
) -> Iterator[tuple[UUID, ImportedWorkout]]:
    """The new ones, each source once. What an undone import left behind may come again, under another id."""
    for item in items:
        source, wanted = (item.source.app, item.source.key), item.workout_id
        if source in sources or (wanted is not None and taken.get(wanted) is False):
            continue
        sources.add(source)
        yield (ids.new() if wanted is None or wanted in taken else wanted), item
        if wanted is not None:
            taken[wanted] = False
