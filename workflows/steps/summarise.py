"""The step `summarise`: the documents of an analysis in, the document summary out."""

import importlib
from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from analytics.narrative import narrator, verifier
from analytics.narrative.facts import facts_of
from analytics.narrative.summary import READS, Documents, SummaryParams
from analytics.narrative.summary import summarise_v1 as compute_v1
from analytics.narrative.writing import Writer, WriterConfig
from models.db import Session
from models.domain.errors import StepFailed
from models.queries import steps as queries
from models.queries.visibility import VisibleAthlete
from workflows.steps import runner
from workflows.steps.step import Function, Inputs, Step


def summarise_v1(config: WriterConfig | None) -> Step:
    """The step with its writer: the endpoint configured, else the narrator, who also stands in when it stays away."""
    writer = None if config is None else _at_endpoint(config)

    async def load(session: Session, athlete: VisibleAthlete, _: date) -> Inputs:
        stored = await queries.documents(session, athlete, tuple(READS))
        if missing := sorted(READS.keys() - stored.keys()):
            raise StepFailed(f"There is no analysis to summarise yet: {', '.join(missing)} missing.")
        documents = _documents({name: document.body for name, document in stored.items()})
        facts = facts_of(documents.progress, documents.e1rm, documents.records, documents.recommendations)
        return Inputs(
            value=documents,
            data_version=min(document.data_version for document in stored.values()),
            digests={
                "documents": {name: document.digest for name, document in stored.items()},
                "facts": runner.digest(facts),
                "author": _author(config),
                "narrator": narrator.VERSION,
                "verifier": verifier.VERSION,
            },
            decided_by=("facts", "author", "narrator", "verifier"),
        )

    return Step(
        name="summarise",
        version=1,
        function=_by(writer),
        params=SummaryParams(),
        load=load,
        documents=("summary",),
        reads=tuple(READS),
        pipeline="summary",
        queue="llm",
        cached=True,
        fallback=None if writer is None else _by(None),
    )


def _documents(bodies: Mapping[str, bytes]) -> Documents:
    try:
        read: dict[str, Any] = {name: msgspec.json.decode(bodies[name], type=kind) for name, kind in READS.items()}
    except msgspec.ValidationError as error:
        raise StepFailed("The analysis on record has another form than this code reads.") from error
    return Documents(**read)


def _at_endpoint(config: WriterConfig) -> Writer:
    # Its client takes half a second to load, which steps that are run without a writer do not wait for.
    return importlib.import_module("analytics.narrative.writer").OpenAIWriter(config)


def _by(writer: Writer | None) -> Function:
    async def compute(documents: Documents, params: SummaryParams) -> Any:
        return await compute_v1(documents, params, writer=writer)

    return compute


def _author(config: WriterConfig | None) -> str:
    return narrator.AUTHOR if config is None else f"{config.model} at {config.base_url}"
