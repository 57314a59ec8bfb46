"""Reads of accounts: by their owner, and by e-mail address for signing in."""

from typing import Any

from msgspec import Struct

from models.db import Session, raw
from models.domain.accounts import Account, Role
from models.domain.errors import NotFound
from models.domain.units import MASS_UNITS_BY_CODE
from models.queries.visibility import VisibleAthlete

COLUMNS = "id, email, display_name, role, time_zone, mass_unit, created_at"


class Login(Struct, frozen=True, kw_only=True):
    """What signing in compares against."""

    account: Account
    password_hash: str


async def get_account(session: Session, athlete: VisibleAthlete) -> Account:
    """The athlete's own account; raises NotFound once it has been erased."""
    row = await (await raw(session)).fetchrow(f"SELECT {COLUMNS} FROM accounts WHERE id = $1", athlete.athlete_id)
    if row is None:
        raise NotFound("There is no such account.")
    return account(row)


async def find_login(session: Session, email: str) -> Login | None:
    """The account behind an address, in any case of its letters."""
    statement = f"SELECT {COLUMNS}, password_hash FROM accounts WHERE email = $1"
    row = await (await raw(session)).fetchrow(statement, email.lower())
    return None if row is None else Login(account=account(row), password_hash=row["password_hash"])


def account(row: Any) -> Account:
    """An account from a row with COLUMNS."""
    return Account(
        id=row["id"],
        email=row["email"],
        display_name=row["display_name"],
        role=Role(row["role"]),
        time_zone=row["time_zone"],
        mass_unit=MASS_UNITS_BY_CODE[row["mass_unit"]],
        created_at=row["created_at"],
    )
