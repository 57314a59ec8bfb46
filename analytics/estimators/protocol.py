"""What an estimator is: it learns session by session and predicts the next best e1RM of an exercise, or abstains."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from msgspec import Struct


class Performance(Struct, frozen=True, kw_only=True):
    """The best set of an exercise in one session, by e1RM. Loads are moved loads in grams; the e1RM is Epley's."""

    exercise_id: int
    performed_on: date
    e1rm_g: float
    moved_g: int
    reps: int
    effective_reps: float
    load_mode: int


class Prediction(Struct, frozen=True, kw_only=True):
    """The next session's best e1RM: expected, and the interval that covers it with the estimator's target coverage.

    `last` is the performance carried on from; `steps` counts the past one-step errors behind the interval,
    `own_steps` those of this exercise; `typical_error` is the exercise's usual relative step; `pull` the relative
    difference of the expected e1RM from the last.
    """

    last: Performance
    e1rm_g: float
    low_g: float
    high_g: float
    steps: int
    own_steps: int
    typical_error: float
    pull: float


class Unknown(Struct, frozen=True, kw_only=True):
    """Not enough is known; the code says why, the values how far off it is."""

    code: str
    text: str
    values: dict[str, int | float | str]


class Estimator(Protocol):
    """Learn from whole sessions in order, then predict; it never sees a session before it has predicted it."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> int: ...

    def learn(self, session: Sequence[Performance]) -> None:
        """Take in the performances of one session, after any prediction about it."""
        ...

    def predict(self, exercise_id: int, on: date) -> Prediction | Unknown:
        """The best e1RM of the exercise if it is next performed on this day."""
        ...
