"""Volume: moved load, tonnage and hard sets, in whole grams and milli-sets.

Moved load of a rep: external w; bodyweight x fraction + added; max(bodyweight x fraction - assistance, 0). Bands and
machine units move no known kilograms. Bodyweight is the latest one of the day or before; unknown gives null, never 0.
Tonnage = reps x moved load x sides x implements over the sets that are no warm-ups. A hard set is a working set with
RIR <= 4, or of unknown RIR; a failed attempt (0 reps) is no volume and no hard set. Per muscle a direct target counts
1, an indirect one 0.5 (Pelland 2024).
"""

import polars as pl

from models.domain.exercises import LOAD_MODE_CODES, LoadMode
from models.domain.workouts import SET_KIND_CODES, SIDE_CODES, SetKind, Side

MAX_HARD_RIR_TENTHS = 40
BODYWEIGHT_MODES = tuple(LOAD_MODE_CODES[mode] for mode in (LoadMode.BODYWEIGHT_PLUS, LoadMode.ASSISTED))
_ONE, _TWO = pl.lit(1, pl.Int16), pl.lit(2, pl.Int16)
KILOGRAM_MODES = (LOAD_MODE_CODES[LoadMode.EXTERNAL], *BODYWEIGHT_MODES)


def body_g() -> pl.Expr:
    """The share of the body that the exercise moves, in grams (Int32); 650 kg x 1000 permille fit it on the way."""
    return (pl.col("bodyweight_g") * pl.col("bodyweight_permille") + 500) // 1000


def moved_g() -> pl.Expr:
    """The moved load of one rep in grams (Int32), or null. Reads `mode`, `load_g`, `body_g`."""
    load_g, body_g, mode = pl.col("load_g"), pl.col("body_g"), pl.col("mode")
    return (
        pl.when(mode == LOAD_MODE_CODES[LoadMode.EXTERNAL])
        .then(load_g)
        .when(mode == LOAD_MODE_CODES[LoadMode.BODYWEIGHT_PLUS])
        .then(body_g + load_g.fill_null(0))
        .when((mode == LOAD_MODE_CODES[LoadMode.ASSISTED]) & (load_g > body_g))
        .then(0)
        .when(mode == LOAD_MODE_CODES[LoadMode.ASSISTED])
        .then(body_g - load_g)
    )


def record_load_g() -> pl.Expr:
    """The load that a record is of: the load on the bar or the load added to the body; less assistance is no load."""
    mode = pl.col("mode")
    external, added = LOAD_MODE_CODES[LoadMode.EXTERNAL], LOAD_MODE_CODES[LoadMode.BODYWEIGHT_PLUS]
    return pl.when(((mode == external) | (mode == added)) & (pl.col("load_g") > 0)).then("load_g")


def sides() -> pl.Expr:
    """2 where both sides did the reps: side `each`, or none named of a unilateral exercise; else 1."""
    both = pl.col("side") == SIDE_CODES[Side.EACH]
    return pl.when(both.fill_null(pl.col("unilateral"))).then(_TWO).otherwise(_ONE)


def is_working() -> pl.Expr:
    """Every set that is not a warm-up."""
    return pl.col("kind") != SET_KIND_CODES[SetKind.WARM_UP]


def is_hard() -> pl.Expr:
    """Working, not a failed attempt, and RIR at most 4 or unknown."""
    reserve = pl.coalesce("rir_tenths", 100 - pl.col("rpe_tenths"), pl.lit(0, pl.Int16))
    return is_working() & (reserve <= MAX_HARD_RIR_TENTHS) & (pl.col("reps").fill_null(1) > 0)


def set_volume_g() -> pl.Expr:
    """Grams moved by a working set (Int64); null where the load or the reps are unknown. Reads `moved_g`."""
    a_rep_g = pl.col("moved_g") * (sides() * pl.col("implements"))
    return pl.when(is_working()).then(pl.col("reps").cast(pl.Int64) * a_rep_g)


def weekly(atoms: pl.DataFrame) -> pl.DataFrame:
    """By athlete and trained week: sessions, sets, hard sets, tonnage in grams, and the sets without tonnage."""
    totals = (
        pl.col("session").n_unique().alias("sessions"),
        *(pl.col(name).sum() for name in ("sets", "hard_sets", "volume_g", "volume_sets")),
    )
    return atoms.group_by("athlete", "week_start").agg(totals).sort("athlete", "week_start")


def muscle_weeks(atoms: pl.DataFrame, muscles: pl.DataFrame) -> pl.DataFrame:
    """By athlete, muscle and trained week: fractional hard sets in thousandths, where there are any."""
    milli = (pl.col("hard_sets").cast(pl.Int64) * pl.col("share_milli")).sum().alias("milli_sets")
    return (
        atoms.lazy()
        .filter(pl.col("hard_sets") > 0)
        .join(muscles.lazy(), on="exercise_id")
        .group_by("athlete", "muscle", "week_start")
        .agg(milli)
        .sort("athlete", "muscle", "week_start")
        .collect()
    )
