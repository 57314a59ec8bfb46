"""Generated training histories: many athletes of very different sizes, with every oddity that logs have; seeded."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import polars as pl
from msgspec import Struct
from numpy.random import Generator, default_rng
from numpy.typing import NDArray

from analytics.frames import ATHLETES, EXERCISES, MUSCLES, SETS, WORKOUTS, History, Schema
from models.domain.exercises import LOAD_MODE_CODES, LoadMode, Muscle
from models.domain.workouts import SET_KIND_CODES, SIDE_CODES, SetKind, Side

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]
AS_OF = date(2026, 6, 30)
GRAMS_A_POUND = 453.59237
_EXERCISES, _POOL, _SETS_A_WORKOUT = 320, 24, 17.5
_LONGEST, _TYPICAL, _SKEW = 1_500, 55, 1.2


class Workouts(Struct, frozen=True):
    """The workouts by number: their athlete, their place among the athlete's own, and their day (days since 1970)."""

    athlete: Numbers
    nth: Numbers
    day: Numbers


class Entries(Struct, frozen=True):
    """Each set's workout, position, place among the sets of its exercise, and exercise."""

    session: Numbers
    position: Numbers
    of_exercise: Numbers
    exercise: Numbers


def generated(sets: int, seed: int = 1) -> History:
    """About so many sets; most athletes have some months of training, a few have thousands of workouts."""
    rng = default_rng(seed)
    workouts = _workouts(_sizes(sets, rng), rng)
    entries = _entries(workouts, rng)
    own = _own_workouts(workouts, rng)
    return History(
        sets=_sets(workouts, entries, rng),
        workouts=own,
        exercises=_exercises(),
        muscles=_muscles(),
        bodyweights=_bodyweights(own, rng),
        athletes=_athletes(int(workouts.athlete[-1]) + 1),
        as_of=AS_OF,
    )


def one_athlete(sets: int, seed: int = 1) -> History:
    """A single athlete with exactly so many sets, whose last workout may be cut short."""
    rng = default_rng(seed)
    workouts = _workouts(np.array([round(sets / _SETS_A_WORKOUT * 1.3)]), rng)
    rows = _sets(workouts, _entries(workouts, rng), rng).head(sets)
    own = _own_workouts(workouts, rng).filter(pl.col("session") <= rows.item(-1, "session"))
    return History(
        sets=rows,
        workouts=own,
        exercises=_exercises().join(rows, on="exercise_id", how="semi"),
        muscles=_muscles().join(rows, on="exercise_id", how="semi"),
        bodyweights=_bodyweights(own, rng),
        athletes=_athletes(1),
        as_of=own.item(-1, "performed_on"),
    )


def _sizes(sets: int, rng: Generator) -> Numbers:
    """Workouts by athlete, log-normal, until there are enough."""
    wanted = sets / _SETS_A_WORKOUT
    drawn = np.exp(rng.normal(np.log(_TYPICAL), _SKEW, size=int(wanted / 20) + 50)).astype(np.int64)
    sizes = np.clip(drawn, 1, _LONGEST)
    return sizes[: int(np.searchsorted(np.cumsum(sizes), wanted)) + 1]


