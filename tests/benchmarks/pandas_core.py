"""The core metrics in pandas, as fast as profiling made them: what `analytics.core` is compared with.

What was tried, by processor time: facts of exercises taken by position out of arrays cost a sixth of `map` and less
than half of `merge`; nullable Int64 and Arrow-backed columns take 1.5 and 2.5 times as long as numpy's with NaN for
null; a group-by of two columns takes 1.5 times as long as one of a packed Int64 key, and numbering the runs of equal
neighbours first gains nothing more, with categorical keys neither. Where few rows have a value, only those are looked
at. Group-bys do not sort, nothing is applied row by row, and Python sees no row.
"""

from collections.abc import Mapping
from typing import Any

import numpy
import pandas

from analytics.frames import History
from models.domain.exercises import LOAD_MODE_CODES, LoadMode
from models.domain.workouts import SET_KIND_CODES, SIDE_CODES, SetKind, Side

# Their annotations say little together that a strict checker understands.
np: Any = numpy
pd: Any = pandas
Frames = dict[str, Any]
Array = Any
_WARM_UP = SET_KIND_CODES[SetKind.WARM_UP]
_NO_E1RM = [SET_KIND_CODES[kind] for kind in (SetKind.WARM_UP, SetKind.PARTIAL, SetKind.CLUSTER, SetKind.MYO_REP)]
_EXTERNAL, _PLUS, _ASSISTED = (
    LOAD_MODE_CODES[mode] for mode in (LoadMode.EXTERNAL, LoadMode.BODYWEIGHT_PLUS, LoadMode.ASSISTED)
)
_UNIT = 600_000


def frames(history: History) -> Frames:
    """The history as pandas holds it: integers, floats where there are nulls, dates as datetime64."""
    named = {
        "sets": history.sets.drop("distance_mm"),
        "workouts": history.workouts.select(
            "athlete", "session", "performed_on", "duration_s", "session_rpe_tenths"
        ).sort("session"),
        "exercises": history.exercises.drop("name", "pattern"),
        "muscles": history.muscles,
        "bodyweights": history.bodyweights,
    }
    found: Frames = {
        name: pd.DataFrame({column.name: column.to_numpy() for column in rows}) for name, rows in named.items()
    }
    return {**found, "until": pd.Timestamp(history.as_of)}


def core(given: Frames) -> dict[str, Any]:
    """`weeks`, `muscle_weeks`, `e1rms` and `days`, as analytics.core gives them."""
    workouts = given["workouts"].assign(
        day=given["workouts"]["performed_on"].to_numpy().astype("datetime64[D]").astype(int)
    )
    atoms = _atoms(given, workouts)
    atoms["athlete"] = workouts["athlete"].to_numpy()[atoms["session"]]
    atoms["week"] = (workouts["day"] - (workouts["day"] + 3) % 7).to_numpy()[atoms["session"]]
    return {
        "weeks": _weeks(atoms),
        "muscle_weeks": _muscle_weeks(atoms, given["muscles"]),
        "e1rms": _e1rms(atoms, workouts),
        "days": _days(atoms, workouts, given["until"]),
    }


def _atoms(given: Frames, workouts: Any) -> Any:
    """One row a session and exercise."""
    sets = given["sets"]
    session, exercise_id = sets["session"].to_numpy(), sets["exercise_id"].to_numpy()
    key = (session.astype(np.int64) << 32) + exercise_id
    values = _of_sets(given, workouts, session, exercise_id)
    grouped = values.groupby(key, sort=False)
    keys = ["e1rm_key", "record_key"]
    atoms = grouped[[name for name in values.columns if name not in keys]].sum()
    atoms[keys] = grouped[keys].max()
    atoms = atoms.sort_index()
    return atoms.assign(session=atoms.index.to_numpy() >> 32, exercise_id=atoms.index.to_numpy() & 0xFFFFFFFF)


def _of_sets(given: Frames, workouts: Any, session: Array, exercise_id: Array) -> Any:
    """What is aggregated of each set; NaN for null."""
    sets = given["sets"]
    kind, reps, load = (sets[name].to_numpy() for name in ("kind", "reps", "load_g"))
    rpe, rir = sets["rpe_tenths"].to_numpy(), sets["rir_tenths"].to_numpy()
    facts = _by_number(given["exercises"])
    working = kind != _WARM_UP
    reserve = np.zeros(len(sets))
    for told, known in ((100 - rpe, _known(rpe)), (rir, _known(rir))):
        reserve[known] = told[known]
    moved = _moved(given, workouts, session, exercise_id, load)
    volume = np.where(working, reps * moved * _times(sets, facts, exercise_id), np.nan)
    tenths = reps * 10 + reserve
    within = (moved > 0) & (reps >= 1) & (tenths <= 120) & ~np.isin(kind, _NO_E1RM)
    e1rm = np.where(within, moved * np.where(tenths == 10, 300, 300 + tenths), np.nan)
    return pd.DataFrame(
        {
            "sets": working.astype(np.int64),
            "hard_sets": (working & (reserve <= 40) & (reps != 0)).astype(np.int64),
            "volume_g": volume,
            "volume_sets": (~np.isnan(volume)).astype(np.int64),
            "effort": _effort(sets, working, rpe, rir),
            "e1rm_key": e1rm,
            "record_key": np.where(tenths <= 100, e1rm, np.nan),
        },
        copy=False,
    )


