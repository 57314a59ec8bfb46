"""Histories without the people: pseudonyms for ids, other dates, no birthday and no words of the athlete's own.

What metrics compute from stays: loads, reps, bodyweights, sex, weekdays, the days between workouts. It is personal data
still: docs/write-a-step.md says what this protects from, and what not.
"""

import hmac
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from uuid import UUID

import polars as pl
from msgspec import Struct

from analytics.frames import SCHEMAS, History
from models.domain.bounds import FIRST_CUSTOM_EXERCISE_ID

# Column by column, so that one that histories gain later stays out until somebody has thought about it.
KEPT: dict[str, tuple[str, ...]] = {
    "sets": (
        *("session", "position", "exercise_id", "kind", "load_mode", "reps", "load_g", "rpe_tenths", "rir_tenths"),
        *("duration_ms", "distance_mm", "side"),
    ),
    "workouts": (
        *("athlete", "session", "workout_id", "performed_on", "started_at", "duration_s", "session_rpe_tenths"),
        "bodyweight_g",
    ),
    "exercises": (*("exercise_id", "name", "pattern", "load_mode", "unilateral", "implements", "bodyweight_permille"),),
    "muscles": ("exercise_id", "muscle", "share_milli"),
    "bodyweights": ("athlete", "day", "bodyweight_g"),
    "athletes": ("athlete", "sex", "birth_year", "level", "show_acwr"),
}
REMOVED = (
    "names and e-mail addresses of athletes, ids of accounts",
    "notes, names of workouts and names of custom exercises",
    "birth years: the first year of five instead",
    "ids of workouts: pseudonyms by a key that is not kept",
    "dates: moved into the past by 1 to 520 whole weeks, by a number of each athlete's own that is not kept",
)
PSEUDONYM, AS_OF = "pseudonym", "as_of"
MOST_WEEKS, BIRTH_YEARS = 520, 5


class Person(Struct, frozen=True, kw_only=True):
    """An athlete's history, by the true id, with athlete and session numbered from 0."""

    athlete_id: UUID
    history: History


def pseudonymous(people: Sequence[Person], key: bytes) -> dict[str, pl.DataFrame]:
    """The frames of all of them together; the same key gives the same pseudonyms and weeks."""
    customs = _customs(person.history for person in people)
    parts: dict[str, list[pl.DataFrame]] = {name: [] for name in SCHEMAS}
    session = 0
    # In the order of the pseudonyms, which tells nothing of the order of the accounts.
    for number, person in enumerate(sorted(people, key=lambda person: pseudonym(person, key))):
        told = _Told(person, key, number=number, first_session=session)
        session += person.history.workouts.height
        for name in SCHEMAS:
            parts[name].append(told.frame(name))
    frames = {name: pl.concat(found) for name, found in parts.items()}
    for name in ("exercises", "muscles"):
        frames[name] = frames[name].unique(maintain_order=True).sort(*frames[name].columns[:2])
    return {name: _renumbered(rows, customs) for name, rows in frames.items()}


def pseudonym(person: Person, key: bytes) -> str:
    """What stands for the athlete."""
    return _keyed(key, "athlete", str(person.athlete_id))


class _Told:
    """What is told of one person, frame by frame."""

    def __init__(self, person: Person, key: bytes, *, number: int, first_session: int) -> None:
        self._person, self._key = person, key
        self._number, self._first = number, first_session
        weeks = 1 + int(_keyed(key, "weeks", str(person.athlete_id)), 16) % MOST_WEEKS
        self._earlier = timedelta(weeks=weeks)

    def frame(self, name: str) -> pl.DataFrame:
        rows: pl.DataFrame = getattr(self._person.history, name).select(KEPT[name])
        return rows.with_columns(self._changed(name, rows))

    def _changed(self, name: str, rows: pl.DataFrame) -> list[pl.Expr | pl.Series]:
        """The columns that become others."""
        number = pl.lit(self._number, pl.Int32).alias("athlete")
        session = (pl.col("session") + self._first).cast(pl.Int32)
        if name == "sets":
            return [session]
        if name == "workouts":
            ids = [_keyed(self._key, "workout", workout_id) for workout_id in rows.get_column("workout_id")]
            moved = [pl.col(column) - self._earlier for column in ("performed_on", "started_at")]
            return [number, session, pl.Series("workout_id", ids, pl.String), *moved]
        if name == "bodyweights":
            return [number, pl.col("day") - self._earlier]
        return [number, *self._athlete()] if name == "athletes" else []

    def _athlete(self) -> list[pl.Expr]:
        as_of: date = self._person.history.as_of - self._earlier
        return [
            pl.col("birth_year") - pl.col("birth_year") % BIRTH_YEARS,
            pl.lit(pseudonym(self._person, self._key)).alias(PSEUDONYM),
            pl.lit(as_of, pl.Date).alias(AS_OF),
        ]


def _customs(histories: Iterable[History]) -> dict[int, int]:
    """New numbers for the athletes' own exercises, in their order."""
    known = {number for history in histories for number in history.exercises.get_column("exercise_id")}
    own = sorted(number for number in known if number >= FIRST_CUSTOM_EXERCISE_ID)
    return {number: FIRST_CUSTOM_EXERCISE_ID + at for at, number in enumerate(own)}


def _renumbered(rows: pl.DataFrame, customs: dict[int, int]) -> pl.DataFrame:
    if "exercise_id" not in rows.columns:
        return rows
    rows = rows.with_columns(pl.col("exercise_id").replace(customs))
    if "name" not in rows.columns:
        return rows
    custom = pl.col("exercise_id") >= FIRST_CUSTOM_EXERCISE_ID
    name = pl.format("Custom exercise {}", pl.col("exercise_id") - FIRST_CUSTOM_EXERCISE_ID + 1)
    return rows.with_columns(pl.when(custom).then(name).otherwise("name").alias("name"))


def _keyed(key: bytes, purpose: str, text: str) -> str:
    return hmac.digest(key, f"{purpose}\n{text}".encode(), "sha256").hex()[:16]
