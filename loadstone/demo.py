"""The main job on real input, as a user would see it: a log comes in, is analysed durably, and is read back."""

import asyncio
import secrets
import time
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from loadstone import settings
from loadstone.client import FINAL, Client
from loadstone.demo_report import Report
from loadstone.dev.stack import Stack, running
from loadstone.dev.state import Addresses
from loadstone.errors import Trouble
from loadstone.imports import Order, bring
from loadstone.settings import Settings
from loadstone.simulator import simulate
from models import ids
from models.domain.units import MassUnit

SEED = 7
PATIENCE_S = 120.0
POLL_S = 0.02
Json = dict[str, Any]


class Progress(Protocol):
    """Who is told how far the demo is."""

    def __call__(self, doing: str, share: float) -> None: ...


def run(chosen: Settings, log: Path | None, tell: Progress) -> Report:
    """Bring the log (by default a simulated one) into a new athlete's account and gather what becomes of it."""
    with _stack(chosen, tell) as (stack, addresses, stays), Client(addresses.api) as client:
        tell("recording", 0.3)
        login = {"email": f"demo-{ids.new().hex[-12:]}@example.org", "password": secrets.token_urlsafe(9)}
        account = client.register(**login, time_zone="UTC", display_name="Demo")
        begun = _now()
        file = log or _simulated(stack.state)
        order = Order(file=file, email=login["email"], time_zone=None, unit=None, undecided_unit=MassUnit.KG)
        receipt = asyncio.run(bring(order, stack.database, tell=lambda text: tell(text, 0.3)))
        if not receipt.workouts:
            reasons = "; ".join(f"line {row.line}: {row.reason}" for row in receipt.rejected[:3])
            raise Trouble(f"The log holds no set that could be recorded. {reasons}".strip())
        analysis = _follow(client, "analysis", tell)
        summary = _follow(client, "summary", tell)
        return Report(
            athlete_id=account["id"],
            receipt=receipt,
            run=analysis,
            **{name: _document(client, path) for name, path in DOCUMENTS.items()},
            hops_ms=_hops(begun, analysis, summary),
            urls=_urls(addresses, account["id"]),
            login=login,
            still_running=stays,
        )


DOCUMENTS = {
    "e1rm": "progress/e1rm",
    "records": "records",
    "recommendations": "recommendations",
    "summary": "summaries",
}


@contextmanager
def _stack(chosen: Settings, tell: Progress) -> Generator[tuple[Settings, Addresses, bool]]:
    """The stack that runs here and will stay, or one of the demo's own for as long as it takes."""
    found = running(chosen.state)
    if found is not None and found.addresses is not None:
        yield settings.load(), found.addresses, True
        return
    with Stack(chosen, report=lambda doing: tell(f"starting: {doing}", 0.1)) as stack:
        yield stack.settings, stack.addresses, False


def _simulated(folder: Path) -> Path:
    path = folder / "demo-log.csv"
    path.write_bytes(simulate(seed=SEED, until=_now().date()))
    return path


def _now() -> datetime:
    return datetime.now(UTC)


def _follow(client: Client, kind: str, tell: Progress) -> Json:
    """The newest run of the kind, live until its final state; raises Trouble if it fails or none comes."""
    latest = _newest(client, kind)
    for change in client.follow(latest["id"]):
        latest = change
        done = sum(step["status"] == "succeeded" for step in latest["steps"])
        tell(f"{kind}: {latest['status']}, {done} steps done", 0.5 + 0.2 * done)
    if latest["status"] == "superseded":
        return _follow(client, kind, tell)
    if latest["status"] not in FINAL or latest["problem"] is not None:
        raise Trouble(f"The {kind} ended as {latest['status']}: {latest['problem']}")
    return latest


def _newest(client: Client, kind: str) -> Json:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        if found := next((run for run in client.runs() if run["kind"] == kind and run["status"] != "superseded"), None):
            return found
        time.sleep(POLL_S)
    raise Trouble(f"No {kind} has begun within {PATIENCE_S:.0f} s. `loadstone doctor` tells what is missing.")


def _document(client: Client, path: str) -> Json:
    document = client.get(path)["document"]
    if document is None:
        raise Trouble(f"The run has ended, but there is no document at {path}.")
    return document


def _hops(begun: datetime, analysis: Json, summary: Json) -> dict[str, float]:
    """From the ledger's own times: until the analysis woke, each step, and until the metrics and the summary stood."""
    return {
        "read, record and wake": _between_ms(begun, _moment(analysis["started_at"])),
        **{step["step"]: float(step["elapsed_ms"] or 0) for step in analysis["steps"]},
        "woken to metrics": _between_ms(_moment(analysis["started_at"]), _moment(analysis["ended_at"])),
        "metrics to summary": _between_ms(_moment(analysis["ended_at"]), _moment(summary["ended_at"])),
    }


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _between_ms(earlier: datetime, later: datetime) -> float:
    return 1000 * (later - earlier).total_seconds()


def _urls(addresses: Addresses, athlete_id: str) -> dict[str, str]:
    return {
        "progress": f"{addresses.api}/v1/athletes/{athlete_id}/progress",
        "API docs": addresses.docs,
        "Temporal": f"{addresses.temporal_ui}/namespaces/default/workflows",
        "PostgreSQL": addresses.database,
    }
