"""Opening accounts, changing settings, and the rotation of refresh tokens."""

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import UNSET, Struct

from models.db import Session, raw
from models.domain.accounts import (
    Account,
    AccountChanges,
    Registration,
    Role,
    check_time_zone,
)
from models.domain.errors import Conflict, NotFound
from models.domain.events import Topic
from models.domain.units import MASS_UNIT_CODES
from models.queries.accounts import COLUMNS, account
from models.queries.visibility import VisibleAthlete

REGISTER = f"""
WITH account AS (
    INSERT INTO accounts (id, email, password_hash, display_name, role, time_zone, mass_unit, created_at)
    VALUES ($1, $2, $3, $4, '{Role.ATHLETE}', $5, $6, $7)
    ON CONFLICT (email) DO NOTHING RETURNING {COLUMNS}
), clock AS (
    INSERT INTO athlete_clocks (athlete_id, changed_at) SELECT id, created_at FROM account
)
SELECT {COLUMNS} FROM account
"""
# $2 says whether the name changes, as null is a name too. What changes nothing raises no clock.
CHANGE = f"""
WITH clock AS (
    UPDATE athlete_clocks SET data_version = data_version + 1, changed_at = $6
    WHERE athlete_id = $1 AND EXISTS (
        SELECT FROM accounts WHERE id = $1 AND (($2 AND display_name IS DISTINCT FROM $3)
            OR time_zone <> coalesce($4, time_zone) OR mass_unit <> coalesce($5, mass_unit))
    ) RETURNING data_version
), account AS (
    UPDATE accounts SET display_name = CASE WHEN $2 THEN $3 ELSE display_name END,
        time_zone = coalesce($4, time_zone), mass_unit = coalesce($5, mass_unit), settings_version = clock.data_version
    FROM clock WHERE id = $1 RETURNING {COLUMNS}
), event AS (
    INSERT INTO outbox (athlete_id, topic, created_at) SELECT $1, '{Topic.ATHLETE_CHANGED}', $6 FROM clock
)
SELECT {COLUMNS} FROM account
UNION ALL SELECT {COLUMNS} FROM accounts WHERE id = $1 AND NOT EXISTS (SELECT FROM clock)
"""
ISSUE = """
INSERT INTO refresh_tokens (account_id, id, family_id, token_hash, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6)
"""
USE = """
UPDATE refresh_tokens SET used_at = $4 FROM accounts
WHERE account_id = $1 AND refresh_tokens.id = $2 AND token_hash = $3 AND accounts.id = account_id
    AND used_at IS NULL AND revoked_at IS NULL AND expires_at > $4
RETURNING family_id, role
"""
REVOKE_FAMILY = """
UPDATE refresh_tokens SET revoked_at = $4 WHERE account_id = $1 AND revoked_at IS NULL AND family_id =
    (SELECT family_id FROM refresh_tokens WHERE account_id = $1 AND id = $2 AND token_hash = $3)
"""


class RefreshKey(Struct, frozen=True, kw_only=True):
    """What a refresh token names: its row, and the hash that proves it."""

    account_id: UUID
    token_id: UUID
    token_hash: bytes


class Rotation(Struct, frozen=True, kw_only=True):
    """A token that was good, and is now used: its family goes on."""

    family_id: UUID
    role: Role


async def register(
    session: Session, registration: Registration, *, account_id: UUID, password_hash: str, now: datetime
) -> Account:
    """Open an account with its athlete's clock; raises Invalid or Conflict."""
    check_time_zone(registration.time_zone)
    row = await (await raw(session)).fetchrow(
        REGISTER,
        *(account_id, registration.email.lower(), password_hash, registration.display_name),
        *(registration.time_zone, MASS_UNIT_CODES[registration.mass_unit], now),
    )
    if row is None:
        raise Conflict("This e-mail address already has an account.")
    return account(row)


async def change_account(
    session: Session, athlete: VisibleAthlete, changes: AccountChanges, *, now: datetime
) -> Account:
    """Change settings; a change raises the athlete's data_version, so that every device hears of it."""
    check_time_zone(changes.time_zone)
    row = await (await raw(session)).fetchrow(
        CHANGE,
        *(athlete.athlete_id, changes.display_name is not UNSET, _given(changes.display_name)),
        *(_given(changes.time_zone), None if changes.mass_unit is UNSET else MASS_UNIT_CODES[changes.mass_unit], now),
    )
    if row is None:
        raise NotFound("There is no such account.")
    return account(row)


async def issue_refresh_token(
    session: Session, key: RefreshKey, *, family_id: UUID, now: datetime, expires_at: datetime
) -> None:
    """Remember a token that was handed out."""
    await (await raw(session)).execute(ISSUE, key.account_id, key.token_id, family_id, key.token_hash, now, expires_at)


async def use_refresh_token(session: Session, key: RefreshKey, *, now: datetime) -> Rotation | None:
    """Use a token once. None if it is unknown, expired or spent; then its whole family is revoked, so commit."""
    row = await (await raw(session)).fetchrow(USE, key.account_id, key.token_id, key.token_hash, now)
    if row is None:
        await revoke_refresh_family(session, key, now=now)
        return None
    return Rotation(family_id=row["family_id"], role=Role(row["role"]))


async def revoke_refresh_family(session: Session, key: RefreshKey, *, now: datetime) -> None:
    """End a login: no token that descends from it works any more."""
    await (await raw(session)).execute(REVOKE_FAMILY, key.account_id, key.token_id, key.token_hash, now)


def _given(value: Any) -> Any:
    return None if value is UNSET else value
