"""Seeding the exercise catalogue into its table: idempotent, and never removing an id that history may name."""

from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain import catalogue
from models.domain.exercises import LOAD_MODE_CODES, CatalogueExercise
from models.tables import Exercise


async def seed(session: AsyncSession) -> int:
    """Bring the table to the data file's state; returns the number of catalogue exercises."""
    rows = [_row(exercise) for exercise in catalogue.load().by_id.values()]
    statement = insert(Exercise).values(rows)
    changes = {name: statement.excluded[name] for name in rows[0] if name != "id"}
    await session.execute(statement.on_conflict_do_update(index_elements=[Exercise.id], set_=changes))
    return len(rows)


def _row(exercise: CatalogueExercise) -> dict[str, Any]:
    return {
        "id": exercise.id,
        "slug": exercise.slug,
        "name": exercise.name,
        "aliases": list(exercise.aliases),
        "muscles": [{"muscle": target.muscle.value, "share": target.share} for target in exercise.muscles],
        "pattern": exercise.pattern.value,
        "equipment": [item.value for item in exercise.equipment],
        "mechanics": exercise.mechanics.value,
        "load_mode": LOAD_MODE_CODES[exercise.load_mode],
        "unilateral": exercise.unilateral,
        "implements": exercise.implements,
        "bodyweight_permille": round(exercise.bodyweight_fraction * 1000),
        "joint_tags": [tag.value for tag in exercise.joint_tags],
        "substitutions": list(exercise.substitutions),
    }
