"""A small client of Loadstone's own API, as an app would write one: sign up, read documents, follow runs live."""

from collections.abc import Iterator
from types import TracebackType
from typing import Any, Self

import httpx2
import msgspec

FINAL = {"succeeded", "failed", "cancelled", "superseded"}
Json = dict[str, Any]


class Refused(Exception):
    """The API answered with a problem; the text is its title and detail."""


class Client:
    """One signed-in athlete; `base_url` is the API's address."""

    def __init__(self, base_url: str) -> None:
        self._http = httpx2.Client(base_url=base_url, timeout=30.0)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def register(self, **fields: str) -> Json:
        """Open an account and act as it from now on."""
        answer = self._json(self._http.post("/v1/auth/register", json=fields))
        self._http.headers["Authorization"] = f"Bearer {answer['access_token']}"
        return answer["account"]

    def get(self, path: str, **query: str | int) -> Json:
        """A resource of the athlete's own, such as `progress`."""
        return self._json(self._http.get(f"/v1/athletes/me/{path}", params=query))

    def runs(self) -> list[Json]:
        """The newest runs first."""
        return self.get("runs", limit=20)["items"]

    def follow(self, run_id: str) -> Iterator[Json]:
        """The run each time it changes, live, until its final state."""
        address = f"/v1/athletes/me/runs/{run_id}/events"
        with self._http.stream("GET", address, timeout=httpx2.Timeout(30.0, read=120.0)) as events:
            for line in events.iter_lines():
                if line.startswith("data:"):
                    yield msgspec.json.decode(line.removeprefix("data:"))

    def _json(self, response: httpx2.Response) -> Json:
        body = msgspec.json.decode(response.content)
        if response.is_success:
            return body
        raise Refused(f"{body.get('title', response.status_code)}: {body.get('detail', '')}")
