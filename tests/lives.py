"""Athletes whose history changes in every way that it can: by seeded chance, through the services that the API uses."""

import io
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from models import ids, readers
from models.db import raw
from models.domain.errors import Conflict
from models.domain.exercises import CustomExerciseDraft, LoadMode, Muscle, MuscleShare
from models.domain.field_profiles import Level
from models.domain.measurements import MEASUREMENT, MeasurementDraft, MeasurementKind, MeasurementUnit
from models.domain.merges import MergeDraft
from models.domain.profile import PROFILE, ProfileDraft, Sex
from models.domain.sets import SetDraft, SetKind, Side
from models.domain.units import MassUnit
from models.domain.workouts import WorkoutDraft
from models.queries.visibility import VisibleAthlete
from models.readers.parsed import ParsedLog
from models.services import exercises, import_jobs, imports, items, merges, workouts
from tests.factories import BACK_SQUAT, BENCH_PRESS, NOW, an_athlete
from tests.models.services.importing import do_step, upload

BODYWEIGHT_SQUAT, PISTOL_SQUAT = 119, 123
FIRST = datetime(2026, 1, 5, 18, 0, tzinfo=UTC)
# Instants that are the same for two things on one day decide between them by kind and id.
HOURS = (7, 18, 18, 21)
HEADER = "Date,Workout Name,Duration,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes,Workout Notes,RPE\n"


