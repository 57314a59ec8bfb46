"""What the demo found out, for the screen and for `--json` alike."""

from typing import Any

from msgspec import Struct

from models.domain.receipts import Receipt

Document = dict[str, Any]


class Report(Struct, frozen=True, kw_only=True):
    """The documents as the API served them, the receipt, the run, and how long each hop took."""

    athlete_id: str
    receipt: Receipt
    run: Document
    e1rm: Document
    records: Document
    recommendations: Document
    summary: Document
    hops_ms: dict[str, float]
    urls: dict[str, str]
    login: dict[str, str]
    still_running: bool


def as_json(report: Report) -> Document:
    """The report as one object, as `loadstone demo --json` prints it."""
    return {
        "athlete_id": report.athlete_id,
        "import": report.receipt,
        "run": {
            "id": report.run["id"],
            "status": report.run["status"],
            "steps": [
                {"step": step["step"], "version": step["version"], "status": step["status"], "ms": step["elapsed_ms"]}
                for step in report.run["steps"]
            ],
        },
        "records": report.records,
        "recommendations": report.recommendations,
        "summary": {"text": report.summary["text"], "author": report.summary["author"]},
        "hops_ms": report.hops_ms,
        "urls": report.urls,
        "login": report.login,
    }
