"""Passwords and tokens."""

import asyncio
import hashlib
import secrets
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import OrderedDict
from typing import Any
from uuid import UUID

import jwt
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error
from litestar.exceptions import TooManyRequestsException
from msgspec import Struct

from models import ids
from models.domain.errors import Unauthenticated
from models.queries.visibility import Actor
from models.services.accounts import RefreshKey

ALGORITHM = "HS256"
ISSUER = "loadstone"
VERIFIED_TOKENS = 10_000
HASHES_AT_ONCE = 2
HASHES_WAITING = 64

_jwt: Any = jwt  # its key types come from a library that publishes none


class Passwords:
    """argon2id in threads, few at once: a flood of sign-ins must not starve the rest."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
        self._room = asyncio.Semaphore(HASHES_AT_ONCE)
        self._waiting = 0
        self._nobody = self._hasher.hash(secrets.token_hex())

    async def hash(self, password: str) -> str:
        return await self._in_thread(self._hasher.hash, password.encode())

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """Whether the password is right; takes as long when there is no account to compare with."""
        matches = await self._in_thread(self._matches, password_hash or self._nobody, password.encode())
        return matches and password_hash is not None

    def _matches(self, password_hash: str, password: bytes) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except Argon2Error:
            return False

    async def _in_thread(self, function: Any, *args: Any) -> Any:
        if self._waiting >= HASHES_WAITING:
            raise TooManyRequestsException("Too many sign-ins at once.", headers={"Retry-After": "2"})
        self._waiting += 1
        try:
            async with self._room:
                return await asyncio.to_thread(function, *args)
        finally:
            self._waiting -= 1


class Verified(Struct, frozen=True):
    expires_at: float
    actor: Actor


class AccessTokens:
    """Signed tokens with a key id. Verified ones are remembered, for a signature costs more than a read."""

    def __init__(self, signing_keys: dict[str, str], ttl_s: int) -> None:
        self._keys = signing_keys
        self._signing = next(iter(signing_keys))
        self._verified: OrderedDict[str, Verified] = OrderedDict()
        self.ttl_s = ttl_s

    def issue(self, account_id: UUID, role: str) -> str:
        issued_at = int(time.time())
        claims = {"iss": ISSUER, "sub": str(account_id), "role": role, "iat": issued_at, "exp": issued_at + self.ttl_s}
        return _jwt.encode(claims, self._keys[self._signing], ALGORITHM, headers={"kid": self._signing})

    def actor(self, token: str) -> Actor:
        """Who the token speaks for; raises Unauthenticated."""
        verified = self._verified.get(token) or self._verify(token)
        if verified.expires_at <= time.time():
            self._verified.pop(token, None)
            raise Unauthenticated("The access token has expired.")
        return verified.actor

    def _verify(self, token: str) -> Verified:
        try:
            key = self._keys[jwt.get_unverified_header(token)["kid"]]
            claims = _jwt.decode(
                token, key, [ALGORITHM], issuer=ISSUER, options={"require": ["exp", "iat", "sub", "iss"]}
            )
            verified = Verified(claims["exp"], Actor(account_id=UUID(claims["sub"]), role=claims["role"]))
        except jwt.ExpiredSignatureError:
            raise Unauthenticated("The access token has expired.") from None
        except (jwt.InvalidTokenError, KeyError, ValueError, TypeError):
            raise Unauthenticated("The access token is not valid.") from None
        self._verified[token] = verified
        if len(self._verified) > VERIFIED_TOKENS:
            self._verified.popitem(last=False)
        return verified


def new_refresh_token(account_id: UUID) -> tuple[str, RefreshKey]:
    """A fresh refresh token, and what is kept of it: a hash, never the token."""
    token_id, secret = ids.new(), secrets.token_bytes(32)
    token = urlsafe_b64encode(account_id.bytes + token_id.bytes + secret).rstrip(b"=").decode()
    return token, RefreshKey(account_id=account_id, token_id=token_id, token_hash=hashlib.sha256(secret).digest())


def refresh_key(token: str) -> RefreshKey:
    """What a refresh token names; raises Unauthenticated if it cannot be one."""
    try:
        content = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
    except ValueError:
        content = b""
    if len(content) != 64:
        raise Unauthenticated("The refresh token is not valid.")
    return RefreshKey(
        account_id=UUID(bytes=content[:16]),
        token_id=UUID(bytes=content[16:32]),
        token_hash=hashlib.sha256(content[32:]).digest(),
    )
