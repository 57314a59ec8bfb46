"""What a workout may be made of: the domain's rules, and exercises that exist and are the athlete's to use."""

from collections.abc import Sequence
from datetime import datetime

from models.db import Session, raw
from models.domain import workouts
from models.domain.bounds import FIRST_CUSTOM_EXERCISE_ID
from models.domain.catalogue import load as load_catalogue
from models.domain.errors import Fault, Invalid
from models.domain.workouts import WorkoutDraft
from models.queries.visibility import VisibleAthlete

OWN_CUSTOM = "SELECT id FROM exercises WHERE owner_id = $1 AND id = ANY ($2::int[])"


async def check(session: Session, draft: WorkoutDraft, *, athlete: VisibleAthlete, now: datetime) -> None:
    """Raises Invalid with every fault of a draft, or with every exercise that is unknown."""
    workouts.check(draft, now=now)
    await refuse_strange(session, custom_exercises(draft), draft, athlete=athlete)


async def refuse_strange(
    session: Session, custom: Sequence[int], draft: WorkoutDraft, *, athlete: VisibleAthlete
) -> None:
    """Raise Invalid for custom exercises that are not the athlete's own."""
    if not custom:
        return
    rows = await (await raw(session)).fetch(OWN_CUSTOM, athlete.athlete_id, custom)
    if strange := set(custom) - {row["id"] for row in rows}:
        raise _unknown_exercises(draft, strange)


def custom_exercises(draft: WorkoutDraft) -> list[int]:
    """The distinct custom exercises of a draft; raises Invalid for a catalogue id that does not exist."""
    used = {entry.exercise_id for entry in draft.sets}
    custom = {number for number in used if number >= FIRST_CUSTOM_EXERCISE_ID}
    if unknown := used - custom - load_catalogue().by_id.keys():
        raise _unknown_exercises(draft, unknown)
    return sorted(custom)


def _unknown_exercises(draft: WorkoutDraft, unknown: set[int]) -> Invalid:
    return Invalid(
        [
            Fault(path=f"$.sets[{at}].exercise_id", message="There is no such exercise.")
            for at, entry in enumerate(draft.sets)
            if entry.exercise_id in unknown
        ]
    )