def _workouts(sizes: Numbers, rng: Generator) -> Workouts:
    """Two to six a week, at times two a day, now and then weeks without; some athletes stopped long ago."""
    athlete = np.repeat(np.arange(len(sizes)), sizes)
    nth = np.arange(len(athlete)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    rest = rng.uniform(0.2, 2.5, len(sizes))[athlete]
    gap = 1 + rng.poisson(rest) + (rng.random(len(athlete)) < 0.006) * rng.integers(14, 90, len(athlete))
    gap[rng.random(len(athlete)) < 0.01] = 0
    since_first = np.cumsum(gap)
    last = np.cumsum(sizes) - 1
    stopped = np.minimum(rng.geometric(0.02, len(sizes)) - 1, 400)
    today = np.datetime64(AS_OF).astype("datetime64[D]").astype(np.int64)
    return Workouts(athlete, nth, today - stopped[athlete] - since_first[last][athlete] + since_first)


def _entries(workouts: Workouts, rng: Generator) -> Entries:
    """Three to seven exercises a workout in turns out of the athlete's two dozen, two to five sets each.

    Every seventh workout goes round its exercises set by set.
    """
    exercises = rng.integers(3, 8, len(workouts.athlete))
    workout = np.repeat(np.arange(len(exercises)), exercises)
    slot = np.arange(len(workout)) - np.repeat(np.cumsum(exercises) - exercises, exercises)
    # Popular exercises, those of low numbers, are in more athletes' pools.
    liking = rng.random((int(workouts.athlete[-1]) + 1, _EXERCISES)) ** (1 + np.arange(_EXERCISES) / 20)
    pools = np.argsort(-liking)[:, :_POOL]
    turn = (workouts.nth[workout] * 5 + slot) % _POOL
    exercise = pools[workouts.athlete[workout], turn] + 1
    sets = rng.integers(2, 6, len(workout))
    session = np.repeat(workout, sets)
    of_exercise = np.arange(len(session)) - np.repeat(np.cumsum(sets) - sets, sets)
    first = np.searchsorted(session, np.arange(len(exercises)))
    order = np.lexsort((np.where(session % 7 == 3, of_exercise, 0), session))
    position = np.arange(len(session)) - first[session]
    return Entries(session, position, of_exercise[order], np.repeat(exercise, sets)[order])


def _sets(workouts: Workouts, entries: Entries, rng: Generator) -> pl.DataFrame:
    rows = len(entries.session)
    athlete = workouts.athlete[entries.session]
    mode = _modes()[entries.exercise - 1]
    warm_up = (entries.of_exercise == 0) & (rng.random(rows) < 0.35)
    reps = np.clip(rng.normal(8, 3, rows).round(), 1, 30).astype(np.int64)
    reps[rng.random(rows) < 0.004] = 0
    held = mode == LOAD_MODE_CODES[LoadMode.BAND]
    told = rng.random(rows)
    kinds = np.array([SET_KIND_CODES[kind] for kind in SetKind])
    kind = np.where(rng.random(rows) < 0.05, rng.choice(kinds, rows), SET_KIND_CODES[SetKind.WORKING])
    columns = {
        "session": entries.session,
        "position": entries.position,
        "exercise_id": entries.exercise,
        "kind": np.where(warm_up, SET_KIND_CODES[SetKind.WARM_UP], kind),
        "load_mode": _nullable(np.full(rows, LOAD_MODE_CODES[LoadMode.EXTERNAL]), rng.random(rows) < 0.98),
        "reps": _nullable(reps, ~held),
        "load_g": _nullable(_loads(workouts, entries, warm_up, rng), _loaded(mode, athlete, rng)),
        "rpe_tenths": _nullable(rng.integers(12, 21, rows) * 5, told < 0.25),
        "rir_tenths": _nullable(rng.integers(0, 6, rows) * 10, told > 0.85),
        "duration_ms": _nullable(rng.integers(20, 120, rows) * 1000, held),
        "distance_mm": pl.repeat(None, rows, eager=True),
        "side": _nullable(rng.choice(np.array([SIDE_CODES[side] for side in Side]), rows), rng.random(rows) < 0.02),
    }
    return _frame(SETS, columns)


def _loaded(mode: Numbers, athlete: Numbers, rng: Generator) -> Flags:
    """A tenth of bodyweight sets carry a load; of the others few lack one."""
    bodyweight = mode == LOAD_MODE_CODES[LoadMode.BODYWEIGHT_PLUS]
    return rng.random(len(athlete)) < np.where(bodyweight, 0.1, 0.99)


def _loads(workouts: Workouts, entries: Entries, warm_up: Numbers, rng: Generator) -> Numbers:
    """What athlete and exercise make of it, growing with experience, in steps of 2.5 kg, of 5 lb for every third."""
    athlete = workouts.athlete[entries.session]
    strength = np.exp(rng.normal(0, 0.3, int(workouts.athlete[-1]) + 1))
    heavy = np.exp(rng.normal(np.log(45), 0.6, _EXERCISES))
    grown = 1 + 0.08 * np.log1p(workouts.nth[entries.session]) + rng.normal(0, 0.05, len(athlete))
    kilograms = strength[athlete] * heavy[entries.exercise - 1] * grown * np.where(warm_up, 0.5, 1)
    metric = np.clip(kilograms / 2.5, 1, 150).round() * 2_500
    imperial = (np.clip(kilograms / 2.268, 1, 150).round() * 5 * GRAMS_A_POUND).round()
    return np.where(athlete % 3 == 2, imperial, metric).astype(np.int64)


def _own_workouts(workouts: Workouts, rng: Generator) -> pl.DataFrame:
    rows = len(workouts.athlete)
    known = rng.random(rows)
    day = pl.Series(workouts.day.astype(np.int32)).cast(pl.Date)
    second = workouts.day * 86_400 + 61_200 + workouts.nth
    columns = {
        "athlete": workouts.athlete,
        "session": np.arange(rows),
        "workout_id": pl.Series(np.arange(rows)).cast(pl.String),
        "performed_on": day,
        "started_at": pl.Series(second * 1_000_000).cast(pl.Datetime("us", "UTC")),
        "duration_s": _nullable(rng.integers(1_500, 6_500, rows), known < 0.8),
        "session_rpe_tenths": _nullable(rng.integers(8, 21, rows) * 5, known < 0.35),
        "bodyweight_g": _nullable(
            60_000 + (workouts.athlete * 7919) % 45_000 + rng.integers(0, 3_000, rows), known < 0.08
        ),
    }
    return _frame(WORKOUTS, columns)


def _bodyweights(own: pl.DataFrame, rng: Generator) -> pl.DataFrame:
    """Those recorded with workouts, and of every other athlete a weight from before the first."""
    recorded = own.drop_nulls("bodyweight_g").select("athlete", pl.col("performed_on").alias("day"), "bodyweight_g")
    first = own.group_by("athlete").agg(day=pl.col("performed_on").min() - pl.duration(days=1)).sort("athlete")
    grams = pl.Series("bodyweight_g", rng.integers(55_000, 110_000, first.height), dtype=pl.Int32)
    told = first.with_columns(grams).filter(pl.col("athlete") % 2 == 0)
    last_of_day = pl.concat([told, recorded]).unique(["athlete", "day"], keep="last", maintain_order=True)
    return last_of_day.sort("athlete", "day")


def _modes() -> Numbers:
    """The default mode of each exercise, the same in every history: three quarters external."""
    shares = {
        LoadMode.EXTERNAL: 0.75,
        LoadMode.BODYWEIGHT_PLUS: 0.12,
        LoadMode.ASSISTED: 0.04,
        LoadMode.BAND: 0.04,
        LoadMode.MACHINE_UNITS: 0.05,
    }
    codes = np.array([LOAD_MODE_CODES[mode] for mode in shares])
    return default_rng(0).choice(codes, _EXERCISES, p=list(shares.values()))


def _exercises() -> pl.DataFrame:
    rng = default_rng(0)
    numbers = np.arange(_EXERCISES)
    bodyweight = np.isin(_modes(), [LOAD_MODE_CODES[LoadMode.BODYWEIGHT_PLUS], LOAD_MODE_CODES[LoadMode.ASSISTED]])
    columns = {
        "exercise_id": numbers + 1,
        "name": pl.Series(numbers + 1).cast(pl.String),
        "pattern": pl.repeat("other", _EXERCISES, eager=True),
        "load_mode": _modes(),
        "unilateral": rng.random(_EXERCISES) < 0.15,
        "implements": np.where(rng.random(_EXERCISES) < 0.25, 2, 1),
        "bodyweight_permille": np.where(bodyweight, rng.integers(60, 101, _EXERCISES) * 10, 0),
    }
    return _frame(EXERCISES, columns)


def _muscles() -> pl.DataFrame:
    """One direct target, and up to three indirect ones."""
    rng = default_rng(0)
    names = [muscle.value for muscle in Muscle]
    rows = list[tuple[int, str, int]]()
    for exercise in range(1, _EXERCISES + 1):
        targets = rng.permutation(names)[: rng.integers(1, 5)]
        rows += [(exercise, str(muscle), 1000 if at == 0 else 500) for at, muscle in enumerate(targets)]
    return pl.DataFrame(rows, schema=MUSCLES, orient="row")


def _athletes(count: int) -> pl.DataFrame:
    columns = {
        "athlete": np.arange(count),
        "sex": pl.repeat(None, count, eager=True),
        "birth_year": pl.repeat(None, count, eager=True),
        "level": pl.repeat("intermediate", count, eager=True),
        "show_acwr": pl.repeat(False, count, eager=True),
    }
    return _frame(ATHLETES, columns)


def _nullable(values: Numbers, known: Flags) -> pl.Series:
    return pl.select(pl.when(pl.Series(known)).then(pl.Series(values))).to_series()


def _frame(schema: Schema, columns: Mapping[str, NDArray[Any] | pl.Series]) -> pl.DataFrame:
    return pl.DataFrame({name: pl.Series(columns[name]).cast(dtype) for name, dtype in schema.items()})
