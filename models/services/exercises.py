"""Exercises of an athlete's own: made by the athlete, or by an import that meets an unknown name."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import UniqueViolationError

from models import ids
from models.db import Session, raw
from models.domain.errors import Conflict
from models.domain.exercises import LOAD_MODE_CODES, CustomExerciseDraft, Exercise, check
from models.queries.exercises import COLUMNS, exercise
from models.queries.visibility import VisibleAthlete

# A retry with the same public id and name is the same write; the no-op update makes RETURNING give the row.
CREATE = f"""
INSERT INTO exercises (id, {COLUMNS.removeprefix("id, ")})
VALUES (nextval('custom_exercise_ids'), $1, $2, NULL, $3, '{{}}', $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (owner_id, public_id) DO UPDATE SET name = exercises.name WHERE exercises.name = excluded.name
RETURNING {COLUMNS}
"""
ENSURE = """
WITH wanted AS (
    SELECT name, lower(name) AS key, public_id FROM unnest($2::text[], $3::uuid[]) AS given (name, public_id)
), made AS (
    INSERT INTO exercises (id, owner_id, public_id, name, aliases, muscles, pattern, equipment, load_mode, unilateral,
        implements, bodyweight_permille)
    SELECT nextval('custom_exercise_ids'), $1, public_id, name, '{}', '[]', 'other', '{}', 1, false, 1, 0
    FROM (SELECT DISTINCT ON (key) * FROM wanted ORDER BY key, name) AS first
    ON CONFLICT (owner_id, lower(name)) DO UPDATE SET name = exercises.name
    RETURNING id, lower(name) AS key
)
SELECT wanted.name, made.id FROM wanted JOIN made USING (key)
"""


async def create_custom(
    session: Session, athlete: VisibleAthlete, draft: CustomExerciseDraft, *, public_id: UUID
) -> Exercise:
    """Make an exercise of the athlete's own; raises Invalid, or Conflict where its name or public id is taken."""
    check(draft)
    try:
        row = await (await raw(session)).fetchrow(CREATE, public_id, athlete.athlete_id, *_columns(draft))
    except UniqueViolationError:
        row = None
    if row is None:
        raise Conflict("You already have an exercise of this name or public id.")
    return exercise(row)


async def ensure_custom(session: Session, athlete: VisibleAthlete, names: Sequence[str]) -> dict[str, int]:
    """The id of each name among the athlete's own exercises, made where there is none yet."""
    public_ids = [ids.new() for _ in names]
    rows = await (await raw(session)).fetch(ENSURE, athlete.athlete_id, list(names), public_ids)
    return {row["name"]: row["id"] for row in rows}


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
    )
