"""Uploading a file to import: kept whole, bounded in size, answered once for each key, and nobody else's to see."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from hashlib import sha256
from typing import Any

import pytest
from httpx2 import Response
from msgspec import structs

from api.deps import Resources
from models import db
from models.queries import imports as queries
from models.queries.visibility import system
from tests.api.conftest import Athlete, api_config, serving

PATH = "/v1/athletes/me/imports"
PART = b'Content-Disposition: form-data; name="file"\r\n\r\n'
CONTENT = b"Date,Workout Name\n" * 100_000


async def upload(athlete: Athlete, content: bytes = CONTENT, *, key: str | None = None, **fields: str) -> Response:
    headers = {"authorization": f"Bearer {athlete.token}", **({"idempotency-key": key} if key else {})}
    files = {"file": ("C:\\logs\\strong.csv", content, "text/csv")}
    return await athlete.client.post(PATH, files=files, data=fields, headers=headers)


async def send(athlete: Athlete, body: bytes, content_type: str | None) -> Response:
    headers = {"authorization": f"Bearer {athlete.token}"} | ({"content-type": content_type} if content_type else {})
    return await athlete.client.post(PATH, content=body, headers=headers)


async def imports(athlete: Athlete) -> list[dict[str, Any]]:
    return (await athlete("GET", PATH)).json()["items"]


async def test_a_file_is_kept_as_it_came(athlete: Athlete, held: Resources) -> None:
    answer = await upload(athlete, unit="lb", time_zone="Asia/Tokyo")
    assert answer.status_code == 202
    [imported] = await imports(athlete)
    assert imported == (await athlete("GET", f"{PATH}/{answer.json()['id']}")).json()
    assert (imported["phase"], imported["run_status"]) == ("uploaded", "queued")
    assert (imported["file_name"], imported["size_bytes"]) == ("strong.csv", len(CONTENT))
    assert (imported["unit_given"], imported["time_zone"]) == ("lb", "Asia/Tokyo")
    assert imported["sha256"] == sha256(CONTENT).hexdigest()
    async with db.direct(held.database, transaction=False) as session:
        parts = [part async for part in queries.parts(session, system(athlete.id), answer.json()["id"])]
    assert b"".join(parts) == CONTENT


async def test_the_zone_is_the_athletes_unless_another_is_given(athlete: Athlete) -> None:
    await athlete("PATCH", "/v1/me", {"time_zone": "Europe/Berlin"})
    await upload(athlete)
    assert (await imports(athlete))[0]["time_zone"] == "Europe/Berlin"


async def test_imports_are_listed_page_by_page(athlete: Athlete) -> None:
    made = [(await upload(athlete, b"%d" % number)).json()["id"] for number in range(3)]
    first = (await athlete("GET", f"{PATH}?limit=2")).json()
    second = (await athlete("GET", f"{PATH}?limit=2&cursor={first['next_cursor']}")).json()
    assert [found["id"] for found in first["items"] + second["items"]] == made[::-1]
    assert second["next_cursor"] is None


async def test_a_page_ends_before_its_receipts_are_too_large(
    athlete: Athlete, held: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [(await upload(athlete, b"%d" % number)).json()["id"] for number in range(4)]
    async with db.direct(held.database, transaction=False) as session:
        await session.driver.execute(
            "UPDATE imports SET receipt = jsonb_build_object('format', repeat('x', 1000)) WHERE athlete_id = $1",
            athlete.id,
        )
    monkeypatch.setattr(queries, "MOST_BYTES", 2_500)
    pages, cursor = list[list[str]](), ""
    while cursor is not None:
        page = (await athlete("GET", f"{PATH}?limit=3{cursor and f'&cursor={cursor}'}")).json()
        pages.append([found["id"] for found in page["items"]])
        cursor = page["next_cursor"]
    assert pages == [made[:1:-1], made[1::-1]]
    monkeypatch.setattr(queries, "MOST_BYTES", 1)
    assert len(await imports(athlete)) == 1


async def test_a_retry_with_its_key_gets_the_same_answer(athlete: Athlete) -> None:
    first, again = await upload(athlete, key="k", unit="kg"), await upload(athlete, key="k", unit="kg")
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.content == again.content
    for header in ("location", "link"):
        assert first.headers[header] == again.headers[header]
    assert len(await imports(athlete)) == 1
    for other in (await upload(athlete, b"another", key="k", unit="kg"), await upload(athlete, key="k", unit="lb")):
        assert other.status_code == 422
        assert other.json()["errors"][0]["path"] == "header.Idempotency-Key"
    assert (await upload(athlete, key="k ey")).status_code == 400


async def test_what_is_too_large_is_refused_and_not_kept(athlete: Athlete, api_dsn: str) -> None:
    async with serving(api_config(api_dsn, max_upload_bytes=100_000)) as client:
        small = structs.replace(athlete, client=client)
        assert (await upload(small, b"x" * 100_000)).status_code == 202
        announced = await upload(small, b"x" * 100_001)
        assert (announced.status_code, announced.json()["detail"]) == (413, "A file may have up to 100,000 bytes.")

        async def endless() -> AsyncGenerator[bytes]:
            yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n'
            while True:
                yield b"x" * 65_536

        headers = {"authorization": f"Bearer {athlete.token}", "content-type": "multipart/form-data; boundary=b"}
        assert (await client.post(PATH, content=endless(), headers=headers)).status_code == 413
    assert (await upload(athlete, unit="k" * 2000)).status_code == 413
    assert len(await imports(athlete)) == 1


@pytest.mark.parametrize("content_type", [None, "application/json", "text/csv", "application/octet-stream"])
async def test_only_forms_are_taken(athlete: Athlete, content_type: str | None) -> None:
    assert (await send(athlete, CONTENT, content_type)).status_code == 415


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "multipart/form-data"),
        (b"", "multipart/form-data; boundary="),
        (b"", "multipart/form-data; boundary=b"),
        (b"no form at all", "multipart/form-data; boundary=b"),
        (b"--b\r\n" + PART + b"and then nothing", "multipart/form-data; boundary=b"),
        (b"--b\r\n" + b"X: y\r\n" * 50 + b"\r\n", "multipart/form-data; boundary=b"),
        (b"--b\r\nContent-Disposition: \xff\xfe\r\n\r\nx\r\n--b--\r\n", "multipart/form-data; boundary=b"),
    ],
)  # fmt: skip
async def test_a_broken_form_is_a_bad_request(athlete: Athlete, body: bytes, content_type: str) -> None:
    assert (await send(athlete, body, content_type)).status_code in (400, 422)
    assert await imports(athlete) == []


@pytest.mark.parametrize(
    ("fields", "path"),
    [({"unit": "stone"}, "$.unit"), ({"time_zone": "Mars"}, "$.time_zone"), ({"zone": "UTC"}, "$.zone")],
)
async def test_a_wrong_field_is_named(athlete: Athlete, fields: dict[str, str], path: str) -> None:
    answer = await upload(athlete, CONTENT, key=None, **fields)
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, path)
    assert await imports(athlete) == []


async def test_a_form_without_a_file_or_with_an_empty_one_is_invalid(athlete: Athlete) -> None:
    headers = {"authorization": f"Bearer {athlete.token}"}
    without = await athlete.client.post(PATH, files={"other": b"x"}, headers=headers)
    for answer in (without, await upload(athlete, b"")):
        assert answer.status_code == 422


async def test_an_import_is_nobody_elses(athlete: Athlete, stranger: Athlete) -> None:
    made = (await upload(athlete)).json()["id"]
    assert (await stranger("GET", f"{PATH}/{made}")).status_code == 404
    for action in ("cancel", "undo"):
        assert (await stranger("POST", f"{PATH}/{made}/{action}")).status_code == 404
    for action in ("answer", "unit"):
        assert (await stranger("POST", f"{PATH}/{made}/{action}", {"unit": "kg"})).status_code == 404
    assert await imports(stranger) == []


async def test_a_cancelled_import_says_so(athlete: Athlete) -> None:
    made = (await upload(athlete)).json()["id"]
    cancelled = (await athlete("POST", f"{PATH}/{made}/cancel")).json()
    assert (cancelled["phase"], cancelled["run_status"]) == ("refused", "cancelled")
    for action in ("cancel", "undo"):
        assert (await athlete("POST", f"{PATH}/{made}/{action}")).status_code == 409
    for action in ("answer", "unit"):
        assert (await athlete("POST", f"{PATH}/{made}/{action}", {"unit": "kg"})).status_code == 409


async def test_an_import_is_not_asked_for_without_its_file(athlete: Athlete) -> None:
    assert (await athlete("POST", "/v1/athletes/me/runs", {"kind": "import"})).status_code == 422


async def test_an_import_that_is_worked_on_is_not_waited_for(athlete: Athlete, held: Resources) -> None:
    made = (await upload(athlete)).json()["id"]
    async with db.direct(held.database, transaction=True) as session:
        await session.driver.fetchrow("SELECT FROM imports WHERE id = $1 FOR UPDATE", made)
        async with asyncio.timeout(5):
            assert (await athlete("POST", f"{PATH}/{made}/cancel")).status_code == 409
    assert (await athlete("POST", f"{PATH}/{made}/cancel")).status_code == 200


async def test_many_may_upload_at_once(new_athlete: Callable[[], Any]) -> None:
    athletes = [await new_athlete() for _ in range(8)]
    answers = await asyncio.gather(*(upload(athlete) for athlete in athletes))
    assert {answer.status_code for answer in answers} == {202}
