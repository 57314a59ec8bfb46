"""Accounts: who may sign in, and the settings that belong to an athlete."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from models.domain.bounds import TimeZoneName, Title
from models.domain.errors import Fault, Invalid
from models.domain.time_zones import is_time_zone
from models.domain.units import MassUnit

# Printable ASCII: PostgreSQL and Python agree on its lower case. `$(?!\n)` because `$` alone admits a last newline.
Email = Annotated[str, Meta(max_length=254, pattern=r"^[!-?A-~]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$(?!\n)")]
NewPassword = Annotated[str, Meta(min_length=8, max_length=128)]
GivenPassword = Annotated[str, Meta(max_length=128)]
RefreshSecret = Annotated[str, Meta(min_length=1, max_length=256)]


class Role(StrEnum):
    ATHLETE = "athlete"
    COACH = "coach"
    ADMIN = "admin"


class Registration(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What it takes to open an account. The e-mail address is kept in lower case."""

    email: Email
    password: NewPassword
    display_name: Title | None = None
    time_zone: TimeZoneName = "UTC"
    mass_unit: MassUnit = MassUnit.KG


class Credentials(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    email: Email
    password: GivenPassword


class RefreshGrant(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    refresh_token: RefreshSecret


class AccountChanges(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings to change; what is left out stays as it is."""

    display_name: Title | UnsetType | None = UNSET
    time_zone: TimeZoneName | UnsetType = UNSET
    mass_unit: MassUnit | UnsetType = UNSET


class Account(Struct, frozen=True, kw_only=True):
    """An account as its owner reads it; its id is the athlete's id too."""

    id: UUID
    email: str
    display_name: str | None
    role: Role
    time_zone: str
    mass_unit: MassUnit
    created_at: datetime


def check_time_zone(name: str | UnsetType) -> None:
    """Raises Invalid for a name that no time zone has."""
    if name is not UNSET and not is_time_zone(name):
        raise Invalid([Fault(path="$.time_zone", message="Not an IANA time zone name, such as Europe/Berlin.")])
