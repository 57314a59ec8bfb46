"""The pages: they load nothing from outside."""

import re

import pytest
from httpx2 import AsyncClient

from tests.api.conftest import api_config, serving


@pytest.mark.parametrize("path", ["/", "/docs"])
async def test_a_page_links_to_our_own_only(client: AsyncClient, path: str) -> None:
    page = await client.get(path)
    links = re.findall(r'(?:href|src)="([^"]+)"', page.text)
    assert links
    for link in links:
        assert link.startswith("/")
        assert (await client.get(link)).status_code == 200
    assert 'name="viewport"' in page.text


async def test_the_policy_lets_pages_load_our_own_only(client: AsyncClient) -> None:
    policy = (await client.get("/docs")).headers["content-security-policy"]
    assert "http" not in policy
    assert "script-src 'self';" in policy


async def test_the_served_contract_is_the_committed_one(client: AsyncClient) -> None:
    answer = await client.get("/openapi.json")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.json()["openapi"].startswith("3.1")


@pytest.mark.parametrize("name", ["index.html", "..%2F..%2Fconfig.py", "swagger-ui.js.map"])
async def test_other_files_are_not_served(client: AsyncClient, name: str) -> None:
    assert (await client.get(f"/docs/{name}")).status_code == 404


async def test_the_pages_can_be_left_out(api_dsn: str) -> None:
    async with serving(api_config(api_dsn, docs=False)) as client:
        assert (await client.get("/docs")).status_code == 404


async def test_other_origins_may_read_only_when_configured(api_dsn: str) -> None:
    async with serving(api_config(api_dsn, cors_origins=("https://app.example",))) as client:
        answers = {
            origin: await client.get("/v1/health/live", headers={"origin": origin})
            for origin in ("https://app.example", "https://evil.example")
        }
    allowed = {origin: answer.headers.get("access-control-allow-origin") for origin, answer in answers.items()}
    assert allowed == {"https://app.example": "https://app.example", "https://evil.example": None}
