"""A run of a step as clients read it: its lineage, where its documents are, and where those that it read came from."""

from collections.abc import Mapping
from typing import Any

import msgspec

from models.db import Direct
from models.domain.explanations import ExplainedStepRun, MadeDocument, ReadDocument
from models.domain.runs import StepRunLineage
from models.queries import provenance
from models.queries.visibility import VisibleAthlete

PATHS: Mapping[str, str] = {
    "progress": "/progress",
    "e1rm": "/progress/e1rm",
    "records": "/records",
    "exercises": "/progress/exercises",
    "muscles": "/progress/muscles",
    "athlete": "/progress/athlete",
    "recommendations": "/recommendations",
    "summary": "/summaries",
}
OTHER = "/documents/{name}"


async def with_documents(session: Direct, athlete: VisibleAthlete, lineage: StepRunLineage) -> ExplainedStepRun:
    """The lineage with the documents made and read."""
    fields: dict[str, Any] = msgspec.structs.asdict(lineage)
    return ExplainedStepRun(
        **fields,
        made=await _made(session, athlete, lineage),
        read=await _read(session, athlete, lineage),
        explanation=None,
    )


async def _made(session: Direct, athlete: VisibleAthlete, lineage: StepRunLineage) -> tuple[MadeDocument, ...]:
    digests: dict[str, str] = lineage.documents or {}
    served = await provenance.served_digests(session, athlete, list(digests))
    return tuple(
        MadeDocument(name=name, digest=digest, path=_path(athlete, name), is_served=served.get(name) == digest)
        for name, digest in sorted(digests.items())
    )


async def _read(session: Direct, athlete: VisibleAthlete, lineage: StepRunLineage) -> tuple[ReadDocument, ...]:
    digests: dict[str, str] = (lineage.inputs or {}).get("digests", {}).get("documents", {})
    if not digests:
        return ()
    makers = await provenance.made_by(session, athlete, digests, before=lineage.started_at)
    return tuple(
        ReadDocument(name=name, digest=digest, step_run_id=makers.get(name)) for name, digest in sorted(digests.items())
    )


def _path(athlete: VisibleAthlete, name: str) -> str:
    return f"/v1/athletes/{athlete.athlete_id}{PATHS.get(name) or OTHER.format(name=name)}"
