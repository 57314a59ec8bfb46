"""Exercises of an athlete's own: made and edited by the athlete, or made by an import that meets an unknown name."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import UniqueViolationError

from models import ids
from models.db import Session, raw
from models.domain.errors import Conflict, NotFound, Stale
from models.domain.events import Topic
from models.domain.exercises import LOAD_MODE_CODES, CustomExerciseDraft, Exercise, check
from models.queries.exercises import COLUMNS, exercise
from models.queries.visibility import VisibleAthlete

# Whatever follows in the transaction sees every write that came before, and none comes between.
LOCK = "SELECT data_version FROM athlete_clocks WHERE athlete_id = $1 FOR UPDATE"
RAISE = "UPDATE athlete_clocks SET data_version = $2, changed_at = $3 WHERE athlete_id = $1"
EVENT = "INSERT INTO outbox (athlete_id, topic, created_at) VALUES ($1, $2, $3)"
OWN = f"SELECT {COLUMNS} FROM exercises WHERE owner_id = $1 AND id = $2"
OF_PUBLIC_ID = f"SELECT {COLUMNS} FROM exercises WHERE owner_id = $1 AND public_id = $2"
_DRAFTED = (
    "name, muscles, pattern, equipment, mechanics, load_mode, unilateral, implements, bodyweight_permille, joint_tags"
)
CREATE = f"""
INSERT INTO exercises (id, public_id, owner_id, data_version, aliases, {_DRAFTED})
VALUES (nextval('custom_exercise_ids'), $1, $2, $3, '{{}}', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
RETURNING {COLUMNS}
"""
EDIT = f"""
UPDATE exercises SET data_version = $3,
    ({_DRAFTED}) = ROW ($4, $5::jsonb, $6, $7::text[], $8, $9, $10, $11, $12, $13::text[])
WHERE owner_id = $1 AND id = $2 RETURNING {COLUMNS}
"""
MADE = """
SELECT record::text FROM exercise_revisions WHERE athlete_id = $1 AND exercise_id = $2 AND action = 'create'
"""
REVISION = """
INSERT INTO exercise_revisions (athlete_id, exercise_id, data_version, action, record, recorded_at, actor_id)
VALUES ($1, $2, $3, $4, $5::json, $6, $7)
"""
NAMED = "SELECT id, lower(name) AS key FROM exercises WHERE owner_id = $1 AND lower(name) = ANY ($2::text[])"
LOWER = "SELECT name, lower(name) AS key FROM unnest($1::text[]) AS name"
MAKE = """
INSERT INTO exercises (id, owner_id, public_id, data_version, name, aliases, muscles, pattern, equipment, load_mode,
    unilateral, implements, bodyweight_permille)
SELECT nextval('custom_exercise_ids'), $1, public_id, version, name, '{}', '[]', 'other', '{}', 1, false, 1, 0
FROM unnest($2::text[], $3::uuid[], $4::bigint[]) AS wanted (name, public_id, version)
RETURNING id, lower(name) AS key, name, data_version
"""


async def create_custom(
    session: Session, draft: CustomExerciseDraft, *, athlete: VisibleAthlete, public_id: UUID, now: datetime
) -> Exercise:
    """Make an exercise of the athlete's own; the same public id and draft again gives it as it is.

    Raises Invalid, or Conflict where its name or public id is taken. In a transaction.
    """
    check(draft)
    connection, owner = await raw(session), athlete.athlete_id
    version = await _locked(connection, owner) + 1
    known = await connection.fetchrow(OF_PUBLIC_ID, owner, public_id)
    if known is not None and await _was_made_so(connection, owner, known["id"], draft):
        return exercise(known)
    try:
        row = await connection.fetchrow(CREATE, public_id, owner, version, *_columns(draft))
    except UniqueViolationError:
        raise Conflict("You already have an exercise of this name or public id.") from None
    await _remember(connection, owner, row["id"], version, "create", draft, now)
    return exercise(row)


async def edit_custom(
    session: Session,
    draft: CustomExerciseDraft,
    *,
    athlete: VisibleAthlete,
    exercise_id: int,
    now: datetime,
    expected_version: int | None = None,
) -> Exercise:
    """Describe an exercise of the athlete's own anew; its sets stay as they are. In a transaction.

    Raises Invalid, NotFound, Stale, or Conflict where another one has the name. Saying the same again changes nothing.
    """
    check(draft)
    connection, owner = await raw(session), athlete.athlete_id
    version = await _locked(connection, owner) + 1
    known = await connection.fetchrow(OWN, owner, exercise_id)
    if known is None:
        raise NotFound("There is no such exercise of your own.")
    if _says(known, draft):
        return exercise(known)
    if expected_version not in (None, known["data_version"]):
        message = "The exercise has changed since the version you edited."
        raise Stale(message, current_version=known["data_version"], given_version=expected_version or 0)
    try:
        row = await connection.fetchrow(EDIT, owner, exercise_id, version, *_columns(draft))
    except UniqueViolationError:
        raise Conflict("You already have an exercise of this name.") from None
    await _remember(connection, owner, exercise_id, version, "edit", draft, now)
    return exercise(row)


async def ensure_custom(
    session: Session, names: Sequence[str], *, athlete: VisibleAthlete, now: datetime
) -> dict[str, int]:
    """The id of each name among the athlete's own exercises, made where there is none yet. In a transaction."""
    connection, owner = await raw(session), athlete.athlete_id
    version = await _locked(connection, owner)
    # PostgreSQL's lower case, which its unique index goes by.
    keys = {row["name"]: row["key"] for row in await connection.fetch(LOWER, list(names))}
    known = {row["key"]: row["id"] for row in await connection.fetch(NAMED, owner, list(keys.values()))}
    wanted = {key: name for name, key in sorted(keys.items(), reverse=True) if key not in known}
    versions = range(version + 1, version + len(wanted) + 1)
    made = await connection.fetch(MAKE, owner, list(wanted.values()), [ids.new() for _ in wanted], list(versions))
    for row in made:
        draft = CustomExerciseDraft(name=row["name"])
        await _remember(connection, owner, row["id"], row["data_version"], "create", draft, now)
    known |= {row["key"]: row["id"] for row in made}
    return {name: known[key] for name, key in keys.items()}


async def _was_made_so(connection: Any, owner: UUID, exercise_id: int, draft: CustomExerciseDraft) -> bool:
    record = await connection.fetchval(MADE, owner, exercise_id)
    return record is not None and msgspec.json.decode(record, type=CustomExerciseDraft) == _plain(draft)


def _plain(draft: CustomExerciseDraft) -> CustomExerciseDraft:
    """The draft without what a route adds to it."""
    return CustomExerciseDraft(**{name: getattr(draft, name) for name in CustomExerciseDraft.__struct_fields__})


def _says(row: Any, draft: CustomExerciseDraft) -> bool:
    known = exercise(row)
    return all(getattr(known, name) == getattr(draft, name) for name in CustomExerciseDraft.__struct_fields__)


async def _locked(connection: Any, owner: UUID) -> int:
    version: int | None = await connection.fetchval(LOCK, owner)
    if version is None:
        raise NotFound("There is no such athlete.")
    return version


async def _remember(
    connection: Any, owner: UUID, exercise_id: int, version: int, action: str, draft: CustomExerciseDraft, now: datetime
) -> None:
    """The clock at the new version, the revision, and the event: muscles of an exercise decide numbers."""
    record = msgspec.json.encode(_plain(draft)).decode()
    await connection.execute(RAISE, owner, version, now)
    await connection.execute(REVISION, owner, exercise_id, version, action, record, now, owner)
    if action == "edit":
        await connection.execute(EVENT, owner, Topic.ATHLETE_CHANGED, now)


def _columns(draft: CustomExerciseDraft) -> tuple[Any, ...]:
    return (
        draft.name,
        msgspec.json.encode(draft.muscles).decode(),
        draft.pattern.value,
        [item.value for item in draft.equipment],
        None if draft.mechanics is None else draft.mechanics.value,
        LOAD_MODE_CODES[draft.load_mode],
        draft.unilateral,
        draft.implements,
        round(draft.bodyweight_fraction * 1000),
        [tag.value for tag in draft.joint_tags],
    )
