"""The same recording and reading the usual way, to measure against: FastAPI, pydantic, SQLAlchemy's ORM, pyjwt.

It is written as its authors would write it and given the benefit of the doubt: everything asynchronous, no per-request
look-up of the user, no idempotency keys, no ETags, no doorbell, eager loading in one extra statement.
"""

import os
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from typing import Annotated, Any, Self, cast
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import jwt
from fastapi import Depends, FastAPI, HTTPException, Query, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator
from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    SmallInteger,
    Table,
    Uuid,
    select,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, selectinload

from models.domain.exercises import LoadMode
from models.domain.units import MassUnit
from models.domain.workouts import SetKind, Side

Small = Annotated[int, mapped_column(SmallInteger)]


class Base(DeclarativeBase):
    type_annotation_map = {datetime: DateTime(timezone=True), dict[str, Any]: JSON}  # noqa: RUF012 - by SQLAlchemy


# The product's own tables, named for their foreign keys only.
ACCOUNTS = Table("accounts", Base.metadata, Column("id", Uuid, primary_key=True))
EXERCISES = Table("exercises", Base.metadata, Column("id", BigInteger, primary_key=True))
OWN_TABLES = ("variant_clocks", "variant_workouts", "variant_sets", "variant_revisions", "variant_outbox")


class Clock(Base):
    __tablename__ = "variant_clocks"

    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    data_version: Mapped[int] = mapped_column(BigInteger, default=0)


