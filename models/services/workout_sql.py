"""The hot statements of recording, each one round trip.

Every one raises the athlete's clock first: its row lock, held to the commit, orders all writes to an athlete,
so versions are gapless and the change feed is commit-ordered.
"""

from msgspec import Struct

from models.domain.events import Topic
from models.services.workout_rows import SET_COLUMNS, WORKOUT_COLUMNS

_W = len(WORKOUT_COLUMNS)
_S = len(SET_COLUMNS)


def _placeholders(first: int, count: int) -> str:
    return ", ".join(f"${number}" for number in range(first, first + count))


def _insert_sets(first: int, source: str) -> str:
    """Sets, details and nothing else; `source` is a CTE that is empty when nothing may be written."""
    arrays = ", ".join(f"${first + at}::{kind}[]" for at, kind in enumerate(SET_COLUMNS.values()))
    names = ", ".join(SET_COLUMNS)
    at, text, note, extras = range(first + _S, first + _S + 4)
    return f"""
sets AS (
    INSERT INTO set_entries (athlete_id, workout_id, position, performed_on, {names})
    SELECT $1, $2, entry.ordinal - 1, $3, {", ".join(f"entry.{name}" for name in SET_COLUMNS)}
    FROM {source}, unnest({arrays}) WITH ORDINALITY AS entry ({names}, ordinal)
), details AS (
    INSERT INTO set_details (athlete_id, workout_id, position, load_text, note, extras)
    SELECT $1, $2, detail.position, detail.load_text, detail.note, detail.extras::jsonb
    FROM {source}, unnest(${at}::smallint[], ${text}::text[], ${note}::text[], ${extras}::text[])
    AS detail (position, load_text, note, extras)
)"""


def _insert_revision(action: str, source: str) -> str:
    """The revision ($4 actor, $5 now, $6 schema version, $7 record) and the event that wakes the analysis."""
    return f"""
revision AS (
    INSERT INTO workout_revisions
        (athlete_id, workout_id, data_version, action, schema_version, record, recorded_at, actor_id)
    SELECT $1, $2, {source}.data_version, '{action}', $6, $7::json, $5, $4 FROM {source}
), event AS (
    INSERT INTO outbox (athlete_id, topic, created_at) SELECT $1, '{Topic.ATHLETE_CHANGED}', $5 FROM {source}
)"""


_RAISE = """
UPDATE athlete_clocks SET data_version = data_version + 1, changed_at = $5, last_recorded_at = $5
WHERE athlete_id = $1"""

# $1 athlete, $2 workout, $3 performed_on, $4 actor, $5 now, $6 schema version, $7 record, $8 custom exercise ids,
# $9 create digest, $10 representation, $11 body, then the workout's columns, the sets' arrays and the details' arrays.
_RECORD_COLUMNS_AT = 12
RECORD = f"""
WITH clock AS ({_RAISE}
    AND NOT EXISTS (SELECT FROM workouts WHERE athlete_id = $1 AND id = $2)
    AND cardinality($8::int[]) = (SELECT count(*) FROM exercises WHERE owner_id = $1 AND id = ANY ($8))
    RETURNING data_version
), workout AS (
    INSERT INTO workouts (athlete_id, id, data_version, create_digest, created_at, updated_at, representation, body,
        {", ".join(WORKOUT_COLUMNS)})
    SELECT $1, $2, clock.data_version, $9, $5, $5, $10, $11, {_placeholders(_RECORD_COLUMNS_AT, _W)} FROM clock
), {_insert_sets(_RECORD_COLUMNS_AT + _W, "clock")}, {_insert_revision("create", "clock")}
SELECT data_version FROM clock
"""


class Replacement(Struct, frozen=True, kw_only=True):
    """The two statements that put a new state in the place of another."""

    workout: str
    sets: str


_EDITED = WORKOUT_COLUMNS[:-2]


def _replacement(action: str, *, also: str, where: str) -> Replacement:
    """Of the workout: $3 the expected version, $4 representation, $6 body, then its columns but for its source.

    Of its sets: $8 the new version, then the sets' arrays and the details' arrays.
    """
    workout = f"""
WITH clock AS ({_RAISE} RETURNING data_version
), workout AS (
    UPDATE workouts SET data_version = clock.data_version, updated_at = $5, representation = $4, body = $6, {also}
        {", ".join(f"{name} = ${7 + at}" for at, name in enumerate(_EDITED))}
    FROM clock WHERE athlete_id = $1 AND id = $2 AND workouts.data_version = $3 {where}
    RETURNING workouts.data_version
)
SELECT data_version FROM workout
"""
    sets = f"""
WITH clock AS (SELECT $8::bigint AS data_version
), {_insert_sets(9, "clock")}, {_insert_revision(action, "clock")}
SELECT data_version FROM clock
"""
    return Replacement(workout=workout, sets=sets)


EDIT = _replacement("edit", also="", where="AND deleted_at IS NULL")
RESTORE = _replacement("restore", also="deleted_at = NULL,", where="")

# $3 the expected version or null, $6 schema version, $7 the record: null, for there is none any more.
DELETE = f"""
WITH clock AS ({_RAISE} RETURNING data_version
), workout AS (
    UPDATE workouts SET data_version = clock.data_version, updated_at = $5, deleted_at = $5, body = NULL
    FROM clock WHERE athlete_id = $1 AND id = $2 AND deleted_at IS NULL
        AND ($3::bigint IS NULL OR workouts.data_version = $3)
    RETURNING workouts.data_version
), {_insert_revision("delete", "workout")}
SELECT data_version FROM workout
"""
# A statement of its own, under the clock's lock: the one before cannot see sets that an edit wrote while it waited.
CLEAR_SETS = "DELETE FROM set_entries WHERE athlete_id = $1 AND workout_id = $2"
