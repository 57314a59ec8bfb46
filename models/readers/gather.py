"""Gathering rows into workouts, and the account of those that are not sets."""

import sys
from collections import Counter
from datetime import date, datetime, timedelta

import msgspec

from models.domain import units
from models.domain.bounds import MAX_BODYWEIGHT_G, MAX_LOAD_G, MAX_SETS, MIN_BODYWEIGHT_G
from models.domain.receipts import ReceiptWarning, RejectedRow, UnitFinding
from models.domain.units import MassUnit
from models.domain.workouts import WorkoutSource
from models.readers import clock, plates
from models.readers.cells import NOTE_LENGTH, TITLE_LENGTH, BadCell, shortened
from models.readers.parsed import ImportedWorkout, ParsedLog, ParsedSet, ParsedWorkout, Terms
from models.readers.rows import refuse

# The evidence of a unit that neither the file nor arithmetic told.
GIVEN = "The unit was given."
LONGEST_WORKOUT = timedelta(hours=24)
MOST_REPS_WITH_LOAD = 1_000
FASTEST_M_S = 30.0
HEAVIEST_BODYWEIGHT = 5_000
MAX_WORKOUTS = 100_000


class Pending:
    """A workout whose rows are still coming. Slots: a file may hold hundreds of thousands."""

    __slots__ = (
        "bodyweight", "bodyweight_unit", "exercise_notes", "length", "line", "noted", "notes", "sets", "start", "title",
    )  # fmt: skip

    def __init__(self, line: int, start: date, title: str | None) -> None:
        self.line = line
        self.start = start
        self.title = title
        self.notes: str | None = None
        self.length: timedelta | None = None
        self.bodyweight: float | None = None
        self.bodyweight_unit: MassUnit | None = None
        self.sets: list[ParsedSet] = []
        self.exercise_notes: dict[str, str] | None = None
        self.noted: set[tuple[str, str]] | None = None

    def add(self, entry: ParsedSet) -> None:
        """A set, which takes the note that was written for its exercise before it."""
        if self.exercise_notes and (waiting := self.exercise_notes.pop(entry.exercise, None)):
            entry = msgspec.structs.replace(entry, note=_joined(waiting, entry.note))
        self.sets.append(entry)

    def note_exercise(self, exercise: str, text: str) -> None:
        """A note of an exercise, for its next set."""
        waiting = self.exercise_notes = self.exercise_notes or {}
        waiting[exercise] = _joined(waiting.get(exercise), text)

    def note_once(self, exercise: str, text: str | None) -> None:
        """A note that an export repeats on each set of its exercise."""
        noted = self.noted = self.noted or set()
        if text and (exercise, text) not in noted:
            noted.add((exercise, text))
            self.note_exercise(exercise, text)

    def note_workout(self, text: str | None) -> None:
        """The workout's note; exports repeat it on each row."""
        if text and text not in (self.notes or ""):
            self.notes = _joined(self.notes, text)

    def all_notes(self) -> str | None:
        """The workout's notes, with those of exercises that no set followed."""
        for exercise, text in (self.exercise_notes or {}).items():
            self.note_workout(f"{exercise}: {text}")
        return self.notes


