"""What an athlete's training was at a version, kept as bytes so that the next load reads only what changed since.

A cache: whatever is not exactly as this code would have written it is read anew from history.
"""

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec
import polars as pl
from msgspec import Struct

from analytics.frames import WORKOUTS, Schema
from analytics.metrics import atoms
from analytics.stored import WEIGHED

# Of the bytes below.
LAYOUT = 2
# What decides atoms and the digests of workouts: another text of one of these makes another state.
DECIDING = (
    *("digests.py", "frames.py", "incremental.py", "state.py", "stored.py", "training.py", "metrics/*.py"),
    *("../models/domain/*.py", "../models/queries/*.py"),
)

# What of an exercise its atoms depend on.
DECISIVE: Schema = {
    "exercise_id": pl.Int32,
    "load_mode": pl.Int16,
    "unilateral": pl.Boolean,
    "implements": pl.Int16,
    "bodyweight_permille": pl.Int32,
}
# `content` is the workout's digest, `as_of_g` the bodyweight that its atoms were computed with, if any `is_weighed`.
KNOWN: Schema = {**WORKOUTS, "content": pl.Binary, "as_of_g": pl.Int32, "is_weighed": pl.Boolean}
# Every column of the atoms that the workouts do not tell.
_TOLD = ("athlete", "performed_on", "week_start")
_NUMBERED = pl.lit(0, pl.Int32).alias("athlete")


@dataclass(frozen=True, kw_only=True)
class TrainingState:
    """Everything that is needed to know which workouts are no longer what their atoms were computed from.

    `workouts` by session, as in KNOWN; `exercises` the decisive columns of those used; `weighed` the measured
    bodyweights; `merges` leads each merged exercise to the one that it counts as.
    """

    data_version: int
    workouts: pl.DataFrame
    atoms: pl.DataFrame
    exercises: pl.DataFrame
    weighed: pl.DataFrame
    merges: Mapping[int, int]


class _Body(Struct, frozen=True, kw_only=True):
    code: str
    data_version: int
    merges: dict[int, int]
    workouts: bytes
    atoms: bytes
    exercises: bytes
    weighed: bytes


def encode(state: TrainingState) -> bytes:
    """The state as compressed bytes."""
    body = _Body(
        code=code(),
        data_version=state.data_version,
        merges=dict(state.merges),
        workouts=_written(state.workouts.drop("athlete", "session")),
        atoms=_written(state.atoms.drop(_TOLD)),
        exercises=_written(state.exercises),
        weighed=_written(state.weighed.drop("athlete")),
    )
    return msgspec.msgpack.encode(body)


def decode(body: bytes) -> TrainingState | None:
    """The state of bytes that are whole; None where other code wrote them."""
    try:
        read = msgspec.msgpack.decode(body, type=_Body)
    except msgspec.MsgspecError:
        return None
    if read.code != code():
        return None
    workouts = _read(read.workouts).with_row_index("session").with_columns(_NUMBERED, pl.col("session").cast(pl.Int32))
    return TrainingState(
        data_version=read.data_version,
        workouts=workouts.select(*KNOWN),
        atoms=_with_days(_read(read.atoms), workouts),
        exercises=_read(read.exercises),
        weighed=_read(read.weighed).with_columns(_NUMBERED).select(*WEIGHED),
        merges=read.merges,
    )


def digest(body: bytes) -> str:
    """What tells whole bytes from others."""
    return hashlib.sha256(body).hexdigest()


@cache
def code() -> str:
    """The digest of the code that decides a state, and of the library that it computes with."""
    files = sorted(file for pattern in DECIDING for file in Path(__file__).parent.glob(pattern))
    return hashlib.sha256(b"\0".join([pl.__version__.encode(), *[file.read_bytes() for file in files]])).hexdigest()


def _with_days(rows: pl.DataFrame, workouts: pl.DataFrame) -> pl.DataFrame:
    days = workouts.get_column("performed_on").gather(rows.get_column("session"))
    return rows.with_columns(_NUMBERED, days, days.dt.truncate("1w").alias("week_start")).select(*atoms.ATOMS)


def _written(rows: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    rows.write_ipc(buffer, compression="zstd")
    return buffer.getvalue()


def _read(body: bytes) -> pl.DataFrame:
    return pl.read_ipc(body)
