"""Signing up, in, on and out."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from litestar import Response, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody

from api.answers import Answer, encoded, no_content, now
from api.deps import ApiRequest, reading, resources, writing
from api.problems import responses
from api.schemas.auth import SignedUp, Tokens
from api.security import new_refresh_token, refresh_key
from models import ids
from models.db import Direct
from models.domain.accounts import Credentials, RefreshGrant, Registration, check_time_zone
from models.domain.errors import Unauthenticated
from models.queries import accounts as queries
from models.services import accounts

PROBLEMS = responses(400, 413, 415, 422, 429, 500, 503)


@post(
    "/register",
    operation_id="register",
    summary="Open an account and sign in",
    responses={
        201: ResponseSpec(SignedUp, generate_examples=False, description="The account is open."),
        **PROBLEMS,
        **responses(409),
    },
)
async def register(request: ApiRequest, data: JSONBody[Registration]) -> Answer:
    check_time_zone(data.time_zone)
    password_hash = await resources(request).passwords.hash(data.password)
    async with writing(request) as session:
        account = await accounts.register(session, data, account_id=ids.new(), password_hash=password_hash, now=now())
        tokens = await _issue(session, request, account.id, account.role, family_id=ids.new())
    return encoded(SignedUp(account=account, **_fields(tokens)), status=201)


@post(
    "/login",
    status_code=200,
    operation_id="login",
    summary="Sign in",
    responses={
        200: ResponseSpec(Tokens, generate_examples=False, description="Signed in."),
        **PROBLEMS,
        **responses(401),
    },
)
async def login(request: ApiRequest, data: JSONBody[Credentials]) -> Answer:
    async with reading(request) as session:
        found = await queries.find_login(session, data.email)
    # No connection is held while the password is hashed, and an unknown address takes as long as a known one.
    known_hash = None if found is None else found.password_hash
    if not await resources(request).passwords.verify(known_hash, data.password) or found is None:
        raise Unauthenticated("The e-mail address or the password is wrong.")
    async with writing(request) as session:
        tokens = await _issue(session, request, found.account.id, found.account.role, family_id=ids.new())
    return encoded(tokens)


@post(
    "/refresh",
    status_code=200,
    operation_id="refresh",
    summary="Exchange a refresh token for a new pair",
    description="Each refresh token works once. Using one again revokes every token that descends from the same login.",
    responses={
        200: ResponseSpec(Tokens, generate_examples=False, description="A new pair."),
        **PROBLEMS,
        **responses(401),
    },
)
async def refresh(request: ApiRequest, data: JSONBody[RefreshGrant]) -> Answer:
    key, tokens = refresh_key(data.refresh_token), None
    async with writing(request) as session:
        rotation = await accounts.use_refresh_token(session, key, now=now())
        if rotation is not None:
            tokens = await _issue(session, request, key.account_id, rotation.role, family_id=rotation.family_id)
    # Raised after the commit: what a spent token revoked must stay revoked.
    if tokens is None:
        raise Unauthenticated("The refresh token is not valid any more. Sign in again.")
    return encoded(tokens)


@post(
    "/logout",
    status_code=204,
    operation_id="logout",
    summary="Sign out: revoke a refresh token and all that descend from its login",
    responses={204: ResponseSpec(None, description="Signed out."), **PROBLEMS, **responses(401)},
)
async def logout(request: ApiRequest, data: JSONBody[RefreshGrant]) -> Response[None]:
    key = refresh_key(data.refresh_token)
    async with writing(request) as session:
        await accounts.revoke_refresh_family(session, key, now=now())
    return no_content()


async def _issue(session: Direct, request: ApiRequest, account_id: UUID, role: str, *, family_id: UUID) -> Tokens:
    held = resources(request)
    moment, lifetime_s = now(), held.config.refresh_token_ttl_s
    token, key = new_refresh_token(account_id)
    expires_at = moment + timedelta(seconds=lifetime_s)
    await accounts.issue_refresh_token(session, key, family_id=family_id, now=moment, expires_at=expires_at)
    return Tokens(
        access_token=held.tokens.issue(account_id, role),
        token_type="Bearer",  # noqa: S106 - a scheme, no secret
        expires_in_s=held.tokens.ttl_s,
        refresh_token=token,
        refresh_expires_in_s=lifetime_s,
    )


def _fields(tokens: Tokens) -> dict[str, Any]:
    return {name: getattr(tokens, name) for name in Tokens.__struct_fields__}
