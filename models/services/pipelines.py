"""Pipelines as data: which steps run, in which order and version."""

from msgspec import Struct

from models.db import Session, raw

ANALYSIS, SUMMARY = "analysis", "summary"

SEED = """
INSERT INTO pipelines (name, position, step, version)
SELECT * FROM unnest($1::text[], $2::smallint[], $3::text[], $4::smallint[])
ON CONFLICT (name, step) DO UPDATE SET version = excluded.version WHERE pipelines.version < excluded.version
"""
ACTIVE = "SELECT step, version FROM pipelines WHERE name = $1 ORDER BY position"


class PipelineStep(Struct, frozen=True):
    """A step's name and its active version."""

    name: str
    version: int


# What a new database begins with, and the oldest versions that this code still has: an older one is moved up to them.
# Promotion beyond them moves the version in the table, never here.
FIRST = {
    ANALYSIS: (PipelineStep("progress", 2), PipelineStep("recommend", 2)),
    SUMMARY: (PipelineStep("summarise", 1),),
}


async def seed(session: Session) -> int:
    """Insert what is missing, move up what this code no longer has; how many rows that were. A promoted one stays."""
    rows = [(name, at, step.name, step.version) for name, steps in FIRST.items() for at, step in enumerate(steps)]
    status = await (await raw(session)).execute(SEED, *map(list, zip(*rows, strict=True)))
    return int(status.rsplit(" ", 1)[1])


async def active(session: Session, name: str) -> tuple[PipelineStep, ...]:
    """The pipeline's steps in order, each with its active version."""
    rows = await (await raw(session)).fetch(ACTIVE, name)
    return tuple(PipelineStep(row["step"], row["version"]) for row in rows)


def signature(steps: tuple[PipelineStep, ...]) -> str:
    """The pipeline as one string: athletes analysed by another one are due again.

    >>> signature(FIRST[ANALYSIS])
    'progress@2,recommend@2'
    """
    return ",".join(f"{step.name}@{step.version}" for step in steps)
