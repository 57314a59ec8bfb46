"""What the analysis says: the documents that steps write and the API serves as they are.

Every field is present in every document; null means that there is no such number, and a reason stands beside it. Series
are columns of equal length. Masses are kilograms, dates are the athlete's local dates, weeks begin on Monday.
"""

from datetime import date
from enum import StrEnum
from typing import Literal

from msgspec import Struct

from models.domain.exercises import LoadMode


class Reason(Struct, frozen=True, kw_only=True):
    """Why a number is what it is, or why there is none: a code for programs, a sentence for people."""

    code: str
    text: str
    values: dict[str, int | float | str]


class Formula(Struct, frozen=True, kw_only=True):
    """The formula that a series is of; a series never mixes two."""

    name: str
    version: int


class WeekProgress(Struct, frozen=True, kw_only=True):
    """One trained week. Weeks without a workout are absent.

    `sets` are the sets that are no warm-ups. `tonnage_kg` sums those whose moved load is known, and is null where none
    is; `sets_without_tonnage` counts the others (no load, unknown bodyweight, bands).
    """

    week_start: date
    sessions: int
    sets: int
    hard_sets: int
    tonnage_kg: float | None
    sets_without_tonnage: int


class MuscleWeeks(Struct, frozen=True, kw_only=True):
    """Fractional hard sets of a muscle by week: a direct target counts 1, an indirect 0.5. Weeks without are absent."""

    muscle: str
    week_start: tuple[date, ...]
    hard_sets: tuple[float, ...]


class LoadSource(StrEnum):
    REST = "rest"
    RECORDED = "recorded"
    DERIVED = "derived"
    MIXED = "mixed"


class DailyLoad(Struct, frozen=True, kw_only=True):
    """Training load by calendar day, rest days included; one entry a day from `first_day` on.

    `load` is session RPE x minutes where both were recorded, else derived from the sets by `derivation`; `source` tells
    which. `fitness` and `fatigue` are the exponential averages over 42 and 7 days, from 0 on the first day ever
    trained; `form` is the day before's fitness less fatigue.
    """

    first_day: date
    derivation: str
    load: tuple[float, ...]
    source: tuple[LoadSource, ...]
    fitness: tuple[float, ...]
    fatigue: tuple[float, ...]
    form: tuple[float, ...]


class LoadToday(Struct, frozen=True, kw_only=True):
    """The state on `as_of`: fitness, fatigue, form, and the last seven days' monotony and strain.

    `week_source` tells whether those days' load was recorded or derived from the sets, by `derivation`.
    """

    fitness: float
    fatigue: float
    form: float
    week_load: float
    week_source: LoadSource
    derivation: str
    monotony: float | None
    strain: float | None
    monotony_reason: Reason | None


class ExerciseProgress(Struct, frozen=True, kw_only=True):
    """An exercise in the index: how often, when last, and the best and latest e1RM, or why there is none."""

    exercise_id: int
    exercise: str
    sessions: int
    last_performed_on: date
    best_e1rm_kg: float | None
    best_e1rm_on: date | None
    latest_e1rm_kg: float | None
    latest_e1rm_on: date | None
    e1rm_reason: Reason | None


class ProgressDocument(Struct, frozen=True, kw_only=True):
    """An athlete's progress. `daily` is null before the first workout; see its own words for the window shown."""

    as_of: date
    first_trained_on: date | None
    last_trained_on: date | None
    sessions: int
    e1rm_formula: Formula
    weekly: tuple[WeekProgress, ...]
    muscles: tuple[MuscleWeeks, ...]
    daily: DailyLoad | None
    today: LoadToday | None
    exercises: tuple[ExerciseProgress, ...]


class E1rmSeries(Struct, frozen=True, kw_only=True):
    """An exercise's best e1RM by trained day, with the set that it is estimated from."""

    exercise_id: int
    exercise: str
    performed_on: tuple[date, ...]
    e1rm_kg: tuple[float, ...]
    load_kg: tuple[float, ...]
    reps: tuple[int, ...]


class E1rmDocument(Struct, frozen=True, kw_only=True):
    """Estimated one-repetition maxima by exercise and day. `load_kg` is the moved load, bodyweight included."""

    as_of: date
    formula: Formula
    exercises: tuple[E1rmSeries, ...]


