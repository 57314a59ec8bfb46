"""Arranging tests: small valid things, with only what matters to a test spelled out."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from models import ids
from models.domain.exercises import LoadMode
from models.domain.sets import SetDraft, SetKind, SetTarget
from models.domain.units import MassUnit
from models.domain.workouts import WorkoutDraft
from models.queries.visibility import VisibleAthlete, system
from models.tables import Account, AthleteClock

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
BACK_SQUAT, BENCH_PRESS = 100, 1000


def a_set(exercise_id: int = BACK_SQUAT, **fields: Any) -> SetDraft:
    """A working set of 5 at 100 kg unless told otherwise."""
    defaults: dict[str, Any] = {"load": 100, "load_unit": MassUnit.KG, "reps": 5}
    return SetDraft(exercise_id=exercise_id, **{**defaults, **fields})


def a_workout(**fields: Any) -> WorkoutDraft:
    """Two sets, started an hour before NOW."""
    started_at = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
    defaults: dict[str, Any] = {"started_at": started_at, "time_zone": "Europe/Berlin", "sets": (a_set(), a_set())}
    return WorkoutDraft(**{**defaults, **fields})


def a_full_set(exercise_id: int = BACK_SQUAT) -> SetDraft:
    """A set with every field recorded."""
    return SetDraft(
        exercise_id=exercise_id,
        kind=SetKind.TOP,
        load=225,
        load_unit=MassUnit.LB,
        load_mode=LoadMode.EXTERNAL,
        reps=3,
        rpe=8.5,
        duration_s=12.5,
        distance_m=1.25,
        rest_s=180,
        superset=1,
        chain=1,
        side=None,
        tempo="3-1-X-0",
        target=SetTarget(reps_low=3, reps_high=5, load=230, load_unit=MassUnit.LB, rir=1.5),
        note="Belt on.",
    )


async def an_athlete(session: AsyncSession, *, time_zone: str = "UTC", role: str = "athlete") -> VisibleAthlete:
    """An account with its clock, as registering leaves it."""
    athlete_id: UUID = ids.new()
    session.add(
        Account(
            id=athlete_id,
            email=f"{athlete_id}@example.org",
            password_hash="unused",
            display_name=None,
            role=role,
            time_zone=time_zone,
            mass_unit=1,
            created_at=NOW,
        )
    )
    await session.flush()
    session.add(AthleteClock(athlete_id=athlete_id, data_version=0, changed_at=NOW))
    await session.flush()
    return system(athlete_id)