class Life:
    """An athlete and what may happen to the history. Every happening has a later `now`."""

    def __init__(self, session: AsyncSession, athlete: VisibleAthlete, seed: int) -> None:
        self.session = session
        self.athlete = athlete
        self.chance = Random(seed)
        self.now = NOW
        self.own: list[int] = []
        self.happenings: tuple[Callable[[], Awaitable[None]], ...] = (
            *[self.record] * 5,
            *(self.edit, self.edit, self.delete, self.restore, self.weigh, self.weigh, self.weigh_again, self.unweigh),
            *(self.tell, self.make_exercise, self.edit_exercise, self.merge, self.merge, self.unmerge),
            *(self.bring_file, self.correct_unit, self.undo_file),
        )

    async def go_on(self, times: int = 1) -> None:
        """Let so many things happen."""
        for _ in range(times):
            self.now += timedelta(minutes=1)
            await self.chance.choice(self.happenings)()

    async def record(self) -> None:
        await workouts.record_workout(self.session, self.a_workout(), workout_id=ids.new(), **self._who)

    async def edit(self) -> None:
        row = await self._one("SELECT id, data_version FROM workouts WHERE athlete_id = $1 AND deleted_at IS NULL")
        if row is not None:
            version = {"workout_id": row["id"], "expected_version": row["data_version"]}
            await workouts.edit_workout(self.session, self.a_workout(), **version, **self._who)

    async def delete(self) -> None:
        row = await self._one("SELECT id FROM workouts WHERE athlete_id = $1 AND deleted_at IS NULL")
        if row is not None:
            await workouts.delete_workout(self.session, workout_id=row["id"], **self._who)

    async def restore(self) -> None:
        row = await self._one(
            "SELECT workout_id, data_version AS revision FROM workout_revisions"
            " WHERE athlete_id = $1 AND record IS NOT NULL"
        )
        if row is not None:
            with suppress(Conflict):
                async with self.session.begin_nested():
                    await workouts.restore_workout(self.session, **dict(row), **self._who)

    async def weigh(self) -> None:
        await items.create_item(self.session, MEASUREMENT, self.a_measurement(), item_id=ids.new(), **self._who)

    async def weigh_again(self) -> None:
        row = await self._item(MEASUREMENT.kind)
        if row is not None:
            version = {"item_id": row["id"], "expected_version": row["data_version"]}
            await items.edit_item(self.session, MEASUREMENT, self.a_measurement(), **version, **self._who)

    async def unweigh(self) -> None:
        row = await self._item(MEASUREMENT.kind)
        if row is not None:
            await items.delete_item(self.session, MEASUREMENT, item_id=row["id"], **self._who)

    async def tell(self) -> None:
        draft = ProfileDraft(
            sex=self.chance.choice([None, *Sex]),
            birth_year=self.chance.choice([None, 1980, 2001]),
            level=self.chance.choice(list(Level)),
            show_acwr=self.chance.random() < 0.5,
        )
        row = await self._item(PROFILE.kind)
        key: dict[str, Any] = {"item_id": self.athlete.athlete_id, **self._who}
        if row is None:
            await items.create_item(self.session, PROFILE, draft, **key)
        else:
            await items.edit_item(self.session, PROFILE, draft, expected_version=row["data_version"], **key)

    async def make_exercise(self) -> None:
        made = await exercises.create_custom(
            self.session, self.an_exercise(), athlete=self.athlete, public_id=ids.new(), now=self.now
        )
        self.own.append(made.id)

    async def edit_exercise(self) -> None:
        if self.own:
            draft, chosen = self.an_exercise(), self.chance.choice(self.own)
            await exercises.edit_custom(self.session, draft, athlete=self.athlete, exercise_id=chosen, now=self.now)

    async def merge(self) -> None:
        if not self.own:
            return
        target = self.chance.choice([BACK_SQUAT, BODYWEIGHT_SQUAT, *self.own])
        start = self.chance.choice(self.own)
        if start == target:
            return
        with suppress(Conflict):
            draft = MergeDraft(exercise_id=start, target_id=target)
            await merges.merge(self.session, draft, athlete=self.athlete, now=self.now)

    async def unmerge(self) -> None:
        row = await self._one("""
            SELECT exercise_id AS id FROM exercise_merges WHERE athlete_id = $1 AND undone_at IS NULL""")
        if row is not None:
            await merges.undo(self.session, row["id"], athlete=self.athlete, now=self.now)

    async def bring_file(self) -> None:
        first = self.chance.randrange(200)
        exercise = self.chance.choice(["Squat (Barbell)", "Pull Up", "My Own Lift"])
        lines = [
            f'{FIRST + timedelta(days=day):%Y-%m-%d %H:%M:%S},"A day",41m,"{exercise}",{at},{80 + day},5,0,0,,,\n'
            for day in range(first, first + self.chance.randint(1, 4))
            for at in (1, 2)
        ]
        log = readers.read(io.BytesIO((HEADER + "".join(lines)).encode()), time_zone="UTC", unit=MassUnit.KG)
        import_id = await upload(self.session, self.athlete, "".join(lines).encode(), unit=MassUnit.KG)
        await self._do(import_id, log)

    async def correct_unit(self) -> None:
        row = await self._one("SELECT id, unit FROM imports WHERE athlete_id = $1 AND phase = 'published'")
        if row is not None:
            unit = MassUnit.LB if row["unit"] == 1 else MassUnit.KG
            await imports.correct_unit(
                self.session, self.athlete, row["id"], unit=unit, requested_by=self._id, now=self.now
            )
            await self._do(row["id"])

    async def undo_file(self) -> None:
        row = await self._one("SELECT id FROM imports WHERE athlete_id = $1 AND phase = 'published'")
        if row is not None:
            await imports.undo(self.session, self.athlete, row["id"], requested_by=self._id, now=self.now)
            await self._do(row["id"])

    def a_workout(self) -> WorkoutDraft:
        started_at = self._instant()
        weight = self.chance.choice([None, None, None, 80.0, 81.3])
        return WorkoutDraft(
            started_at=started_at,
            time_zone=self.chance.choice(["UTC", "Pacific/Auckland"]),
            ended_at=self.chance.choice([None, started_at + timedelta(seconds=self.chance.randint(0, 9000))]),
            session_rpe=self.chance.choice([None, 6.5, 9]),
            bodyweight=weight,
            bodyweight_unit=None if weight is None else self.chance.choice(list(MassUnit)),
            sets=tuple(self.a_set() for _ in range(self.chance.randint(1, 5))),
        )

    def a_set(self) -> SetDraft:
        load = self.chance.choice([None, 0, 20, 60, 100])
        return SetDraft(
            exercise_id=self.chance.choice([BACK_SQUAT, BENCH_PRESS, BODYWEIGHT_SQUAT, PISTOL_SQUAT, *self.own * 2]),
            kind=self.chance.choice([*SetKind, *[SetKind.WORKING] * 5]),
            load=load,
            load_unit=None if load is None else self.chance.choice(list(MassUnit)),
            load_mode=self.chance.choice([None, None, None, LoadMode.ASSISTED, LoadMode.EXTERNAL]),
            reps=self.chance.choice([None, 0, 1, 5, 8]),
            rpe=self.chance.choice([None, 8]),
            side=self.chance.choice([None, None, Side.LEFT, Side.EACH]),
        )

    def a_measurement(self) -> MeasurementDraft:
        is_bodyweight = self.chance.random() < 0.8
        return MeasurementDraft(
            measured_at=self._instant(),
            time_zone=self.chance.choice(["UTC", "Pacific/Auckland"]),
            kind=MeasurementKind.BODYWEIGHT if is_bodyweight else MeasurementKind.WAIST,
            value=self.chance.choice([75.0, 82.5, 90.1]),
            unit=self.chance.choice([MeasurementUnit.KG, MeasurementUnit.LB]) if is_bodyweight else MeasurementUnit.CM,
        )

    def an_exercise(self) -> CustomExerciseDraft:
        return CustomExerciseDraft(
            name=f"Own {self.chance.randrange(10**9)}",
            muscles=tuple(MuscleShare(muscle=one, share=0.5) for one in self.chance.sample(list(Muscle), 2)),
            load_mode=self.chance.choice([LoadMode.EXTERNAL, LoadMode.BODYWEIGHT_PLUS]),
            unilateral=self.chance.random() < 0.3,
            implements=self.chance.choice([1, 2]),
            bodyweight_fraction=self.chance.choice([0, 0.5]),
        )

    def _instant(self) -> datetime:
        day = FIRST + timedelta(days=self.chance.randrange(40))
        return day.replace(hour=self.chance.choice(HOURS))

    @property
    def _who(self) -> dict[str, Any]:
        return {"athlete": self.athlete, "actor_id": self.athlete.athlete_id, "now": self.now}

    @property
    def _id(self) -> UUID:
        return self.athlete.athlete_id

    async def _do(self, import_id: UUID, log: ParsedLog | None = None) -> None:
        """All that is due about an import."""
        while (job := await import_jobs.begin(self.session, self.athlete, import_id, now=self.now)) is not None:
            await do_step(self.session, self.athlete, job, log=log, now=self.now)

    async def _item(self, kind: str) -> Any:
        live = "athlete_id = $1 AND deleted_at IS NULL"
        return await self._one(f"SELECT id, data_version FROM athlete_items WHERE {live} AND kind = '{kind}'")

    async def _one(self, statement: str) -> Any:
        """One of the rows, by chance."""
        rows = await (await raw(self.session)).fetch(f"{statement} ORDER BY 1", self.athlete.athlete_id)
        return self.chance.choice(rows) if rows else None


async def a_life(session: AsyncSession, seed: int) -> Life:
    """An athlete who has an own exercise and a few workouts."""
    life = Life(session, await an_athlete(session), seed)
    await life.make_exercise()
    for _ in range(4):
        await life.record()
    return life
