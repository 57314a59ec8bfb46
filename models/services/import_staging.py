"""Staging a log that was read: its workouts in chunks, each small in memory, until all are published together."""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TypeVar

import msgspec
from msgspec import Struct, structs

from models.db import Session, raw
from models.domain import catalogue, workouts
from models.domain.errors import Fault, Invalid
from models.domain.imports import ImportPhase, Question
from models.domain.receipts import Receipt, RejectedRow
from models.domain.units import MASS_UNIT_CODES, MassUnit
from models.domain.workouts import CLOCK_TOLERANCE
from models.queries.visibility import VisibleAthlete
from models.readers import parsed
from models.readers.drafts import draft
from models.readers.gather import GIVEN
from models.readers.parsed import ImportedWorkout, ParsedLog
from models.services import import_jobs, import_sql
from models.services.import_jobs import Job

CHUNK = 250
FAST = 1
# Beyond these a file is no training log, and its receipt or its own exercises would be a burden to everybody.
MOST_WORKOUTS, MOST_NAMES, MOST_REMARKS = 50_000, 2_000, 10_000
QUESTION = "Are the loads of this file in kilograms or in pounds?"
T = TypeVar("T")


class Head(Struct, frozen=True, kw_only=True):
    """The first chunk: the receipt as it would be for an empty account, and what is no workout."""

    receipt: Receipt
    rest: bytes | None


class Chunk(Struct, frozen=True, kw_only=True):
    """Any other chunk."""

    workouts: tuple[ImportedWorkout, ...]


async def stage(session: Session, log: ParsedLog, job: Job, *, athlete: VisibleAthlete, now: datetime) -> None:
    """Keep the log for publishing; or, while its unit is unknown, ask for it. In a transaction.

    Raises Invalid where the file as a whole cannot be imported.
    """
    if await import_jobs.hold(session, athlete, job) is None:
        return
    log = usable(log, now=now)
    if log.unit_missing:
        await _ask(session, log, job, athlete=athlete, now=now)
    else:
        await _keep(session, log, job, athlete=athlete, now=now)


async def _keep(session: Session, log: ParsedLog, job: Job, *, athlete: VisibleAthlete, now: datetime) -> None:
    head = Head(receipt=parsed.receipt(log, catalogue.load()), rest=log.rest)
    connection, key = await raw(session), (athlete.athlete_id, job.import_id)
    await connection.copy_records_to_table(
        "import_chunks",
        columns=("athlete_id", "import_id", "position", "workouts", "sets", "content"),
        records=((*key, *row) for row in _rows(head, log.workouts)),
    )
    unit = _unit_of_all(log)
    await connection.execute(import_sql.STAGE, *key, None if unit is None else MASS_UNIT_CODES[unit], now)


def usable(log: ParsedLog, *, now: datetime) -> ParsedLog:
    """The log without what cannot be recorded today: the rows of such workouts are rejected.

    Raises Invalid for a file beyond all measure.
    """
    log = parsed.without_future(log, latest=now + CLOCK_TOLERANCE)
    judged = [(item, [] if log.unit_missing else _rejected(item, now)) for item in log.workouts]
    rows = [*log.rejected, *(row for _, rejected in judged for row in rejected)]
    found = structs.replace(
        log,
        workouts=tuple(item for item, rejected in judged if not rejected),
        rejected=tuple(sorted(rows, key=lambda row: row.line)),
    )
    _refuse_beyond_measure(found)
    return found


def packed(value: Struct) -> bytes:
    """A chunk as it is stored."""
    return zlib.compress(msgspec.msgpack.encode(value), FAST)


def unpacked(content: bytes, kind: type[T]) -> T:
    """A chunk from what is stored."""
    return msgspec.msgpack.decode(zlib.decompress(content), type=kind)


def _refuse_beyond_measure(log: ParsedLog) -> None:
    remarks = [remark.reason for remark in (*log.rejected, *log.warnings)]
    for count, most, what in (
        (len(log.workouts), MOST_WORKOUTS, "workouts."),
        (len(parsed.exercise_names(log)), MOST_NAMES, "different exercises."),
        (len(remarks), MOST_REMARKS, f"rows to reject or to warn of. The first: {''.join(remarks[:1])}"),
    ):
        if count > most:
            message = f"A file may have up to {most:,}, and this one has {count:,} {what}"
            raise Invalid([Fault(path="$.file", message=message)])


async def _ask(session: Session, log: ParsedLog, job: Job, *, athlete: VisibleAthlete, now: datetime) -> None:
    options = tuple(unit.value for unit in MassUnit)
    question = Question(question=QUESTION, field="unit", options=options, evidence=log.unit.evidence)
    connection, owner = await raw(session), athlete.athlete_id
    await connection.execute(import_sql.MOVE, owner, job.import_id, ImportPhase.ASKING.value, now)
    await connection.execute(import_sql.ASK, owner, job.run_id, msgspec.json.encode(question).decode())


def _rows(head: Head, imported: Sequence[ImportedWorkout]) -> Iterator[tuple[int, int, int, bytes]]:
    """(position, workouts, sets, content) of every chunk, each made when it is its turn."""
    yield 0, 0, 0, packed(head)
    for position, start in enumerate(range(0, len(imported), CHUNK), start=1):
        items = tuple(imported[start : start + CHUNK])
        yield position, len(items), _sets(items), packed(Chunk(workouts=items))


def _sets(items: Iterable[ImportedWorkout]) -> int:
    return sum(len(item.workout.sets) for item in items)


def _unit_of_all(log: ParsedLog) -> MassUnit | None:
    """The unit of loads that state none: only these can be corrected."""
    return log.unit.value if log.unit.inferred or log.unit.evidence == GIVEN else None


def _rejected(item: ImportedWorkout, now: datetime) -> list[RejectedRow]:
    """Every row of a workout that breaks a rule, with the first fault."""
    try:
        workouts.check(item.draft or draft(item.workout, resolve_exercise=lambda _: 1), now=now)
    except Invalid as error:
        fault = error.faults[0]
        field = fault.path.rsplit(".", 1)[-1]
        return [RejectedRow(line=entry.line, field=field, reason=fault.message) for entry in item.workout.sets]
    return []
