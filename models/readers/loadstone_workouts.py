"""The workouts of Loadstone's own export, on their way from rows to drafts that keep every rule."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from uuid import UUID

from msgspec import Struct

from models.domain import workouts
from models.domain.errors import Invalid
from models.domain.exports import WorkoutHead
from models.domain.sets import SetDraft
from models.domain.workouts import WorkoutDraft, WorkoutSource
from models.readers.cells import BadCell
from models.readers.parsed import ImportedWorkout, ParsedSet, ParsedWorkout

FORMAT = "loadstone"
# A reader has no clock: what lies in the future is found by those who have one.
NEVER = datetime(9000, 1, 1, tzinfo=UTC)
PARSED = tuple(
    name for name in ParsedSet.__struct_fields__ if name in SetDraft.__struct_fields__ and name != "exercise_id"
)
_SET = re.compile(r"^\$\.sets\[(?P<at>\d+)\](\.(?P<field>\w+))?")

NameOf = Callable[[int], str | None]
Entry = tuple[int, SetDraft]


class Workout(Struct):
    """A workout while its sets come together: each with its line, by its place."""

    head: WorkoutHead
    sets: dict[int, Entry]


class Workouts:
    """The workouts of a file by their ids; rows that cannot be are told to `reject`."""

    def __init__(self, reject: Callable[[int, str, str], None]) -> None:
        self._reject = reject
        self._workouts: dict[UUID, Workout] = {}

    def get(self, workout_id: UUID) -> Workout | None:
        """The workout of this id, if it has been met."""
        return self._workouts.get(workout_id)

    def new(self, head: WorkoutHead) -> Workout:
        """A workout that is met for the first time; BadCell where it is not."""
        if head.id in self._workouts:
            raise BadCell("id", "Another workout of the file has this id.")
        workout = self._workouts[head.id] = Workout(head=head, sets={})
        return workout

    def imported(self, name_of: NameOf) -> list[ImportedWorkout]:
        """Those that can be, by their start; `name_of` knows every exercise that there is."""
        found = [made for workout in self._workouts.values() if (made := self._imported(workout, name_of))]
        return sorted(found, key=lambda item: (item.workout.started_at, item.workout_id))

    def _imported(self, workout: Workout, name_of: NameOf) -> ImportedWorkout | None:
        found = self._draft(workout, name_of)
        if found is None:
            return None
        lines, draft = found
        return ImportedWorkout(
            workout=_parsed(draft, lines, name_of),
            source=_source(workout.head),
            workout_id=workout.head.id,
            draft=draft,
        )

    def _draft(self, workout: Workout, name_of: NameOf) -> tuple[list[int], WorkoutDraft] | None:
        """The draft that keeps every rule, with its sets' lines: bad sets are rejected, or all of them."""
        left = [entry for _, entry in sorted(workout.sets.items()) if self._is_usable(*entry, name_of)]
        while left:
            draft = _whole(workout.head, [entry for _, entry in left])
            try:
                workouts.check(draft, now=NEVER)
            except Invalid as error:
                left = self._without_faults(left, error)
            else:
                return [line for line, _ in left], draft
        return None

    def _is_usable(self, line: int, entry: SetDraft, name_of: NameOf) -> bool:
        if name_of(entry.exercise_id) is not None:
            return True
        self._reject(line, "exercise_id", "There is no such exercise.")
        return False

    def _without_faults(self, sets: list[Entry], error: Invalid) -> list[Entry]:
        faults: dict[int, tuple[str, str]] = {}
        for fault in error.faults:
            of_set = _SET.match(fault.path)
            if of_set is None:
                for line, _ in sets:
                    self._reject(line, fault.path.removeprefix("$."), fault.message)
                return []
            faults.setdefault(int(of_set["at"]), (of_set["field"] or "set", fault.message))
        for at, (field, reason) in faults.items():
            self._reject(sets[at][0], field, reason)
        return [entry for at, entry in enumerate(sets) if at not in faults]


def _parsed(draft: WorkoutDraft, lines: list[int], name_of: NameOf) -> ParsedWorkout:
    return ParsedWorkout(
        started_at=draft.started_at,
        time_zone=draft.time_zone,
        ended_at=draft.ended_at,
        title=draft.title,
        notes=draft.notes,
        session_rpe=draft.session_rpe,
        bodyweight=draft.bodyweight,
        bodyweight_unit=draft.bodyweight_unit,
        sets=tuple([_parsed_set(line, entry, name_of) for line, entry in zip(lines, draft.sets, strict=True)]),
    )


def _parsed_set(line: int, entry: SetDraft, name_of: NameOf) -> ParsedSet:
    fields = {name: getattr(entry, name) for name in PARSED}
    return ParsedSet(line=line, exercise=name_of(entry.exercise_id) or "", **fields)


def _whole(head: WorkoutHead, sets: Iterable[SetDraft]) -> WorkoutDraft:
    return WorkoutDraft(
        started_at=head.started_at,
        time_zone=head.time_zone,
        ended_at=head.ended_at,
        title=head.title,
        notes=head.notes,
        session_rpe=head.session_rpe,
        bodyweight=head.bodyweight,
        bodyweight_unit=head.bodyweight_unit,
        sets=tuple(sets),
    )


def _source(head: WorkoutHead) -> WorkoutSource:
    """The source that the workout had, so that its first app's file adds nothing; or its id here."""
    if head.source is None:
        return WorkoutSource(app=FORMAT, key=str(head.id))
    return WorkoutSource(app=head.source.app, key=head.source.key)