class Gathering:
    """Collects one file's rows; `finish` gives the log, in which every row read is accounted for once."""

    def __init__(self, app: str, terms: Terms) -> None:
        self.zone = clock.zone(terms.time_zone)
        self.app = app
        self.terms = terms
        self.rows_read = 0
        self.non_set_rows: Counter[str] = Counter()
        self.rejected: list[RejectedRow] = []
        self.warnings: list[ReceiptWarning] = []
        self._workouts: dict[str, Pending] = {}
        self._warned: set[tuple[str, str]] = set()

    def workout(self, line: int, start: date, title: str | None, *, key: str | None = None) -> Pending:
        """The workout of this key in the source; without one, of this start: a date, a local time or an instant."""
        key = key or clock.key(start)
        pending = self._workouts.get(key)
        if pending is None:
            if len(self._workouts) >= MAX_WORKOUTS:
                raise refuse(f"The file has more than {MAX_WORKOUTS:,} workouts.")
            pending = self._workouts[key] = Pending(line, start, self._cut(line, "title", title, TITLE_LENGTH))
        elif title and pending.title and title[:TITLE_LENGTH] != pending.title:
            self.warn(pending.line, "title", f"Two titles start at {_said(start)}; they became one workout.")
        return pending

    def weigh(self, pending: Pending, line: int, value: float | None, unit: MassUnit | None) -> None:
        """The athlete's bodyweight at a workout, the first stated; without a unit it has that of the file's loads."""
        if not value or pending.bodyweight is not None:
            return
        if 0 < value <= HEAVIEST_BODYWEIGHT and _is_bodyweight(value, unit or MassUnit.KG):
            pending.bodyweight, pending.bodyweight_unit = value, unit
        else:
            self.warn(line, "bodyweight", f"{value:g} is no bodyweight.")

    def record(self, pending: Pending, entry: ParsedSet) -> None:
        """A set, refused when its values cannot be true of one set."""
        _check_plausible(entry)
        if entry.rpe is not None and entry.rir is not None:
            entry = msgspec.structs.replace(entry, rir=None, note=_joined(entry.note, f"RIR {entry.rir:g}"))
        if entry.note and len(entry.note) > NOTE_LENGTH:
            entry = msgspec.structs.replace(entry, note=self._cut(entry.line, "note", entry.note, NOTE_LENGTH))
        pending.add(entry)

    def reject(self, line: int, field: str, reason: str) -> None:
        self.rejected.append(RejectedRow(line=line, field=field, reason=sys.intern(reason)))

    def warn(self, line: int | None, field: str, reason: str) -> None:
        """A warning, once for each reason."""
        if (field, reason) not in self._warned:
            self._warned.add((field, reason))
            self.warnings.append(ReceiptWarning(line=line, field=field, reason=reason))

    def set_length(self, pending: Pending, line: int, length: timedelta | None) -> None:
        """How long the workout took. A timer that nobody stopped is not its length."""
        if length is None or pending.length is not None:
            return
        if timedelta(0) <= length <= LONGEST_WORKOUT:
            pending.length = length
        else:
            self.warn(line, "duration", f"A workout of {length} was recorded without its end.")

    def finish(self, variant: str) -> ParsedLog:
        """The log. Only now is the unit of loads without one known."""
        finding, missing = self._unit()
        parts = [part for key, pending in self._workouts.items() for part in self._parts(key, pending, finding)]
        workouts = tuple(sorted(parts, key=lambda part: part.workout.started_at))
        return ParsedLog(
            format=self.app,
            variant=variant,
            unit=finding,
            unit_missing=missing,
            rows_read=self.rows_read,
            workouts=workouts,
            non_set_rows=dict(sorted(self.non_set_rows.items())),
            rejected=tuple(sorted(self.rejected, key=lambda row: row.line)),
            warnings=tuple(self.warnings),
        )

    def _unit(self) -> tuple[UnitFinding, bool]:
        sets = [entry for pending in self._workouts.values() for entry in pending.sets if entry.load is not None]
        unstated = [entry for entry in sets if entry.load_unit is None]
        if not unstated:
            return self._stated({entry.load_unit for entry in sets if entry.load}), False
        if self.terms.unit is not None:
            return UnitFinding(value=self.terms.unit, inferred=False, evidence=GIVEN), False
        if not any(entry.load for entry in unstated):
            return UnitFinding(value=MassUnit.KG, inferred=True, evidence="No set has a load."), False
        return self._inferred(plates.infer((entry.exercise, entry.load) for entry in unstated if entry.load))

    def _inferred(self, finding: UnitFinding) -> tuple[UnitFinding, bool]:
        if finding.value is not None:
            return finding, False
        taken = self.terms.undecided_unit
        remedy = f"{taken}, the athlete's own unit, was taken" if taken else "state the unit"
        doubt = f"The loads do not tell kilograms from pounds: {remedy}."
        self.warn(None, "unit", doubt)
        return msgspec.structs.replace(finding, value=taken, evidence=f"{doubt} {finding.evidence}"), taken is None

    def _stated(self, found: set[MassUnit | None]) -> UnitFinding:
        if self.terms.unit is not None and found - {self.terms.unit}:
            self.warn(None, "unit", f"The file states its units; `{self.terms.unit}` was not needed.")
        stated = sorted(unit for unit in found if unit is not None)
        evidence = f"The file states {' and '.join(stated)} with its loads." if stated else "No set has a load."
        return UnitFinding(value=stated[0] if len(stated) == 1 else None, inferred=False, evidence=evidence)

    def _parts(self, key: str, pending: Pending, finding: UnitFinding) -> list[ImportedWorkout]:
        sets = [entry for entry in (self._settled(entry, finding.value) for entry in pending.sets) if entry]
        if len(sets) > MAX_SETS:
            self.warn(pending.line, "sets", f"A workout of {len(sets)} sets became several of at most {MAX_SETS}.")
        chunks = [sets[at : at + MAX_SETS] for at in range(0, len(sets), MAX_SETS)]
        return [self._imported(key, pending, chunk, number, finding) for number, chunk in enumerate(chunks, start=1)]

    def _settled(self, entry: ParsedSet, unit: MassUnit | None) -> ParsedSet | None:
        if entry.load is not None and entry.load_unit is None and unit is not None:
            entry = msgspec.structs.replace(entry, load_unit=unit)
        if entry.load is None or entry.load_unit is None or units.grams(entry.load, entry.load_unit) <= MAX_LOAD_G:
            return entry
        self.reject(entry.line, "weight", f"{entry.load:g} {entry.load_unit} is more than {MAX_LOAD_G // 1000:,} kg.")
        return None

    def _imported(
        self, key: str, pending: Pending, sets: list[ParsedSet], number: int, finding: UnitFinding
    ) -> ImportedWorkout:
        started_at, doubt = clock.instant(pending.start, self.zone)
        bodyweight, bodyweight_unit = _weighed(pending, finding.value)
        if doubt:
            self.warn(pending.line, "date", f"{_said(pending.start)} in {self.terms.time_zone}: {doubt}")
        workout = ParsedWorkout(
            started_at=started_at,
            time_zone=self.terms.time_zone,
            ended_at=_end(started_at, pending.length),
            title=pending.title,
            notes=self._cut(pending.line, "notes", pending.all_notes(), NOTE_LENGTH) if number == 1 else None,
            bodyweight=bodyweight,
            bodyweight_unit=bodyweight_unit,
            sets=tuple(sets),
        )
        source = WorkoutSource(app=self.app, key=key if number == 1 else f"{key}#{number}")
        return ImportedWorkout(workout=workout, source=source)

    def _cut(self, line: int, field: str, text: str | None, length: int) -> str | None:
        cut = shortened(text, length)
        if cut != text:
            self.warn(line, field, f"Cut to {length:,} characters.")
        return cut