def _by_number(exercises: Any) -> dict[str, Array]:
    """Each column as an array with the exercise's id as position."""
    ids = exercises["exercise_id"].to_numpy()
    facts: dict[str, Array] = {}
    for name in exercises.columns.drop("exercise_id"):
        facts[name] = np.zeros(ids.max() + 1, dtype=exercises[name].dtype)
        facts[name][ids] = exercises[name].to_numpy()
    return facts


def _moved(given: Frames, workouts: Any, session: Array, exercise_id: Array, load: Array) -> Array:
    """Grams a rep; only the sixth of the sets that move the body look for its weight."""
    facts, told = _by_number(given["exercises"]), given["sets"]["load_mode"].to_numpy()
    mode: Array = np.where(np.isnan(told), facts["load_mode"][exercise_id], told)
    moved = np.where(mode == _EXTERNAL, load, np.nan)
    at = np.flatnonzero((mode == _PLUS) | (mode == _ASSISTED))
    permille = facts["bodyweight_permille"][exercise_id[at]]
    body = np.floor((_bodyweights(given, workouts)[session[at]] * permille + 500) / 1000)
    assisted = np.maximum(body - load[at], 0)
    moved[at] = np.where(mode[at] == _PLUS, body + np.nan_to_num(load[at]), assisted)
    return moved


def _bodyweights(given: Frames, workouts: Any) -> Array:
    """By session the latest of the day or before."""
    days = workouts[["session", "athlete", "performed_on"]].sort_values("performed_on", kind="stable")
    weighed = given["bodyweights"].rename(columns={"day": "performed_on"}).sort_values("performed_on", kind="stable")
    return (
        pd.merge_asof(days, weighed, on="performed_on", by="athlete").sort_values("session")["bodyweight_g"].to_numpy()
    )


def _times(sets: Any, facts: Mapping[str, Array], exercise_id: Array) -> Array:
    side = sets["side"].to_numpy()
    both: Array = np.where(np.isnan(side), facts["unilateral"][exercise_id], side == SIDE_CODES[Side.EACH])
    return facts["implements"][exercise_id] * (1 + both)


def _effort(sets: Any, working: Array, rpe: Array, rir: Array) -> Array:
    """Few sets have a duration, a quarter an RPE: only those are looked at."""
    rate = np.full(len(sets), 80.0)
    for told, known in ((np.maximum(100 - rir, 0), _known(rir)), (rpe, _known(rpe))):
        rate[known] = told[known]
    duration = sets["duration_ms"].to_numpy()
    longer = np.flatnonzero(duration > 180_000)
    effort = rate * 180_000
    effort[longer] = rate[longer] * np.minimum(duration[longer], 14_400_000)
    effort[~working] = 0
    return effort


def _known(values: Array) -> Array:
    return np.flatnonzero(~np.isnan(values))


def _weeks(atoms: Any) -> Any:
    totals = ["sets", "hard_sets", "volume_g", "volume_sets"]
    sessions = atoms.groupby(atoms["session"].to_numpy(), sort=False)
    by_session = sessions[totals].sum().join(sessions[["athlete", "week"]].first()).assign(sessions=1)
    weeks = by_session.groupby(["athlete", "week"], sort=True)[["sessions", *totals]].sum()
    return _whole(weeks.reset_index())


def _muscle_weeks(atoms: Any, muscles: Any) -> Any:
    """Every exercise's first target of all rows, then the second, and so on: cheaper than a merge."""
    muscle = pd.Categorical(muscles["muscle"])
    targets = muscles.assign(code=muscle.codes, nth=muscles.groupby("exercise_id").cumcount())
    trained, parts = atoms[atoms["hard_sets"] > 0], list[tuple[Array, Array]]()
    # In the order of the answer: athlete, muscle, week.
    first = (trained["athlete"].to_numpy().astype(np.int64) << 37) + trained["week"].to_numpy()
    hard, exercise_id = trained["hard_sets"].to_numpy(), trained["exercise_id"].to_numpy()
    for _, nth in targets.groupby("nth"):
        facts = _by_number(nth[["exercise_id", "code", "share_milli"]])
        share = facts["share_milli"][np.minimum(exercise_id, len(facts["share_milli"]) - 1)]
        share = np.where(exercise_id < len(facts["share_milli"]), share, 0)
        at = np.flatnonzero(share)
        code = facts["code"].astype(np.int64)[exercise_id[at]]
        parts.append((first[at] + (code << 32), hard[at] * share[at]))
    keys, milli = (np.concatenate(part) for part in zip(*parts, strict=True))
    sums = pd.Series(milli).groupby(keys, sort=False).sum().sort_index()
    key = sums.index.to_numpy()
    muscles_of = pd.Categorical.from_codes(key >> 32 & 31, dtype=muscle.dtype)
    columns = {"athlete": key >> 37, "muscle": muscles_of, "week": key & 0xFFFFFFFF, "milli_sets": sums.to_numpy()}
    return pd.DataFrame(columns, copy=False)


