"""What a reader gives: workouts with exercise names as the file spells them, and the account of every row."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from models.domain.catalogue import Catalogue
from models.domain.exercises import LoadMode
from models.domain.receipts import ExerciseMatch, Receipt, ReceiptWarning, RejectedRow, UnitFinding
from models.domain.units import MassUnit
from models.domain.workouts import SetKind, Side, WorkoutDraft, WorkoutSource
from models.readers import matching
from models.readers.matching import Found


class Terms(Struct, frozen=True, kw_only=True):
    """How to read a file: its local times are in `time_zone`; `unit` is that of loads for which it states none.

    `undecided_unit`, usually the athlete's own, is taken where neither file, caller nor arithmetic tells.
    """

    time_zone: str
    unit: MassUnit | None = None
    undecided_unit: MassUnit | None = None


class ParsedSet(Struct, frozen=True, kw_only=True, gc=False):
    """A set of the file. `line` is where its row begins, in a document without rows its number.

    A load without a unit waits for the file's unit.
    """

    line: int
    exercise: str
    kind: SetKind = SetKind.WORKING
    load: float | None = None
    load_unit: MassUnit | None = None
    load_mode: LoadMode | None = None
    reps: int | None = None
    rpe: float | None = None
    rir: float | None = None
    duration_s: float | None = None
    distance_m: float | None = None
    rest_s: int | None = None
    superset: int | None = None
    side: Side | None = None
    note: str | None = None


class ParsedWorkout(Struct, frozen=True, kw_only=True):
    """A workout of the file, its sets in the file's order."""

    started_at: datetime
    time_zone: str
    ended_at: datetime | None = None
    title: str | None = None
    notes: str | None = None
    session_rpe: float | None = None
    bodyweight: float | None = None
    bodyweight_unit: MassUnit | None = None
    sets: tuple[ParsedSet, ...]


class ImportedWorkout(Struct, frozen=True, kw_only=True):
    """A workout and its identity in the source, which does not depend on units or time zone.

    One of Loadstone's own export has its id, which is kept, and all of it as a draft whose exercises have the file's
    numbers: those of the athlete's own are mapped by what `restore` answers.
    """

    workout: ParsedWorkout
    source: WorkoutSource
    workout_id: UUID | None = None
    draft: WorkoutDraft | None = None


class ParsedLog(Struct, frozen=True, kw_only=True):
    """A whole file: its workouts by their start, and what became of the rows that are not sets.

    While `unit_missing`, loads have no unit and the log cannot be recorded. `rest` is what else Loadstone's own export
    holds, for `restore`.
    """

    format: str
    variant: str
    unit: UnitFinding
    unit_missing: bool
    rows_read: int
    workouts: tuple[ImportedWorkout, ...]
    non_set_rows: dict[str, int]
    rejected: tuple[RejectedRow, ...]
    warnings: tuple[ReceiptWarning, ...]
    rest: bytes | None = None


def exercise_names(log: ParsedLog) -> list[str]:
    """Every exercise name of the log once, as the file spells it."""
    return sorted({entry.exercise for item in log.workouts for entry in item.workout.sets})


def without_future(log: ParsedLog, *, latest: datetime) -> ParsedLog:
    """The log without workouts that start after `latest`: their rows are rejected, as a wrong clock wrote them."""
    late = [item for item in log.workouts if item.workout.started_at > latest]
    rows = [
        RejectedRow(line=entry.line, field="date", reason="This workout starts in the future.")
        for item in late
        for entry in item.workout.sets
    ]
    return msgspec.structs.replace(
        log,
        workouts=tuple(_ended_by(item, latest) for item in log.workouts if item.workout.started_at <= latest),
        rejected=tuple(sorted((*log.rejected, *rows), key=lambda row: row.line)),
    )


def _ended_by(item: ImportedWorkout, latest: datetime) -> ImportedWorkout:
    """The workout, without an end that has not come yet."""
    if item.workout.ended_at is None or item.workout.ended_at <= latest:
        return item
    workout = msgspec.structs.replace(item.workout, ended_at=None)
    draft = None if item.draft is None else msgspec.structs.replace(item.draft, ended_at=None)
    return msgspec.structs.replace(item, workout=workout, draft=draft)


def receipt(
    log: ParsedLog,
    catalogue: Catalogue,
    *,
    present: frozenset[str] = frozenset(),
    own: Mapping[str, int] | None = None,
) -> Receipt:
    """The receipt; workouts whose source key is `present` were recorded before, so their rows are not sets now.

    `own` are the athlete's exercises by their normal names.
    """
    new = [item for item in log.workouts if item.source.key not in present]
    recorded = sum(len(item.workout.sets) for item in new)
    already = sum(len(item.workout.sets) for item in log.workouts) - recorded
    return Receipt(
        format=log.format,
        variant=log.variant,
        unit=log.unit,
        rows_read=log.rows_read,
        workouts=len(new),
        workouts_already_present=len(log.workouts) - len(new),
        sets_recorded=recorded,
        non_set_rows=log.non_set_rows | ({"already_present": already} if already else {}),
        rejected=log.rejected,
        exercises=tuple(
            matches(Counter(entry.exercise for item in new for entry in item.workout.sets), catalogue, own)
        ),
        warnings=log.warnings,
    )


def matches(sets: Mapping[str, int], catalogue: Catalogue, own: Mapping[str, int] | None = None) -> list[ExerciseMatch]:
    """What the names of a file, each with the number of its sets, were found to be: the most frequent first."""
    ordered = sorted(sets.items(), key=lambda pair: (-pair[1], pair[0]))
    return [_match(name, count, matching.match(name, catalogue, own)) for name, count in ordered]


def _match(name: str, sets: int, found: Found) -> ExerciseMatch:
    return ExerciseMatch(
        name=name,
        sets=sets,
        exercise=found.exercise.name if found.exercise else None,
        match=found.match,
        score=found.score,
        suggestion=found.suggestion.name if found.suggestion else None,
    )