def _end(started_at: datetime, length: timedelta | None) -> datetime | None:
    """When a workout ended; None where nobody knows, or where it would be after the end of the calendar."""
    try:
        return None if length is None else started_at + length
    except OverflowError:
        return None


def _weighed(pending: Pending, unit: MassUnit | None) -> tuple[float | None, MassUnit | None]:
    """The bodyweight with its unit, or with the file's; none where neither is known or it cannot be true in it."""
    unit = pending.bodyweight_unit or unit
    if pending.bodyweight is None or unit is None or not _is_bodyweight(pending.bodyweight, unit):
        return None, None
    return pending.bodyweight, unit


def _is_bodyweight(value: float, unit: MassUnit) -> bool:
    return MIN_BODYWEIGHT_G <= units.grams(value, unit) <= MAX_BODYWEIGHT_G


def _said(start: date) -> str:
    return start.isoformat(" ") if isinstance(start, datetime) else start.isoformat()


def _check_plausible(entry: ParsedSet) -> None:
    if entry.load and entry.reps and entry.reps > MOST_REPS_WITH_LOAD:
        raise BadCell("reps", f"{entry.reps:,} repetitions of a loaded set are more than {MOST_REPS_WITH_LOAD:,}.")
    if entry.distance_m and entry.duration_s and entry.distance_m > FASTEST_M_S * entry.duration_s:
        pace = f"{entry.distance_m:,.0f} m in {entry.duration_s:,.0f} s"
        raise BadCell("distance", f"{pace} is faster than {FASTEST_M_S:.0f} m/s.")


def _joined(first: str | None, second: str | None) -> str:
    return "\n".join(text for text in (first, second) if text)
