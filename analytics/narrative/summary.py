"""A week in words: facts -> writer -> verifier -> one retry with the findings -> the narrator."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from msgspec import Struct

from analytics.narrative import figures, narrator, verifier
from analytics.narrative.facts import facts_of
from analytics.narrative.writing import Writer, WriterRefused
from models.domain.insights import (
    E1rmDocument,
    Fact,
    ProgressDocument,
    RecommendationsDocument,
    RecordsDocument,
    RejectedText,
    SummaryDocument,
)

WRITER_ATTEMPTS = 2
# What the step reads: the documents it is made of, by name.
READS: Mapping[str, type[Struct]] = {
    "progress": ProgressDocument,
    "e1rm": E1rmDocument,
    "records": RecordsDocument,
    "recommendations": RecommendationsDocument,
}


class Documents(Struct, frozen=True, kw_only=True):
    """The stored documents that a summary is made of; all of the same analysis."""

    progress: ProgressDocument
    e1rm: E1rmDocument
    records: RecordsDocument
    recommendations: RecommendationsDocument


class SummaryParams(Struct, frozen=True, kw_only=True):
    """Nothing may be chosen yet; the step has its place for it."""


async def summarise_v1(documents: Documents, params: SummaryParams, *, writer: Writer | None) -> dict[str, Struct]:
    """The document summary of the latest trained week, by the writer or, without one, the narrator.

    WriterUnavailable passes through, for the caller to try again later or to call once more without a writer.
    """
    facts = facts_of(documents.progress, documents.e1rm, documents.records, documents.recommendations)
    text, author, rejected = await write(facts, writer if facts else None)
    weekly = documents.progress.weekly
    start = weekly[-1].week_start if weekly else None
    as_of = documents.progress.as_of
    document = SummaryDocument(
        as_of=as_of,
        period=figures.iso_week(start or as_of - timedelta(days=as_of.weekday())),
        week_start=start,
        text=text,
        author=author,
        facts=facts,
        verified=True,
        rejected=rejected,
    )
    return {"summary": document}


async def write(facts: Sequence[Fact], writer: Writer | None) -> tuple[str, str, tuple[RejectedText, ...]]:
    """A verified text, its author, and the texts that were refused on the way."""
    rejected: list[RejectedText] = []
    findings: tuple[str, ...] = ()
    while writer is not None and len(rejected) < WRITER_ATTEMPTS:
        try:
            text = await writer.write(facts, findings)
        except WriterRefused as error:
            rejected.append(RejectedText(author=writer.author, findings=(str(error),)))
            break
        findings = verifier.findings(text, facts)
        if not findings:
            return text, writer.author, tuple(rejected)
        rejected.append(RejectedText(author=writer.author, findings=findings))
    return narrated(facts), narrator.AUTHOR, tuple(rejected)


def narrated(facts: Sequence[Fact]) -> str:
    """The narrator's sentences; one that the verifier cannot read (an exercise named `"`) is left out."""
    told = [sentence for sentence in narrator.sentences(facts) if not verifier.findings(sentence, facts)]
    return " ".join(told) or narrator.PLAIN
