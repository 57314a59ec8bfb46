"""Snapshots: pseudonymous histories in a folder of parquet files, for running steps away from the database."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import polars as pl
from msgspec import Struct

from analytics.frames import SCHEMAS, History
from models.domain.errors import NotFound, StepFailed
from workflows.steps.folders import new_folder
from workflows.steps.pseudonyms import AS_OF, PSEUDONYM, REMOVED, Person, pseudonymous

FORMAT, VERSION, MANIFEST = "loadstone snapshot", 1, "manifest.json"


class Part(Struct, frozen=True, kw_only=True):
    """A file of the snapshot."""

    file: str
    rows: int
    sha256: str


class Manifest(Struct, frozen=True, kw_only=True):
    """What the snapshot holds and what is no longer in it.

    `created` is a year and no day: together with the last workout of somebody who trains still, the day would tell by
    how many weeks the dates were moved.
    """

    format: str
    version: int
    created: int
    athletes: int
    workouts: int
    sets: int
    parts: tuple[Part, ...]
    removed: tuple[str, ...]


def write(target: Path, people: Sequence[Person], *, key: bytes, year: int) -> Manifest:
    """Write the snapshot; the folder must not be there yet. The key is for this one snapshot and is not kept."""
    with new_folder(target) as folder:
        frames = pseudonymous(people, key)
        manifest = Manifest(
            format=FORMAT,
            version=VERSION,
            created=year,
            athletes=frames["athletes"].height,
            workouts=frames["workouts"].height,
            sets=frames["sets"].height,
            parts=tuple(_write(folder / f"{name}.parquet", rows) for name, rows in frames.items()),
            removed=REMOVED,
        )
        (folder / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest)) + b"\n")
    return manifest


def _write(path: Path, rows: pl.DataFrame) -> Part:
    rows.write_parquet(path, compression="zstd")
    return Part(file=path.name, rows=rows.height, sha256=_sha256(path))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def manifest_of(folder: Path) -> Manifest:
    """The snapshot's manifest; raises NotFound where there is none, StepFailed where it is not one that we read."""
    try:
        manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except FileNotFoundError as error:
        raise NotFound(f"{folder} is no snapshot: it has no {MANIFEST}.") from error
    except msgspec.MsgspecError as error:
        raise StepFailed(f"{folder / MANIFEST} cannot be read: {error}") from error
    if (manifest.format, manifest.version) != (FORMAT, VERSION):
        raise StepFailed(f"{folder} is a {manifest.format} of version {manifest.version}; this code reads {VERSION}.")
    return manifest


def histories(folder: Path) -> Iterator[tuple[str, History]]:
    """The history of each athlete, by pseudonym, numbered from 0 as a step gets it from the database."""
    frames = _frames(folder)
    of_athlete = {name: _split(frames[name], "athlete") for name in ("workouts", "bodyweights")}
    of_session = _split(frames["sets"].join(frames["workouts"].select("session", "athlete"), on="session"), "athlete")
    for row in frames["athletes"].sort("athlete").iter_rows(named=True):
        number: int = row["athlete"]
        sets = of_session.get(number, of_session[-1])
        alone = {
            "sets": sets,
            "workouts": of_athlete["workouts"].get(number, of_athlete["workouts"][-1]),
            "bodyweights": of_athlete["bodyweights"].get(number, of_athlete["bodyweights"][-1]),
            "athletes": frames["athletes"].filter(pl.col("athlete") == number),
            **{name: frames[name].join(sets, on="exercise_id", how="semi") for name in ("exercises", "muscles")},
        }
        yield row[PSEUDONYM], _numbered_from_0(alone, row)


def _frames(folder: Path) -> dict[str, pl.DataFrame]:
    for part in manifest_of(folder).parts:
        if _sha256(folder / part.file) != part.sha256:
            raise StepFailed(f"{folder / part.file} is not what the snapshot's manifest says: it was changed.")
    return {name: pl.read_parquet(folder / f"{name}.parquet") for name in SCHEMAS}


def _split(rows: pl.DataFrame, by: str) -> dict[int, pl.DataFrame]:
    """The rows of each number, and no rows under -1."""
    parts = rows.partition_by(by, as_dict=True, maintain_order=True)
    return {-1: rows.clear(), **{int(key[0]): part for key, part in parts.items()}}


def _numbered_from_0(frames: dict[str, pl.DataFrame], athlete: dict[str, Any]) -> History:
    first = frames["workouts"].get_column("session").min() or 0
    numbered: dict[str, pl.DataFrame] = {}
    for name, schema in SCHEMAS.items():
        rows = frames[name]
        zeroed = [pl.lit(0, pl.Int32).alias("athlete")] if "athlete" in schema else []
        moved = [(pl.col("session") - first).cast(pl.Int32)] if "session" in schema else []
        # What histories have gained since the snapshot was written is not recorded in it.
        missing = [pl.lit(None, dtype).alias(column) for column, dtype in schema.items() if column not in rows.columns]
        numbered[name] = rows.with_columns(*zeroed, *moved, *missing).select(list(schema))
    return History(**numbered, as_of=athlete[AS_OF])
