"""Arranging histories: small ones by hand, and random ones that hold every oddity that real logs do."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from msgspec import Struct

from analytics.frames import ATHLETES, BODYWEIGHTS, EXERCISES, MUSCLES, SCHEMAS, SETS, WORKOUTS, History, frame
from models.domain.exercises import LOAD_MODE_CODES, LoadMode
from models.domain.workouts import SET_KIND_CODES, SIDE_CODES, SetKind, Side

MONDAY = date(2026, 1, 5)
SQUAT, LUNGE, PULL_UP, DIP, BAND = 1, 2, 3, 4, 5
# The catalogue's own ids: the lifts of a strength total.
LOW_BAR_SQUAT, DEADLIFT, BENCH_PRESS = 101, 400, 1000


class ASet(Struct, frozen=True, kw_only=True):
    """A set as the frames hold it; 5 working squats at 100 kg unless told otherwise."""

    exercise_id: int = SQUAT
    kind: SetKind = SetKind.WORKING
    load_mode: LoadMode | None = None
    reps: int | None = 5
    load_g: int | None = 100_000
    rpe_tenths: int | None = None
    rir_tenths: int | None = None
    duration_ms: int | None = None
    side: Side | None = None


class AWorkout(Struct, frozen=True, kw_only=True):
    """A workout `day` days after a Monday by the clock; by the athlete's calendar it may be a day `apart`."""

    day: int = 0
    apart: int = 0
    sets: tuple[ASet, ...] = (ASet(),)
    duration_s: int | None = None
    session_rpe_tenths: int | None = None
    bodyweight_g: int | None = None

    @property
    def performed_on(self) -> date:
        return MONDAY + timedelta(days=self.day + self.apart)


class AnExercise(Struct, frozen=True, kw_only=True):
    """An exercise of the test catalogue."""

    id: int
    name: str
    load_mode: LoadMode = LoadMode.EXTERNAL
    unilateral: bool = False
    implements: int = 1
    bodyweight_permille: int = 0
    pattern: str = "other"
    muscles: tuple[tuple[str, int], ...] = (("quads", 1000), ("glutes", 500))


EXERCISES_BY_ID = {
    exercise.id: exercise
    for exercise in (
        AnExercise(id=SQUAT, name="Squat (Barbell)"),
        AnExercise(id=LUNGE, name="Lunge (Dumbbell)", unilateral=True, implements=2),
        AnExercise(
            id=PULL_UP,
            name="Pull Up",
            load_mode=LoadMode.BODYWEIGHT_PLUS,
            bodyweight_permille=1000,
            pattern="vertical_pull",
            muscles=(("back", 1000),),
        ),
        AnExercise(id=DIP, name="Dip (Assisted)", load_mode=LoadMode.ASSISTED, bodyweight_permille=640, muscles=()),
        AnExercise(id=BAND, name="Squat (Band)", load_mode=LoadMode.BAND, bodyweight_permille=880),
        AnExercise(id=LOW_BAR_SQUAT, name="Low Bar Squat (Barbell)"),
        AnExercise(id=DEADLIFT, name="Deadlift (Barbell)", muscles=(("hamstrings", 1000), ("neck", 500))),
        AnExercise(
            id=BENCH_PRESS,
            name="Bench Press (Barbell)",
            pattern="horizontal_push",
            muscles=(("chest", 1000), ("triceps", 500)),
        ),
    )
}


class AnAthlete(Struct, frozen=True, kw_only=True):
    """What an athlete has told of themself; `weighed` maps days after the Monday to grams, beside the workouts."""

    sex: str | None = None
    birth_year: int | None = None
    level: str = "beginner"
    show_acwr: bool = False
    weighed: dict[int, int] = {}


def history(*workouts: AWorkout, as_of: date | None = None, athlete: AnAthlete = AnAthlete()) -> History:  # noqa: B008
    """The frames of the workouts, numbered in the order of their days."""
    ordered = sorted(workouts, key=lambda workout: workout.day)
    last = ordered[-1].performed_on if ordered else MONDAY
    return History(
        sets=frame(SETS, _columns(tuple(SETS), _set_rows(ordered))),
        workouts=frame(WORKOUTS, _columns(tuple(WORKOUTS), _workout_rows(ordered))),
        exercises=frame(EXERCISES, _columns(tuple(EXERCISES), _exercise_rows())),
        muscles=frame(MUSCLES, _columns(tuple(MUSCLES), _muscle_rows())),
        bodyweights=frame(BODYWEIGHTS, _columns(tuple(BODYWEIGHTS), _bodyweight_rows(ordered, athlete))),
        athletes=frame(ATHLETES, _columns(tuple(ATHLETES), [_athlete_row(athlete)])),
        as_of=as_of or last,
    )


def shuffled(given: History, seed: int) -> History:
    """The same history, its rows in another order."""
    frames = {name: getattr(given, name).sample(fraction=1, shuffle=True, seed=seed) for name in SCHEMAS}
    return History(**frames, as_of=given.as_of)


def progressing(sessions: int, *, every_days: int = 3, exercise_id: int = SQUAT) -> tuple[AWorkout, ...]:
    """A lifter who adds a little, with a wobble that repeats."""
    loads = (100_000 + 500 * at + 2_500 * (at % 3) for at in range(sessions))
    return tuple(
        AWorkout(day=every_days * at, sets=(ASet(exercise_id=exercise_id, load_g=load_g),))
        for at, load_g in enumerate(loads)
    )


