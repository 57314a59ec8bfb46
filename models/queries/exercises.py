"""Reads of exercises: the catalogue and, beside it, the athlete's own."""

from typing import Any

import msgspec

from models.db import Session, raw
from models.domain.errors import NotFound
from models.domain.exercises import (
    LOAD_MODES_BY_CODE,
    Equipment,
    Exercise,
    Mechanics,
    Muscle,
    MuscleShare,
    Pattern,
)
from models.queries.visibility import VisibleAthlete

COLUMNS = (
    "id, public_id, owner_id, slug, name, aliases, muscles, pattern, equipment, mechanics, load_mode, unilateral,"
    " implements, bodyweight_permille"
)
VISIBLE = "(owner_id IS NULL OR owner_id = $1)"
ONE = f"SELECT {COLUMNS} FROM exercises WHERE {VISIBLE} AND id = $2"
PAGE = f"""
SELECT {COLUMNS} FROM exercises
WHERE {VISIBLE} AND ($2::text IS NULL OR (lower(name), id) > ($2, $3))
    AND ($4::text IS NULL OR position(lower($4) in lower(name)) > 0
        OR EXISTS (SELECT FROM unnest(aliases) AS alias WHERE position(lower($4) in lower(alias)) > 0))
    AND ($5::jsonb IS NULL OR muscles @> $5) AND ($6::text IS NULL OR $6 = ANY (equipment))
ORDER BY lower(name), id LIMIT $7
"""


async def get_exercise(session: Session, athlete: VisibleAthlete, exercise_id: int) -> Exercise:
    """One exercise; raises NotFound for another athlete's."""
    row = await (await raw(session)).fetchrow(ONE, athlete.athlete_id, exercise_id)
    if row is None:
        raise NotFound("There is no such exercise.")
    return exercise(row)


async def list_exercises(
    session: Session,
    athlete: VisibleAthlete,
    *,
    query: str | None = None,
    muscle: Muscle | None = None,
    equipment: Equipment | None = None,
    after: tuple[str, int] | None = None,
    limit: int,
) -> list[Exercise]:
    """A page by name, beginning after the (lower-case name, id) of the page before."""
    name, number = after or (None, None)
    trains = None if muscle is None else msgspec.json.encode([{"muscle": muscle}]).decode()
    rows = await (await raw(session)).fetch(PAGE, athlete.athlete_id, name, number, query, trains, equipment, limit)
    return [exercise(row) for row in rows]


def exercise(row: Any) -> Exercise:
    """An exercise from a row with COLUMNS."""
    return Exercise(
        id=row["id"],
        public_id=row["public_id"],
        custom=row["owner_id"] is not None,
        slug=row["slug"],
        name=row["name"],
        aliases=tuple(row["aliases"]),
        muscles=msgspec.convert(row["muscles"], tuple[MuscleShare, ...]),
        pattern=Pattern(row["pattern"]),
        equipment=tuple(Equipment(item) for item in row["equipment"]),
        mechanics=None if row["mechanics"] is None else Mechanics(row["mechanics"]),
        load_mode=LOAD_MODES_BY_CODE[row["load_mode"]],
        unilateral=row["unilateral"],
        implements=row["implements"],
        bodyweight_fraction=row["bodyweight_permille"] / 1000,
    )
