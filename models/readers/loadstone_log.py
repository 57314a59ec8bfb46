"""What both forms of Loadstone's own export share: records, checked one by one, become a log that can be restored."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from msgspec import Struct

from models.domain import catalogue, exercises, items
from models.domain.errors import Invalid
from models.domain.exercises import CustomExerciseDraft
from models.domain.exports import VERSION, OwnExercise, OwnItem, OwnMerge, Rest, Settings
from models.domain.nouns import NOUNS_BY_KIND
from models.domain.profile import PROFILE
from models.domain.receipts import ReceiptWarning, RejectedRow, UnitFinding
from models.domain.time_zones import is_time_zone
from models.readers.cells import BadCell
from models.readers.loadstone_workouts import FORMAT, NEVER, Workouts
from models.readers.parsed import ImportedWorkout, ParsedLog
from models.readers.rows import refuse

SETTINGS_RULE = "The time zone and unit of the export are taken over by an account that holds nothing yet."
_PATH = re.compile(r" - at `\$\.?(?P<path>[^`]*)`$")
_NAMED = re.compile(r"field `(?P<field>\w+)`")
T = TypeVar("T", bound=Struct)


def converted(value: Any, shape: type[T]) -> T:
    """The value in this shape; BadCell names the field that does not fit."""
    try:
        return msgspec.convert(value, shape)
    except msgspec.ValidationError as error:
        raise bad(str(error)) from None


def decoded(data: msgspec.Raw, shape: type[T]) -> T:
    """The JSON in this shape; BadCell names the field that does not fit."""
    try:
        return msgspec.json.decode(data, type=shape)
    except msgspec.ValidationError as error:
        raise bad(str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BadCell("data", "This is not JSON.") from None


def bad(message: str) -> BadCell:
    """A decoder's complaint as a rejection."""
    path, named = _PATH.search(message), _NAMED.search(message)
    field = path["path"] if path and path["path"] else named["field"] if named else "record"
    return BadCell(field, f"{_PATH.sub('', message)}.")


def check_version(version: int) -> None:
    """Invalid for an export of a version that this code does not know."""
    if version != VERSION:
        raise refuse(f"This is version {version} of Loadstone's export; this Loadstone reads version {VERSION}.")


