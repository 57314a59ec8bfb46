"""Pages of what an athlete states beside workouts, and of its history: `next_cursor` is null on the last one."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from models.domain.equipment import PlaceOut
from models.domain.exclusions import ExclusionOut
from models.domain.goals import GoalOut
from models.domain.measurements import MeasurementOut
from models.domain.profile import ProfileOut


class MeasurementPage(Struct, frozen=True, kw_only=True):
    items: tuple[MeasurementOut, ...]
    next_cursor: str | None


class GoalPage(Struct, frozen=True, kw_only=True):
    items: tuple[GoalOut, ...]
    next_cursor: str | None


class PlacePage(Struct, frozen=True, kw_only=True):
    items: tuple[PlaceOut, ...]
    next_cursor: str | None


class ExclusionPage(Struct, frozen=True, kw_only=True):
    items: tuple[ExclusionOut, ...]
    next_cursor: str | None


class ItemRevisionOut(Struct, frozen=True, kw_only=True):
    """What a write left: `action` is create, edit or delete, whose content is null."""

    data_version: int
    action: str
    recorded_at: datetime
    actor_id: UUID


class MeasurementRevision(ItemRevisionOut, frozen=True, kw_only=True):
    content: MeasurementOut | None


class GoalRevision(ItemRevisionOut, frozen=True, kw_only=True):
    content: GoalOut | None


class PlaceRevision(ItemRevisionOut, frozen=True, kw_only=True):
    content: PlaceOut | None


class ExclusionRevision(ItemRevisionOut, frozen=True, kw_only=True):
    content: ExclusionOut | None


class ProfileRevision(ItemRevisionOut, frozen=True, kw_only=True):
    content: ProfileOut | None


class MeasurementRevisions(Struct, frozen=True, kw_only=True):
    items: tuple[MeasurementRevision, ...]
    next_cursor: str | None


class GoalRevisions(Struct, frozen=True, kw_only=True):
    items: tuple[GoalRevision, ...]
    next_cursor: str | None


class PlaceRevisions(Struct, frozen=True, kw_only=True):
    items: tuple[PlaceRevision, ...]
    next_cursor: str | None


class ExclusionRevisions(Struct, frozen=True, kw_only=True):
    items: tuple[ExclusionRevision, ...]
    next_cursor: str | None


class ProfileRevisions(Struct, frozen=True, kw_only=True):
    items: tuple[ProfileRevision, ...]
    next_cursor: str | None
