"""Anything that an athlete may record, for property tests: texts that break things, sets, workouts, whole accounts."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from msgspec import Struct

from models.domain.exercises import CustomExerciseDraft, LoadMode, Muscle, MuscleShare
from models.domain.sets import SetDraft, SetKind, SetTarget, Side
from models.domain.units import MassUnit
from models.domain.workouts import WorkoutDraft
from tests.factories import BACK_SQUAT, BENCH_PRESS

NASTY = (
    *('=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'quoted", "''", "'=1", "\uff1d1"),
    *("a\nb", "a\r\nb\rc", "\n", " ", "  both sides  ", '"', '""', ",", '"\n"', "1e5", "00123", "TRUE", "{}"),
    *("\u05e9\u05dc\u05d5\u05dd", "\U0001f3cb\ufe0f\u200d\u2642\ufe0f", "\ufeffmark", "Ünïcödé", "\\u0000"),
    *("\u2028\u2029\x85\x0b\x0c\x1c", "\x01\x1a\x7f", "x\n" * 300, "set," * 60 + "\n" + "set," * 60),
    "a\n" + ",".join("b" * 49) + "\n" + ",".join("c" * 44),
)


class Made(Struct, frozen=True):
    """What an account is made of; exercises are named by their place in `exercises`, 10,000 and on."""

    exercises: list[CustomExerciseDraft]
    workouts: list[WorkoutDraft]
    imported: list[WorkoutDraft]
    notes: list[str]


def texts(longest: int = 80) -> st.SearchStrategy[str]:
    letters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
    return st.sampled_from(NASTY).map(lambda text: text[:longest]) | st.text(letters, min_size=1, max_size=longest)


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


TENTHS = st.integers(0, 100).map(lambda value: value / 10)
LOADS = st.sampled_from([0, 44.0925, 61.23492, 225, 102.5, 1e-05, 0.1]) | st.integers(0, 5_000_000).map(
    lambda value: value / 10_000
)


@st.composite
def targets(draw: st.DrawFn) -> SetTarget:
    load = draw(maybe(LOADS))
    low = draw(st.integers(0, 20))
    effort = draw(st.sampled_from(["rpe", "rir", None]))
    return SetTarget(
        reps_low=low,
        reps_high=draw(maybe(st.integers(low, 30))),
        load=load,
        load_unit=None if load is None else draw(st.sampled_from(MassUnit)),
        duration_s=draw(maybe(TENTHS)),
        distance_m=draw(maybe(LOADS)),
        **({effort: draw(TENTHS)} if effort else {}),
    )


@st.composite
def sets(draw: st.DrawFn, exercise_ids: list[int], position: int) -> SetDraft:
    mode = draw(maybe(st.sampled_from(LoadMode)))
    load = draw(maybe(LOADS))
    unitless = mode is LoadMode.MACHINE_UNITS and draw(st.booleans())
    effort, group = draw(st.sampled_from(["rpe", "rir", None])), draw(st.sampled_from(["superset", "circuit", None]))
    fields: dict[str, Any] = {effort: draw(TENTHS)} if effort else {}
    fields |= {group: draw(st.integers(1, 9))} if group else {}
    return SetDraft(
        exercise_id=draw(st.sampled_from(exercise_ids)),
        kind=draw(st.sampled_from(SetKind)),
        load=load,
        load_unit=None if load is None or unitless else draw(st.sampled_from(MassUnit)),
        load_mode=mode,
        reps=draw(maybe(st.integers(0, 10_000))),
        duration_s=draw(maybe(TENTHS)),
        distance_m=draw(maybe(LOADS)),
        rest_s=draw(maybe(st.integers(0, 600))),
        chain=draw(st.sampled_from([None, position + 1])),
        side=draw(maybe(st.sampled_from(Side))),
        tempo=draw(maybe(st.sampled_from(["3-1-X-0", "31X0", "0110"]))),
        target=draw(maybe(targets())),
        note=draw(maybe(texts())),
        **fields,
    )


@st.composite
def workout_drafts(draw: st.DrawFn, exercise_ids: list[int]) -> WorkoutDraft:
    started_at = draw(st.datetimes(datetime(1951, 1, 1), datetime(2026, 11, 1), timezones=st.just(UTC)))  # noqa: DTZ001
    bodyweight = draw(maybe(st.integers(25_000, 2_000_000).map(lambda value: value / 10_000)))
    return WorkoutDraft(
        started_at=started_at,
        time_zone=draw(st.sampled_from(["UTC", "Europe/Berlin", "Africa/Monrovia", "Asia/Kathmandu"])),
        ended_at=draw(maybe(st.integers(0, 86_400).map(lambda seconds: started_at + timedelta(seconds=seconds)))),
        title=draw(maybe(texts())),
        notes=draw(maybe(texts(1_000))),
        session_rpe=draw(maybe(TENTHS)),
        bodyweight=bodyweight,
        bodyweight_unit=None if bodyweight is None else draw(st.sampled_from(MassUnit)),
        sets=tuple(draw(sets(exercise_ids, position)) for position in range(draw(st.integers(1, 4)))),
    )


@st.composite
def accounts_made(draw: st.DrawFn) -> Made:
    count = draw(st.integers(0, 3))
    exercise_ids = [BACK_SQUAT, BENCH_PRESS, *range(10_000, 10_000 + count)]
    shares = st.sampled_from([(), (MuscleShare(muscle=Muscle.CHEST, share=0.5),)])
    return Made(
        exercises=[
            CustomExerciseDraft(
                name=f"{draw(texts(20))} {number}", muscles=draw(shares), bodyweight_fraction=draw(TENTHS) / 10
            )
            for number in range(count)
        ],
        workouts=draw(st.lists(workout_drafts(exercise_ids), max_size=3)),
        imported=draw(st.lists(workout_drafts(exercise_ids), max_size=2)),
        notes=draw(st.lists(texts(200), max_size=2)),
    )
