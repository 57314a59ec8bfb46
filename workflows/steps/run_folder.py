"""The folder of a run at the workbench: tidy tables as parquet, the documents as JSON, and what decided them."""

from datetime import date
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from workflows.steps import runner
from workflows.steps.folders import new_folder
from workflows.steps.workbench import Result

MANIFEST, TABLES, DOCUMENTS = "run.json", "tables", "documents"


class AthleteLineage(Struct, frozen=True, kw_only=True):
    """What decided the numbers of one athlete, in the words that production records."""

    athlete: str
    as_of: date
    inputs: dict[str, Any]
    documents: dict[str, str]
    output_digest: str


class RunManifest(Struct, frozen=True, kw_only=True):
    """The file run.json beside the documents and tables of a run."""

    step: str
    version: int
    params: dict[str, Any]
    athletes: tuple[AthleteLineage, ...]


def manifest_of(result: Result) -> RunManifest:
    """What decided the numbers."""
    return RunManifest(
        step=result.step.name,
        version=result.step.version,
        params=runner.params(result.step),
        athletes=tuple(
            AthleteLineage(
                athlete=ran.athlete,
                as_of=ran.as_of,
                inputs=runner.lineage(ran.inputs, fallback=False),
                documents=ran.output.digests,
                output_digest=ran.output.output_digest,
            )
            for ran in result.ran
        ),
    )


def save(result: Result, target: Path) -> None:
    """Write the folder, in the place of an earlier run's if there is one; raises Conflict over anything else."""
    with new_folder(target, mark=MANIFEST) as folder:
        (folder / TABLES).mkdir()
        for name, rows in result.frames.items():
            rows.write_parquet(folder / TABLES / f"{name}.parquet")
        for ran in result.ran:
            documents = folder / DOCUMENTS / ran.athlete
            documents.mkdir(parents=True)
            for name, body in ran.output.documents.items():
                (documents / f"{name}.json").write_bytes(body)
        (folder / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest_of(result))) + b"\n")
