"""The athlete's profile: what some formulas need to know, how experienced the athlete is, and which fields to show."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from models.domain import bounds
from models.domain.errors import Fault
from models.domain.field_profiles import Exposure, Field, Level
from models.domain.items import ItemOut, Noun, Stamp

YOUNGEST_YEARS = 5


class Sex(StrEnum):
    MALE = "male"
    FEMALE = "female"
    UNSPECIFIED = "unspecified"


class ProfileDraft(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an athlete tells of themself; all of it is optional.

    `field_overrides` shows or hides single fields, whatever the level says: its keys are those of the field profiles.
    `show_acwr` asks for the ratio of acute to chronic load, which is shown to nobody who did not ask.
    """

    sex: Sex | None = None
    birth_year: Annotated[int, Meta(ge=1900, le=2200)] | None = None
    level: Level = Level.BEGINNER
    field_overrides: dict[Field, Exposure] = {}
    default_rest_s: bounds.RestSeconds | None = None
    show_acwr: bool = False


class ProfileRecord(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A profile as history keeps it: no bound of today is asked of it."""

    sex: Sex | None = None
    birth_year: int | None = None
    level: Level = Level.BEGINNER
    field_overrides: dict[Field, Exposure] = {}
    default_rest_s: int | None = None
    show_acwr: bool = False


class ProfileOut(ItemOut, frozen=True, kw_only=True):
    """The profile as clients read it; its id is the athlete's."""

    sex: Sex | None
    birth_year: int | None
    level: Level
    field_overrides: dict[Field, Exposure]
    default_rest_s: int | None
    show_acwr: bool


def record(draft: ProfileDraft) -> ProfileRecord:
    """The canonical record of a checked draft."""
    return ProfileRecord(**msgspec.structs.asdict(draft))


def out(kept: ProfileRecord, stamp: Stamp) -> ProfileOut:
    return ProfileOut(**stamp.fields, **msgspec.structs.asdict(kept))


def faults(draft: ProfileDraft, now: datetime) -> Iterator[Fault]:
    """The rules across the fields of a profile."""
    if draft.birth_year is not None and draft.birth_year > now.year - YOUNGEST_YEARS:
        yield Fault(path="$.birth_year", message=f"Not later than {now.year - YOUNGEST_YEARS}.")


PROFILE = Noun(
    kind="profile",
    draft=ProfileDraft,
    record=ProfileRecord,
    to_record=record,
    out=ProfileOut,
    to_out=out,
    faults=faults,
)