class Workout(Base):
    __tablename__ = "variant_workouts"
    __table_args__ = (Index("ix_variant_workouts_newest", "athlete_id", "started_at", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    data_version: Mapped[int] = mapped_column(BigInteger)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    time_zone: Mapped[str]
    performed_on: Mapped[date]
    title: Mapped[str | None]
    notes: Mapped[str | None]
    session_rpe: Mapped[float | None]
    bodyweight: Mapped[float | None]
    bodyweight_unit: Mapped[str | None]
    source: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    sets: Mapped[list["SetEntry"]] = relationship(order_by="SetEntry.position", cascade="all, delete-orphan")


class SetEntry(Base):
    __tablename__ = "variant_sets"

    workout_id: Mapped[UUID] = mapped_column(ForeignKey("variant_workouts.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[Small] = mapped_column(primary_key=True)
    exercise_id: Mapped[int] = mapped_column(ForeignKey("exercises.id"))
    kind: Mapped[str]
    load: Mapped[float | None]
    load_unit: Mapped[str | None]
    load_mode: Mapped[str | None]
    reps: Mapped[Small | None]
    rpe: Mapped[float | None]
    rir: Mapped[float | None]
    duration_s: Mapped[float | None]
    distance_m: Mapped[float | None]
    rest_s: Mapped[int | None]
    superset: Mapped[Small | None]
    side: Mapped[str | None]
    note: Mapped[str | None]


class Revision(Base):
    __tablename__ = "variant_revisions"

    workout_id: Mapped[UUID] = mapped_column(ForeignKey("variant_workouts.id", ondelete="CASCADE"), primary_key=True)
    data_version: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    action: Mapped[str]
    record: Mapped[dict[str, Any]]
    recorded_at: Mapped[datetime]
    actor_id: Mapped[UUID]


class OutboxEvent(Base):
    __tablename__ = "variant_outbox"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    topic: Mapped[str]
    created_at: Mapped[datetime]


class SetFields(BaseModel):
    exercise_id: Annotated[int, Field(ge=1, le=2_147_483_647)]
    kind: SetKind = SetKind.WORKING
    load: Annotated[float, Field(ge=0, le=5_000)] | None = None
    load_unit: MassUnit | None = None
    load_mode: LoadMode | None = None
    reps: Annotated[int, Field(ge=0, le=10_000)] | None = None
    rpe: Annotated[float, Field(ge=0, le=10)] | None = None
    rir: Annotated[float, Field(ge=0, le=30)] | None = None
    duration_s: Annotated[float, Field(ge=0, le=604_800)] | None = None
    distance_m: Annotated[float, Field(ge=0, le=1_000_000)] | None = None
    rest_s: Annotated[int, Field(ge=0, le=86_400)] | None = None
    superset: Annotated[int, Field(ge=1, le=1_000)] | None = None
    side: Side | None = None
    note: Annotated[str, Field(min_length=1, max_length=10_000)] | None = None


class SetIn(SetFields):
    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="after")
    def fields_agree(self) -> Self:
        if (self.load is None) != (self.load_unit is None):
            raise ValueError("`load` and `load_unit` go together.")
        if self.rpe is not None and self.rir is not None:
            raise ValueError("Give RPE or RIR, not both.")
        return self


class WorkoutFields(BaseModel):
    started_at: AwareDatetime
    time_zone: Annotated[str, Field(min_length=1, max_length=64)]
    ended_at: AwareDatetime | None = None
    title: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    notes: Annotated[str, Field(min_length=1, max_length=10_000)] | None = None
    session_rpe: Annotated[float, Field(ge=0, le=10)] | None = None
    bodyweight: Annotated[float, Field(ge=0, le=5_000)] | None = None
    bodyweight_unit: MassUnit | None = None


class WorkoutIn(WorkoutFields):
    model_config = ConfigDict(extra="forbid")

    sets: Annotated[list[SetIn], Field(min_length=1, max_length=500)]

    @model_validator(mode="after")
    def fields_agree(self) -> Self:
        if self.started_at > datetime.now(UTC):
            raise ValueError("A workout cannot start in the future.")
        if self.ended_at is not None and self.ended_at < self.started_at:
            raise ValueError("A workout cannot end before it starts.")
        if (self.bodyweight is None) != (self.bodyweight_unit is None):
            raise ValueError("`bodyweight` and `bodyweight_unit` go together.")
        return self


class SetOut(SetFields):
    model_config = ConfigDict(from_attributes=True)

    # The variant answers with the rare fields, and is spared taking and keeping them.
    circuit: int | None = None
    chain: int | None = None
    tempo: str | None = None
    target: None = None


class WorkoutOut(WorkoutFields):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    data_version: int
    performed_on: date
    source: dict[str, Any] | None
    created_at: datetime
    updated_at: datetime
    sets: list[SetOut]


class WorkoutPage(BaseModel):
    items: list[WorkoutOut]
    next_cursor: str | None


async def session(request: Request) -> AsyncIterator[AsyncSession]:
    async with request.app.state.sessions() as open_session:
        yield open_session


async def athlete(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]
) -> UUID:
    try:
        claims = cast(Any, jwt).decode(credentials.credentials, request.app.state.secret, ["HS256"])
    except jwt.InvalidTokenError:
        raise HTTPException(401, "The access token is not valid.") from None
    return UUID(claims["sub"])


Session = Annotated[AsyncSession, Depends(session)]
Athlete = Annotated[UUID, Depends(athlete)]


async def record_workout(draft: WorkoutIn, database: Session, athlete_id: Athlete) -> Workout:
    now = datetime.now(UTC)
    clock = await database.get_one(Clock, athlete_id, with_for_update=True)
    clock.data_version += 1
    workout = Workout(
        **draft.model_dump(exclude={"sets"}),
        id=uuid4(),
        athlete_id=athlete_id,
        data_version=clock.data_version,
        performed_on=draft.started_at.astimezone(ZoneInfo(draft.time_zone)).date(),
        source=None,
        created_at=now,
        updated_at=now,
        sets=[SetEntry(position=at, **entry.model_dump()) for at, entry in enumerate(draft.sets)],
    )
    database.add(workout)
    await _flush(database)
    database.add_all(_history(draft, workout, athlete_id, now))
    await database.commit()
    return workout


async def get_workout(workout_id: UUID, database: Session, athlete_id: Athlete) -> Workout:
    statement = select(Workout).options(selectinload(Workout.sets))
    mine = Workout.id == workout_id, Workout.athlete_id == athlete_id
    workout = (await database.scalars(statement.where(*mine))).one_or_none()
    if workout is None:
        raise HTTPException(404, "There is no such workout.")
    return workout


async def list_workouts(
    database: Session, athlete_id: Athlete, limit: Annotated[int, Query(ge=1, le=100)] = 20
) -> dict[str, Any]:
    statement = select(Workout).options(selectinload(Workout.sets)).where(Workout.athlete_id == athlete_id)
    newest = statement.order_by(Workout.started_at.desc(), Workout.id.desc()).limit(limit + 1)
    found = (await database.scalars(newest)).all()
    cursor = found[limit - 1].started_at.isoformat() if len(found) > limit else None
    return {"items": found[:limit], "next_cursor": cursor}


def create() -> FastAPI:
    """The application, configured by the two variables that the benchmark sets for its process."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        engine = create_async_engine(_address(os.environ["VARIANT_DSN"]), pool_size=10)
        app.state.sessions = async_sessionmaker(engine, expire_on_commit=False)
        app.state.secret = os.environ["VARIANT_SECRET"]
        yield
        await engine.dispose()

    app = FastAPI(lifespan=lifespan)
    workouts = "/v1/athletes/me/workouts"
    app.add_api_route(workouts, record_workout, methods=["POST"], status_code=201, response_model=WorkoutOut)
    app.add_api_route(workouts, list_workouts, methods=["GET"], response_model=WorkoutPage)
    app.add_api_route(workouts + "/{workout_id}", get_workout, methods=["GET"], response_model=WorkoutOut)
    return app


async def create_tables(dsn: str) -> None:
    engine = create_async_engine(_address(dsn))
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all, tables=[Base.metadata.tables[name] for name in OWN_TABLES])
    await engine.dispose()


async def add_clocks(dsn: str, athletes: Sequence[UUID]) -> None:
    engine = create_async_engine(_address(dsn))
    async with AsyncSession(engine) as database, database.begin():
        database.add_all(Clock(athlete_id=athlete_id) for athlete_id in athletes)
    await engine.dispose()


async def _flush(database: AsyncSession) -> None:
    try:
        await database.flush()
    except IntegrityError:
        raise HTTPException(422, "There is no such exercise.") from None


def _history(draft: WorkoutIn, workout: Workout, athlete_id: UUID, now: datetime) -> list[Base]:
    revision = Revision(
        workout_id=workout.id,
        data_version=workout.data_version,
        action="create",
        record=draft.model_dump(mode="json", exclude_defaults=True),
        recorded_at=now,
        actor_id=athlete_id,
    )
    return [revision, OutboxEvent(athlete_id=athlete_id, topic="athlete.changed", created_at=now)]


def _address(dsn: str) -> str:
    return dsn.replace("postgresql://", "postgresql+asyncpg://", 1)