class Assembly:
    """The account of every record of a file."""

    def __init__(self) -> None:
        self.rows_read = 0
        self._others: Counter[str] = Counter()
        self._rejected: list[RejectedRow] = []
        self._settings: Settings | None = None
        self._exercises: dict[int, OwnExercise] = {}
        self._public_ids: set[UUID] = set()
        self._names: set[str] = set()
        self._merges: dict[int, tuple[int, OwnMerge]] = {}
        self._items: dict[tuple[str, UUID | None], tuple[int, OwnItem]] = {}
        self._exercise_lines: dict[int, int] = {}
        self.workouts = Workouts(self.reject)
        self._catalogue = catalogue.load()

    def reject(self, line: int, field: str, reason: str) -> None:
        self._rejected.append(RejectedRow(line=line, field=field, reason=reason))

    def count(self, kind: str) -> None:
        """A row that is no set, and is understood."""
        self._others[kind] += 1

    def settings(self, settings: Settings) -> None:
        if not is_time_zone(settings.time_zone):
            raise BadCell("time_zone", "Not an IANA time zone name.")
        if self._settings is not None:
            raise BadCell("record", "The settings are stated twice.")
        self._settings = settings

    def exercise(self, line: int, exercise: OwnExercise) -> None:
        if exercise.id in self._exercises or exercise.public_id in self._public_ids:
            raise BadCell("id", "Another exercise of the file has this id.")
        # Which names differ only in case, the database says.
        if exercise.name in self._names:
            raise BadCell("name", "Another exercise of the file has this name.")
        _check_exercise(exercise)
        self._names.add(exercise.name)
        self._public_ids.add(exercise.public_id)
        self._exercises[exercise.id] = exercise
        self._exercise_lines[exercise.id] = line

    def merge(self, line: int, merge: OwnMerge) -> None:
        if merge.exercise_id in self._merges:
            raise BadCell("exercise_id", "This exercise is merged already.")
        self._merges[merge.exercise_id] = (line, merge)

    def item(self, line: int, item: OwnItem) -> None:
        noun = NOUNS_BY_KIND.get(item.kind)
        if noun is None:
            raise BadCell("kind", "This Loadstone knows no such record.")
        if (item.id is None) != (noun is PROFILE):
            raise BadCell("id", "A profile has no id, and everything else has one.")
        if (item.kind, item.id) in self._items:
            raise BadCell("id", "Another record of the file has this id.")
        draft = converted(item.record, noun.draft)
        try:
            items.check(noun, draft, now=NEVER)
        except Invalid as error:
            raise BadCell(error.faults[0].path.removeprefix("$."), error.faults[0].message) from None
        self._items[(item.kind, item.id)] = (line, item)

    def finish(self, variant: str) -> ParsedLog:
        """The log. Only now is known which exercises there are."""
        self._settle_exercises()
        self._settle_merges()
        self._settle_items()
        imported = self.workouts.imported(self._name)
        rest = Rest(
            settings=self._settings,
            exercises=tuple(self._exercises.values()),
            merges=tuple(merge for _, merge in self._merges.values()),
            items=tuple(item for _, item in self._items.values()),
        )
        return ParsedLog(
            format=FORMAT,
            variant=variant,
            unit=_unit(imported),
            unit_missing=False,
            rows_read=self.rows_read,
            workouts=tuple(imported),
            non_set_rows=dict(sorted(self._others.items())),
            rejected=tuple(sorted(self._rejected, key=lambda row: row.line)),
            warnings=self._warnings(),
            rest=msgspec.json.encode(rest),
        )

    def _warnings(self) -> tuple[ReceiptWarning, ...]:
        return () if self._settings is None else (ReceiptWarning(line=None, field="settings", reason=SETTINGS_RULE),)

    def _known(self, exercise_id: int) -> bool:
        return self._name(exercise_id) is not None

    def _settle_exercises(self) -> None:
        for number, exercise in list(self._exercises.items()):
            if not all(self._known(other) for other in exercise.substitutions):
                del self._exercises[number]
                self._withdraw("exercise", self._exercise_lines[number], "substitutions")

    def _settle_merges(self) -> None:
        for number, (line, merge) in list(self._merges.items()):
            if merge.exercise_id not in self._exercises or not self._known(merge.target_id):
                del self._merges[number]
                self._withdraw("merge", line, "exercise_id")
        left = {number: merge for number, (_, merge) in self._merges.items()}
        for number, (line, merge) in list(self._merges.items()):
            if number in _followed(merge.target_id, left):
                del self._merges[number], left[number]
                self._withdraw("merge", line, "target_id", "An exercise cannot be merged into itself.")

    def _settle_items(self) -> None:
        for key, (line, item) in list(self._items.items()):
            noun = NOUNS_BY_KIND[item.kind]
            draft = msgspec.convert(item.record, noun.draft)
            strange = [path for path, number in noun.exercises(draft) if not self._known(number)]
            if strange:
                del self._items[key]
                self._withdraw(item.kind, line, strange[0].removeprefix("$."))

    def _withdraw(self, kind: str, line: int, field: str, reason: str = "There is no such exercise.") -> None:
        """Reject what was counted as understood."""
        self._others[kind] -= 1
        self._others += Counter()
        self.reject(line, field, reason)

    def _name(self, exercise_id: int) -> str | None:
        exercise = self._exercises.get(exercise_id) or self._catalogue.by_id.get(exercise_id)
        return None if exercise is None else exercise.name


def _check_exercise(exercise: OwnExercise) -> None:
    named = CustomExerciseDraft(name=exercise.name, muscles=exercise.muscles)
    try:
        exercises.check(named)
    except Invalid as error:
        raise BadCell(error.faults[0].path.removeprefix("$."), error.faults[0].message) from None


def _followed(exercise_id: int, merges: Mapping[int, OwnMerge]) -> Iterator[int]:
    met: set[int] = set()
    while exercise_id not in met:
        met.add(exercise_id)
        yield exercise_id
        exercise_id = merges[exercise_id].target_id if exercise_id in merges else exercise_id


def _unit(imported: list[ImportedWorkout]) -> UnitFinding:
    found = {entry.load_unit for item in imported for entry in item.workout.sets if entry.load_unit}
    evidence = f"The file states {' and '.join(sorted(found))} with its loads." if found else "No set has a load."
    return UnitFinding(value=found.pop() if len(found) == 1 else None, inferred=False, evidence=evidence)
