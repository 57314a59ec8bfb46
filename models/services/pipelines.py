"""Pipelines as data: which steps run, in which order and version."""

from collections.abc import Collection, Sequence

from msgspec import Struct

from models.db import Session, raw

ANALYSIS, SUMMARY = "analysis", "summary"

CLEAR = "DELETE FROM pipelines WHERE name = $1"
INSERT = """
INSERT INTO pipelines (name, position, step, version)
SELECT $1, position - 1, step, version
FROM unnest($2::text[], $3::smallint[]) WITH ORDINALITY AS wanted (step, version, position)
"""
LOCK = "LOCK TABLE pipelines IN SHARE ROW EXCLUSIVE MODE"
HOLD = "LOCK TABLE pipelines IN SHARE MODE"
ACTIVE = "SELECT step, version FROM pipelines WHERE name = $1 ORDER BY position"


class PipelineStep(Struct, frozen=True):
    """A step's name and its active version."""

    name: str
    version: int


# What a new database begins with. Promotion moves the version in the table, never here.
FIRST = {
    ANALYSIS: (
        PipelineStep("progress", 3),
        PipelineStep("exercises", 1),
        PipelineStep("muscles", 1),
        PipelineStep("athlete", 1),
        PipelineStep("recommend", 3),
        PipelineStep("balance", 1),
    ),
    SUMMARY: (PipelineStep("summarise", 1),),
}


async def seed(session: Session, known: Collection[tuple[str, int]] = ()) -> int:
    """Insert what is missing and move up what this code no longer has; how many rows changed.

    `known` are the steps of this code by name and version: what was promoted, or taken back, to one of them stays.
    """
    await (await raw(session)).execute(LOCK)
    changed = 0
    for name, first in FIRST.items():
        stored = await active(session, name)
        wanted = seeded(first, stored, known)
        if wanted != stored:
            await _write(session, name, wanted)
            changed += len(set(wanted) - set(stored))
    return changed


def seeded(
    first: Sequence[PipelineStep], stored: Sequence[PipelineStep], known: Collection[tuple[str, int]]
) -> tuple[PipelineStep, ...]:
    """The first steps in their order at the versions that are stored, and behind them those added by promotion.

    >>> first = (PipelineStep("progress", 3), PipelineStep("recommend", 3))
    >>> stored = (PipelineStep("progress", 2), PipelineStep("variety", 1))
    >>> signature(seeded(first, stored, known={("progress", 2)}))
    'progress@2,recommend@3,variety@1'
    """
    versions = {step.name: step.version for step in stored}
    names = {step.name for step in first}
    kept = (
        step
        if (version := versions.get(step.name)) is None
        or (version < step.version and (step.name, version) not in known)
        else PipelineStep(step.name, version)
        for step in first
    )
    return (*kept, *(step for step in stored if step.name not in names))


async def _write(session: Session, name: str, steps: Sequence[PipelineStep]) -> None:
    await (await raw(session)).execute(CLEAR, name)
    names, versions = [step.name for step in steps], [step.version for step in steps]
    await (await raw(session)).execute(INSERT, name, names, versions)


async def active(session: Session, name: str) -> tuple[PipelineStep, ...]:
    """The pipeline's steps in order, each with its active version."""
    rows = await (await raw(session)).fetch(ACTIVE, name)
    return tuple(PipelineStep(row["step"], row["version"]) for row in rows)


async def held(session: Session, name: str) -> tuple[PipelineStep, ...]:
    """The pipeline's steps, which stay so until the transaction ends: promotions wait for it."""
    await (await raw(session)).execute(HOLD)
    return await active(session, name)


def signature(steps: tuple[PipelineStep, ...]) -> str:
    """The pipeline as one string: athletes analysed by another one are due again.

    >>> signature(FIRST[ANALYSIS])
    'progress@3,exercises@1,muscles@1,athlete@1,recommend@3,balance@1'
    """
    return ",".join(f"{step.name}@{step.version}" for step in steps)