class RecordKind(StrEnum):
    LOAD_FOR_REPS = "load_for_reps"
    E1RM = "e1rm"
    SET_VOLUME = "set_volume"
    EXERCISE_VOLUME = "exercise_volume"
    SESSION_TONNAGE = "session_tonnage"


class Record(Struct, frozen=True, kw_only=True):
    """A best and the best before it. The first session is a baseline: there `previous_value_kg` is null.

    `reps` is set for `load_for_reps` alone: the load was moved for at least so many. Exercise is null for
    `session_tonnage`.
    """

    kind: RecordKind
    exercise_id: int | None
    exercise: str | None
    reps: int | None
    value_kg: float
    previous_value_kg: float | None
    previous_performed_on: date | None
    performed_on: date
    workout_id: str


class ExerciseRecords(Struct, frozen=True, kw_only=True):
    """The standing bests of one exercise: the loads for at least 1 to 12 reps, and the other kinds."""

    exercise_id: int
    exercise: str
    records: tuple[Record, ...]


class RecordsDocument(Struct, frozen=True, kw_only=True):
    """Standing records, and the latest of the records ever set, newest first; truncated where there were more."""

    as_of: date
    e1rm_formula: Formula
    exercises: tuple[ExerciseRecords, ...]
    session_tonnage: Record | None
    feed: tuple[Record, ...]
    feed_truncated: bool


class BacktestFigures(Struct, frozen=True, kw_only=True):
    """How an estimator did on held-back sessions of real logs; the published error of promise 4.

    Widths are of the interval relative to the point; the constant one is the same share of the point for everybody,
    wide enough for the same coverage. `mae_percent` is the mean absolute error of the expected e1RM.
    """

    coverage: float
    athlete_coverage_p10: float
    athlete_coverage_p90: float
    mae_percent: float
    median_width_percent: float
    constant_width_percent: float
    abstention_rate: float
    sessions: int
    athletes: int
    measured_on: date


class EstimatorCard(Struct, frozen=True, kw_only=True):
    """Who made the estimates: name, version, what it does in a sentence, and its backtest."""

    name: str
    version: int
    description: str
    target_coverage: float
    backtest: BacktestFigures


class Recommendation(Struct, frozen=True, kw_only=True):
    """What to lift next. The interval covers the best e1RM of the next session with probability `coverage`.

    `load_kg` is what goes on the bar: with `load_mode` bodyweight_plus the added load, with assisted the assistance;
    `load_low_kg` to `load_high_kg` is the interval at those reps in the steps that the athlete loads in.
    `stale` says that the last workout is long ago: the numbers then are those of the session after it, not of today.
    """

    exercise_id: int
    exercise: str
    status: Literal["current", "stale"]
    last_performed_on: date
    load_mode: LoadMode
    load_kg: float
    reps: int
    e1rm_kg: float
    e1rm_low_kg: float
    e1rm_high_kg: float
    load_low_kg: float
    load_high_kg: float
    coverage: float
    reasons: tuple[Reason, ...]
    estimator: str
    estimator_version: int


class Abstention(Struct, frozen=True, kw_only=True):
    """An exercise lately performed for which the estimator does not know enough, and why."""

    exercise_id: int
    exercise: str
    last_performed_on: date
    reason: Reason


class RecommendationsDocument(Struct, frozen=True, kw_only=True):
    """The next load and reps for each exercise in rotation, and the exercises about which nothing is said."""

    as_of: date
    last_trained_on: date | None
    days_since_last_session: int | None
    e1rm_formula: Formula
    estimator: EstimatorCard
    recommendations: tuple[Recommendation, ...]
    abstentions: tuple[Abstention, ...]


class Fact(Struct, frozen=True, kw_only=True):
    """One thing that the metrics state, and all that a summary may say. `text` says it in words."""

    id: str
    kind: str
    subject: str
    value: float | None
    unit: str
    direction: Literal["up", "down", "same"] | None
    period: str
    text: str


class RejectedText(Struct, frozen=True, kw_only=True):
    """A text that the verifier refused, by its author, and what it found."""

    author: str
    findings: tuple[str, ...]


class SummaryDocument(Struct, frozen=True, kw_only=True):
    """A week in words. Each number, unit and direction in `text` is stated by a fact: that is what `verified` says."""

    as_of: date
    period: str
    week_start: date | None
    text: str
    author: str
    facts: tuple[Fact, ...]
    verified: bool
    rejected: tuple[RejectedText, ...]