def random_sets() -> st.SearchStrategy[ASet]:
    """Sets of every kind, with unknowns, failed attempts, half RIRs and reps beyond the formula."""
    known_effort = st.sampled_from(
        [(None, None), (None, None), (80, None), (None, 20), (45, None), (None, 50), (None, 5)]
    )
    return st.builds(
        _with_effort,
        known_effort,
        st.fixed_dictionaries(
            {
                "exercise_id": st.sampled_from([SQUAT, SQUAT, *sorted(EXERCISES_BY_ID)]),
                "kind": st.sampled_from([*SetKind, *[SetKind.WORKING] * 8]),
                "load_mode": st.sampled_from([None, None, None, None, *LoadMode]),
                "reps": st.one_of(st.none(), st.integers(0, 15)),
                "load_g": st.one_of(st.none(), st.just(0), st.integers(1, 6).map(lambda n: n * 20_000)),
                "duration_ms": st.sampled_from([None, None, 30_000, 600_000, 100_000_000]),
                "side": st.sampled_from([None, None, *Side]),
            }
        ),
    )


def _with_effort(effort: tuple[int | None, int | None], fields: dict[str, Any]) -> ASet:
    return ASet(**fields, rpe_tenths=effort[0], rir_tenths=effort[1])


def random_histories() -> st.SearchStrategy[History]:
    """Up to a dozen workouts within two months, several on one day at times."""
    workouts = st.builds(
        AWorkout,
        day=st.integers(0, 60),
        apart=st.sampled_from([0, 0, 0, 0, -1, 1]),
        sets=st.lists(random_sets(), min_size=1, max_size=6).map(tuple),
        duration_s=st.sampled_from([None, 1800, 3601, 900_000]),
        session_rpe_tenths=st.sampled_from([None, 65, 90]),
        bodyweight_g=st.sampled_from([None, None, 80_000, 81_333]),
    )
    athletes = st.builds(
        AnAthlete,
        sex=st.sampled_from([None, "male", "female", "unspecified"]),
        level=st.sampled_from(["beginner", "advanced"]),
        show_acwr=st.booleans(),
        weighed=st.dictionaries(st.integers(-5, 70), st.sampled_from([60_000, 79_999]), max_size=3),
    )
    days_after = st.sampled_from([0, 1, 5, 100])
    return st.builds(_with_days_after, st.lists(workouts, min_size=1, max_size=12), days_after, athletes)


def _with_days_after(workouts: Sequence[AWorkout], days_after: int, athlete: AnAthlete) -> History:
    last = max(workout.performed_on for workout in workouts)
    return history(*workouts, as_of=last + timedelta(days=days_after), athlete=athlete)


def _set_rows(workouts: Sequence[AWorkout]) -> list[tuple[Any, ...]]:
    return [
        (
            session,
            position,
            entry.exercise_id,
            SET_KIND_CODES[entry.kind],
            None if entry.load_mode is None else LOAD_MODE_CODES[entry.load_mode],
            entry.reps,
            entry.load_g,
            entry.rpe_tenths,
            entry.rir_tenths,
            entry.duration_ms,
            None,
            None if entry.side is None else SIDE_CODES[entry.side],
        )
        for session, workout in enumerate(workouts)
        for position, entry in enumerate(workout.sets)
    ]


def _workout_rows(workouts: Sequence[AWorkout]) -> list[tuple[Any, ...]]:
    return [
        (
            0,
            session,
            f"workout-{session}",
            workout.performed_on,
            datetime.combine(MONDAY, datetime.min.time(), UTC) + timedelta(days=workout.day, minutes=session),
            workout.duration_s,
            workout.session_rpe_tenths,
            workout.bodyweight_g,
        )
        for session, workout in enumerate(workouts)
    ]


def _bodyweight_rows(workouts: Sequence[AWorkout], athlete: AnAthlete) -> list[tuple[Any, ...]]:
    """Of a workout and a measurement on one day the measurement is the later one."""
    by_day = {workout.performed_on: workout.bodyweight_g for workout in workouts if workout.bodyweight_g is not None}
    measured = {MONDAY + timedelta(days=day): grams for day, grams in athlete.weighed.items()}
    return [(0, day, grams) for day, grams in sorted((by_day | measured).items())]


def _athlete_row(athlete: AnAthlete) -> tuple[Any, ...]:
    return (0, athlete.sex, athlete.birth_year, athlete.level, athlete.show_acwr)


def _exercise_rows() -> list[tuple[Any, ...]]:
    return [
        (
            exercise.id,
            exercise.name,
            exercise.pattern,
            LOAD_MODE_CODES[exercise.load_mode],
            exercise.unilateral,
            exercise.implements,
            exercise.bodyweight_permille,
        )
        for exercise in EXERCISES_BY_ID.values()
    ]


def _muscle_rows() -> list[tuple[Any, ...]]:
    return [(one.id, muscle, share) for one in EXERCISES_BY_ID.values() for muscle, share in one.muscles]


def _columns(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> dict[str, list[Any]]:
    return {name: [row[at] for row in rows] for at, name in enumerate(names)}