def _e1rms(atoms: Any, workouts: Any) -> Any:
    rows = atoms.loc[atoms["e1rm_key"].notna(), ["athlete", "exercise_id", "session", "e1rm_key", "record_key"]]
    # Rows are in the order of sessions already.
    key = (rows["athlete"].to_numpy().astype(np.int64) << 32) + rows["exercise_id"].to_numpy()
    order = np.argsort(key, kind="stable")
    rows, key = rows.iloc[order].reset_index(drop=True), key[order]
    best = rows["record_key"].fillna(0).groupby(key, sort=False).cummax().to_numpy()
    previous = np.zeros(len(rows))
    previous[1:] = np.where(key[1:] == key[:-1], best[:-1], 0)
    is_record = (previous > 0) & (rows["record_key"].to_numpy() > previous)
    day = workouts["day"].to_numpy()[rows["session"]]
    return rows.assign(day=day, previous=np.where(previous > 0, previous, np.nan), is_record=is_record)


def _days(atoms: Any, workouts: Any, until: Any) -> Any:
    """A grid of calendar days by athlete, with the day before the first at its head."""
    derived = np.zeros(len(workouts))
    efforts = atoms["effort"].groupby(atoms["session"].to_numpy(), sort=False).sum()
    derived[efforts.index.to_numpy()] = efforts.to_numpy()
    seconds, rpe = workouts["duration_s"].to_numpy(), workouts["session_rpe_tenths"].to_numpy()
    recorded = (seconds > 0) & (seconds < 18_000) & ~np.isnan(rpe)
    effort = np.where(recorded, seconds * 1000 * rpe, derived)
    sessions = pd.DataFrame({"effort": effort, "recorded": recorded.astype(int), "workouts": 1})
    trained = sessions.groupby([workouts["athlete"].to_numpy(), workouts["day"].to_numpy()], sort=True).sum()
    athlete, day = (trained.index.get_level_values(level).to_numpy() for level in (0, 1))
    return _followed(athlete, day, trained, (until - pd.Timestamp(0)).days)


def _followed(athlete: Array, day: Array, trained: Any, until: int) -> Any:
    begin = np.flatnonzero(np.append(True, athlete[1:] != athlete[:-1]))
    first, last = day[begin] - 1, np.maximum(day[np.append(begin[1:], len(day)) - 1], until)
    lengths = last - first + 1
    offset = np.cumsum(lengths) - lengths
    at = day + np.repeat(offset - first, np.diff(begin, append=len(day)))
    grid = pd.DataFrame({name: np.zeros(lengths.sum()) for name in trained.columns})
    grid.iloc[at] = trained.to_numpy()
    load = grid["effort"] / _UNIT
    people = np.repeat(athlete[begin], lengths)
    by_athlete = load.groupby(people, sort=False)
    fitness, fatigue = (by_athlete.ewm(alpha=1 / days, adjust=False).mean().to_numpy() for days in (42, 7))
    form = np.append(0, (fitness - fatigue)[:-1])
    recorded, workouts = grid["recorded"].to_numpy(), grid["workouts"].to_numpy()
    source = np.select([workouts == 0, recorded == workouts, recorded > 0], [0, 2, 3], 1)
    days = np.arange(len(people)) + np.repeat(first - offset, lengths)
    monotony, strain = _monotony(people, load.to_numpy())
    rows = {"athlete": people, "day": days, "load": load.to_numpy(), "source": source, "fitness": fitness}
    every = pd.DataFrame({**rows, "fatigue": fatigue, "form": form, "monotony": monotony, "strain": strain}, copy=False)
    return every[np.append(False, people[1:] == people[:-1])]


def _monotony(people: Array, load: Array) -> tuple[Array, Array]:
    monotony, strain = np.full(len(load), np.nan), np.full(len(load), np.nan)
    if len(load) > 7:
        week = [load[7 - back : len(load) - back] for back in range(7)]
        total = sum(week[1:], week[0])
        squares = [(day - total / 7) ** 2 for day in week]
        known = (people[7:] == people[:-7]) & ~np.logical_and.reduce([day == week[0] for day in week[1:]])
        deviation = np.sqrt(sum(squares[1:], squares[0]) / 7)
        np.divide(total / 7, deviation, out=monotony[7:], where=known)
        strain[7:] = total * monotony[7:]
    return monotony, strain


def _whole(rows: Any) -> Any:
    return rows.assign(volume_g=rows["volume_g"].astype(np.int64))
