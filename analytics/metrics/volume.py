"""Volume: moved load, tonnage and hard sets, in whole grams and milli-sets.

Moved load of a rep: external w; bodyweight x fraction + added; max(bodyweight x fraction - assistance, 0). Bands and
machine units move no known kilograms. Bodyweight is the latest one of the day or before; unknown gives null, never 0.
Tonnage = reps x moved load x sides x implements over the sets that are no warm-ups. A hard set is a working set with
RIR <= 4, or of unknown RIR; a failed attempt (0 reps) is no volume and no hard set. Per muscle a direct target counts
1, an indirect one 0.5 (Pelland 2024).
"""

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.metrics import groups
from models.domain.exercises import LOAD_MODE_CODES, LoadMode
from models.domain.workouts import SET_KIND_CODES, SIDE_CODES, SetKind, Side

MAX_HARD_RIR_TENTHS = 40
BODYWEIGHT_MODES = tuple(LOAD_MODE_CODES[mode] for mode in (LoadMode.BODYWEIGHT_PLUS, LoadMode.ASSISTED))
_TOTALS = ("sets", "hard_sets", "volume_g", "volume_sets")
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
        .when(mode == LOAD_MODE_CODES[LoadMode.ASSISTED])
        .then((body_g - load_g).clip(lower_bound=0))
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
    return is_working() & (reserve <= MAX_HARD_RIR_TENTHS) & pl.col("reps").ne_missing(0)


def set_volume_g() -> pl.Expr:
    """Grams moved by a working set (Int64); null where the load or the reps are unknown. Reads `moved_g`."""
    a_rep_g = pl.col("moved_g") * (sides() * pl.col("implements"))
    return pl.when(is_working()).then(pl.col("reps").cast(pl.Int64) * a_rep_g)


def is_gap() -> pl.Expr:
    """A working set of reps whose kilograms are unknown; bands, machine units and holds have none to know."""
    moved = pl.col("mode").is_in(KILOGRAM_MODES) & (pl.col("reps") >= 1)
    return (is_working() & moved & pl.col("moved_g").is_null()).fill_null(value=False)


def weekly(atoms: groups.Rows) -> pl.DataFrame:
    """By athlete and trained week: sessions, sets, hard sets, tonnage in grams, and the sets without tonnage."""
    athlete, session, week_start = groups.arrays(atoms, "athlete", "session", "week_start")
    sessions, number = groups.numbered(session)
    weeks = groups.maxima(groups.packed(athlete, week_start), number, len(sessions))
    columns = zip(_TOTALS, groups.arrays(atoms, *_TOTALS, absent=0), strict=True)
    totals = {name: groups.sums(values, number, len(sessions)) for name, values in columns}
    return _by_week(*groups.summed(weeks, {"sessions": np.ones(len(sessions), np.int64), **totals}))


def muscle_weeks(atoms: groups.Rows, muscles: pl.DataFrame) -> pl.DataFrame:
    """By athlete, muscle and trained week: fractional hard sets in thousandths, where there are any."""
    names = sorted(set(muscles.get_column("muscle").to_list()))
    athlete, week_start, exercise_id, hard = groups.arrays(atoms, "athlete", "week_start", "exercise_id", "hard_sets")
    weeks, week = groups.numbered(groups.packed(athlete, week_start))
    milli = np.zeros(len(weeks) * len(names), dtype=np.int64)
    exercises, targets, shares = _targets(muscles, names)
    exercise = groups.positions(exercises, exercise_id)
    for target, share in zip(targets, shares, strict=True):
        np.add.at(milli, week * len(names) + target[exercise], hard * share[exercise])
    return _by_muscle(weeks, milli.reshape(len(weeks), len(names)), names)


def _targets(muscles: pl.DataFrame, names: Sequence[str]) -> tuple[groups.Keys, groups.Keys, groups.Keys]:
    """The trained exercises in order, and by (nth target, exercise) the number of a muscle and its share.

    An exercise with fewer targets than another has shares of 0, as has the one after the last: any other exercise.
    """
    exercise_id, share = groups.arrays(muscles, "exercise_id", "share_milli")
    numbers = {name: number for number, name in enumerate(names)}
    number = np.array([numbers[name] for name in muscles.get_column("muscle").to_list()], dtype=np.int64)
    order = np.argsort(exercise_id, kind="stable")
    trained, number, share = exercise_id[order], number[order], share[order]
    exercises, exercise = groups.numbered(trained)
    nth = np.arange(len(trained)) - groups.starts(trained)[exercise]
    table = np.zeros((2, int(nth.max(initial=-1)) + 1, len(exercises) + 1), dtype=np.int64)
    table[:, nth, exercise] = number, share
    targets, shares = table
    return exercises, targets, shares


def _by_week(weeks: groups.Keys, totals: groups.Columns) -> pl.DataFrame:
    athlete, week_start = groups.unpacked(weeks)
    return groups.framed({"athlete": athlete, "week_start": week_start, **totals}, "week_start")


def _by_muscle(weeks: groups.Keys, milli: NDArray[np.int64], names: Sequence[str]) -> pl.DataFrame:
    athlete, week_start = groups.unpacked(weeks)
    number, week = np.nonzero(np.ascontiguousarray(milli.T))
    order = np.argsort(athlete[week], kind="stable")
    number, week = number[order], week[order]
    columns = {
        "athlete": athlete[week],
        "muscle": pl.Series(names, dtype=pl.String)[number],
        "week_start": week_start[week],
        "milli_sets": milli[week, number],
    }
    return groups.framed(columns, "week_start")
