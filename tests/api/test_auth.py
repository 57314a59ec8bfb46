"""Signing up, in, on and out."""

import time
from typing import Any

import jwt
import pytest
from httpx2 import AsyncClient

from api.deps import Resources
from api.security import AccessTokens
from models import ids
from models.domain.errors import Unauthenticated
from tests.api.conftest import KEYS, Athlete

tokens: Any = jwt  # its key types come from a library that publishes none
PASSWORD = "correct horse battery"


def credentials() -> dict[str, str]:
    return {"email": f"{ids.new()}@example.org", "password": PASSWORD}


async def register(client: AsyncClient, **changes: Any) -> dict[str, Any]:
    answer = await client.post("/v1/auth/register", json={**credentials(), **changes})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_registering_opens_an_account_and_signs_in(client: AsyncClient) -> None:
    signed_up = await register(client, display_name="Ada", time_zone="Europe/Rome", mass_unit="lb")
    headers = {"authorization": f"Bearer {signed_up['access_token']}"}
    assert (await client.get("/v1/me", headers=headers)).json() == signed_up["account"]
    assert signed_up["account"]["time_zone"] == "Europe/Rome"
    assert "password" not in str(signed_up["account"])


async def test_an_email_address_is_one_account_in_any_case(client: AsyncClient) -> None:
    given = credentials()
    signed_up = await register(client, email=given["email"].upper())
    assert signed_up["account"]["email"] == given["email"]
    again = await client.post("/v1/auth/register", json=given)
    assert again.status_code == 409
    login = await client.post("/v1/auth/login", json={"email": given["email"].upper(), "password": PASSWORD})
    assert login.status_code == 200


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "nobody"),
        ("email", "a@b"),
        ("email", "a b@c.de"),
        ("email", "a@b.co\n"),
        ("email", "a" * 250 + "@b.co"),
        ("password", "short"),
        ("password", "x" * 129),
        ("time_zone", "Mars/Olympus"),
        ("display_name", ""),
        ("display_name", "a\0b"),
        ("mass_unit", "stone"),
        ("role", "admin"),
    ],
)
async def test_a_bad_registration_names_its_field(client: AsyncClient, field: str, value: str) -> None:
    answer = await client.post("/v1/auth/register", json={**credentials(), field: value})
    assert answer.status_code == 422
    assert field in answer.json()["detail"]


async def test_a_wrong_password_and_an_unknown_address_read_the_same(client: AsyncClient) -> None:
    given = credentials()
    await client.post("/v1/auth/register", json=given)
    wrong = await client.post("/v1/auth/login", json={**given, "password": "wrong password"})
    unknown = await client.post("/v1/auth/login", json=credentials())
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json()["detail"] == unknown.json()["detail"]
    assert "www-authenticate" in wrong.headers


async def test_a_refresh_token_works_once_and_its_reuse_ends_the_login(client: AsyncClient) -> None:
    first = await register(client)
    second = await client.post("/v1/auth/refresh", json={"refresh_token": first["refresh_token"]})
    assert second.status_code == 200
    reused = await client.post("/v1/auth/refresh", json={"refresh_token": first["refresh_token"]})
    assert reused.status_code == 401
    successor = await client.post("/v1/auth/refresh", json={"refresh_token": second.json()["refresh_token"]})
    assert successor.status_code == 401


async def test_the_reuse_of_one_login_leaves_another_alone(client: AsyncClient) -> None:
    given = credentials()
    first = await register(client, **given)
    other = (await client.post("/v1/auth/login", json=given)).json()
    for _ in range(2):
        await client.post("/v1/auth/refresh", json={"refresh_token": first["refresh_token"]})
    answer = await client.post("/v1/auth/refresh", json={"refresh_token": other["refresh_token"]})
    assert answer.status_code == 200


async def test_signing_out_revokes_the_refresh_token(client: AsyncClient) -> None:
    signed_up = await register(client)
    grant = {"refresh_token": signed_up["refresh_token"]}
    assert (await client.post("/v1/auth/logout", json=grant)).status_code == 204
    assert (await client.post("/v1/auth/refresh", json=grant)).status_code == 401


@pytest.mark.parametrize("token", ["", "x", "A" * 86, "é" * 20, "A" * 300])
async def test_what_is_no_refresh_token_is_refused(client: AsyncClient, token: str) -> None:
    answer = await client.post("/v1/auth/refresh", json={"refresh_token": token})
    assert answer.status_code in (401, 422)


def forged(**changes: Any) -> str:
    claims = {"iss": "loadstone", "sub": str(ids.new()), "role": "athlete", "iat": 1, "exp": 4_000_000_000}
    return tokens.encode({**claims, **changes}, KEYS["first"], "HS256", headers={"kid": "first"})


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer x.y.z",
        "Basic YTpi",
        "Bearer " + tokens.encode({"sub": "x"}, None, "none"),
        "Bearer "
        + tokens.encode({"sub": "x"}, "a wrong secret of thirty-two bytes!", "HS256", headers={"kid": "first"}),
        "Bearer " + tokens.encode({"sub": "x"}, KEYS["first"], "HS256", headers={"kid": "unknown"}),
        "Bearer " + forged(exp=1),
        "Bearer " + forged(iss="somebody"),
        "Bearer " + forged(sub="nobody"),
    ],
)
async def test_a_token_that_is_not_ours_is_refused(client: AsyncClient, header: str) -> None:
    answer = await client.get("/v1/me", headers={"authorization": header})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_every_signing_key_verifies_and_the_first_signs(client: AsyncClient, athlete: Athlete) -> None:
    assert jwt.get_unverified_header(athlete.token)["kid"] == "second"
    older = forged(sub=str(athlete.id))
    assert (await client.get("/v1/me", headers={"authorization": f"Bearer {older}"})).status_code == 200


async def test_a_remembered_token_expires_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    issuer = AccessTokens(KEYS, ttl_s=60)
    token = issuer.issue(ids.new(), "athlete")
    issuer.actor(token)
    later = time.time() + 61
    monkeypatch.setattr("api.security.time.time", lambda: later)
    with pytest.raises(Unauthenticated, match="expired"):
        issuer.actor(token)


async def test_too_many_sign_ins_at_once_are_told_to_wait(client: AsyncClient, held: Resources) -> None:
    held.passwords._waiting = 64  # pyright: ignore[reportPrivateUsage]
    answer = await client.post("/v1/auth/login", json=credentials())
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "2"
