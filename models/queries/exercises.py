"""Reads of exercises: the catalogue and, beside it, the athlete's own."""

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Struct

from models.db import Session, raw
from models.domain.catalogue import normalise
from models.domain.errors import NotFound
from models.domain.exercises import (
    LOAD_MODES_BY_CODE,
    Equipment,
    Exercise,
    JointTag,
    Mechanics,
    Muscle,
    MuscleShare,
    Pattern,
)
from models.queries.visibility import VisibleAthlete
from models.readers import exercise_search

COLUMNS = (
    "id, public_id, owner_id, slug, name, aliases, muscles, pattern, equipment, mechanics, load_mode, unilateral,"
    " implements, bodyweight_permille, joint_tags, substitutions, data_version"
)
VISIBLE = "(owner_id IS NULL OR owner_id = $1)"
ONE = f"SELECT {COLUMNS} FROM exercises WHERE {VISIBLE} AND id = $2"
FILTERED = f"""{VISIBLE} AND ($2::jsonb IS NULL OR muscles @> $2) AND ($3::text IS NULL OR $3 = ANY (equipment))
    AND ($4::text IS NULL OR pattern = $4) AND NOT joint_tags && $5::text[]"""
PAGE = f"""
SELECT {COLUMNS} FROM exercises
WHERE {FILTERED} AND ($6::text IS NULL OR (lower(name), id) > ($6, $7))
ORDER BY lower(name), id LIMIT $8
"""
NAMES = f"SELECT id, name, owner_id IS NOT NULL AS custom FROM exercises WHERE {FILTERED}"
OF_IDS = f"SELECT {COLUMNS} FROM exercises WHERE {VISIBLE} AND id = ANY ($2::int[])"
OWN_NAMES = "SELECT id, name FROM exercises WHERE owner_id = $1 ORDER BY id DESC"


class Filter(Struct, frozen=True, kw_only=True):
    """What listed exercises have in common; `without_joints` leaves out those that load any of these."""

    muscle: Muscle | None = None
    equipment: Equipment | None = None
    pattern: Pattern | None = None
    without_joints: tuple[JointTag, ...] = ()


class Place(Struct, frozen=True, kw_only=True):
    """Where an exercise stands in the order of relevance: the best first, then by name."""

    rank: int
    name: str
    id: int

    def key(self) -> tuple[int, str, int]:
        return -self.rank, self.name, self.id


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
    chosen: Filter,
    after: tuple[str, int] | None = None,
    limit: int,
) -> list[Exercise]:
    """A page by name, beginning after the (lower-case name, id) of the page before."""
    rows = await (await raw(session)).fetch(PAGE, *_filtered(athlete, chosen), *(after or (None, None)), limit)
    return [exercise(row) for row in rows]


async def search_exercises(
    session: Session,
    athlete: VisibleAthlete,
    *,
    query: str,
    chosen: Filter,
    after: Place | None = None,
    limit: int,
) -> list[tuple[Place, Exercise]]:
    """A page by relevance, each exercise with its place, beginning after that of the page before."""
    connection = await raw(session)
    names = await connection.fetch(NAMES, *_filtered(athlete, chosen))
    places = sorted(_places(query, names), key=Place.key)
    page = [place for place in places if after is None or place.key() > after.key()][:limit]
    rows = await connection.fetch(OF_IDS, athlete.athlete_id, [place.id for place in page])
    found = {row["id"]: exercise(row) for row in rows}
    return [(place, found[place.id]) for place in page]


async def own_names(session: Session, athlete: VisibleAthlete) -> dict[str, int]:
    """The athlete's own exercises by their normal names; of several spelled alike, the first made."""
    rows = await (await raw(session)).fetch(OWN_NAMES, athlete.athlete_id)
    return {spelling: row["id"] for row in rows if (spelling := normalise(row["name"]))}


def _filtered(athlete: VisibleAthlete, chosen: Filter) -> tuple[Any, ...]:
    trains = None if chosen.muscle is None else msgspec.json.encode([{"muscle": chosen.muscle}]).decode()
    joints = [joint.value for joint in chosen.without_joints]
    return athlete.athlete_id, trains, chosen.equipment, chosen.pattern, joints


def _places(query: str, rows: list[Any]) -> Iterator[Place]:
    """The place of each of these exercises that answers the query."""
    own = {row["id"]: exercise_search.spellings(row["name"]) for row in rows if row["custom"]}
    asked = exercise_search.query(query, own.values())
    candidates, known = exercise_search.candidates(asked), exercise_search.of_catalogue()
    for row in rows:
        spellings = own.get(row["id"]) or (known[row["id"]] if row["id"] in candidates else ())
        if rank := exercise_search.rank(asked, spellings):
            yield Place(rank=rank, name=row["name"].lower(), id=row["id"])


def exercise(row: Any) -> Exercise:
    """An exercise from a row with COLUMNS."""
    return Exercise(
        data_version=row["data_version"],
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
        joint_tags=tuple(JointTag(item) for item in row["joint_tags"]),
        substitutions=tuple(row["substitutions"]),
    )
