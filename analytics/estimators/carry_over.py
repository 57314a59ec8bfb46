"""Carry-over: the next session is expected to be like the last, with an interval from the athlete's own past steps.

The expected log e1RM is the last session's, pulled a little towards the mean of the last few (one bad day is rarely the
new level). A step's score is its error divided by the exercise's typical error at that time; the scores of all the
athlete's exercises together, recent ones only, give the interval by split-conformal quantiles. So a new exercise
borrows the shape from the others, and a steady one keeps a narrow interval. The constants were chosen on the earlier 70
% of each real log; the card holds the figures of the later 30 %.
"""

from collections import deque
from collections.abc import Sequence
from datetime import date
from functools import cache
from importlib import resources
from math import exp, log
from operator import attrgetter
from statistics import fmean

import msgspec
from msgspec import Struct

from analytics.estimators import conformal
from analytics.estimators.protocol import Performance, Prediction, Unknown
from models.domain.insights import EstimatorCard


class CarryOverParams(Struct, frozen=True, kw_only=True):
    """The constants; `max_width` is relative to the point, an error is an absolute difference of logs.

    No interval is narrower than `least_half_width` to either side: sessions that were all alike promise nothing.
    """

    coverage: float = 0.8
    max_gap_days: int = 60
    max_width: float = 0.8
    min_steps: int = 20
    recent_steps: int = 120
    recent_sessions: int = 5
    pull: float = 0.3
    decay: float = 0.9
    prior_steps: float = 3.0
    prior_error: float = 0.08
    prior_drift: float = 0.02
    error_floor: float = 0.005
    least_half_width: float = 0.005
    error_cap: float = 0.5


class Track:
    """What is remembered of one exercise: the last sessions, and a fading mean of its absolute errors."""

    def __init__(self, recent_sessions: int) -> None:
        self.logs: deque[float] = deque(maxlen=recent_sessions)
        self.last: Performance | None = None
        self.error_sum = 0.0
        self.error_weight = 0.0
        self.steps = 0

    def expected(self, pull: float) -> float:
        """The expected log e1RM of the next session."""
        return self.logs[-1] + pull * (fmean(self.logs) - self.logs[-1])


class CarryOver:
    """The estimator of this module; one instance knows one athlete."""

    name = "carry_over"
    version = 2

    def __init__(self, params: CarryOverParams = CarryOverParams()) -> None:  # noqa: B008 (frozen)
        self.params = params
        self._tracks: dict[int, Track] = {}
        self._scores: deque[float] = deque(maxlen=params.recent_steps)
        self._usual_error = params.prior_error

    def learn(self, session: Sequence[Performance]) -> None:
        """Score each exercise's step with what was known before the session, then remember it."""
        usual_error = self._usual_error
        for performance in sorted(session, key=attrgetter("exercise_id")):
            track = self._tracks.setdefault(performance.exercise_id, Track(self.params.recent_sessions))
            self._score(track, performance, usual_error)
            track.logs.append(log(performance.e1rm_g))
            track.last = performance

    def predict(self, exercise_id: int, on: date) -> Prediction | Unknown:
        """The interval of the next session, or why there is none."""
        params, track = self.params, self._tracks.get(exercise_id)
        if track is None or track.last is None:
            return _never_performed()
        if (gap := (on - track.last.performed_on).days) > params.max_gap_days:
            return _layoff(gap, params.max_gap_days)
        bounds = conformal.quantiles(self._scores, params.coverage)
        if bounds is None or len(self._scores) < params.min_steps:
            return _too_little_history(len(self._scores), params)
        prediction = self._interval(track, track.last, bounds)
        width = (prediction.high_g - prediction.low_g) / prediction.e1rm_g
        return prediction if width <= params.max_width else _too_wide(width, params.max_width)

    def _interval(self, track: Track, last: Performance, bounds: tuple[float, float]) -> Prediction:
        expected, scale = track.expected(self.params.pull), self._typical_error(track, self._usual_error)
        return Prediction(
            last=last,
            e1rm_g=exp(expected),
            low_g=exp(expected + min(-self.params.least_half_width, bounds[0] * scale)),
            high_g=exp(expected + max(self.params.least_half_width, bounds[1] * scale)),
            steps=len(self._scores),
            own_steps=track.steps,
            typical_error=scale,
            pull=expected - track.logs[-1],
        )

    def _score(self, track: Track, performance: Performance, usual_error: float) -> None:
        params = self.params
        if track.last is None or (performance.performed_on - track.last.performed_on).days > params.max_gap_days:
            return
        error = log(performance.e1rm_g) - track.expected(params.pull)
        self._scores.append(error / self._typical_error(track, usual_error))
        size = min(abs(error), params.error_cap)
        track.error_sum = track.error_sum * params.decay + size
        track.error_weight = track.error_weight * params.decay + 1
        track.steps += 1
        self._usual_error += params.prior_drift * (size - self._usual_error)

    def _typical_error(self, track: Track, usual_error: float) -> float:
        prior = self.params.prior_steps
        typical = (track.error_sum + prior * usual_error) / (track.error_weight + prior)
        return max(self.params.error_floor, typical)


@cache
def card() -> EstimatorCard:
    """The published figures, as they ship with the package."""
    text = resources.files("analytics.estimators").joinpath("cards", "carry_over.json").read_bytes()
    return msgspec.json.decode(text, type=EstimatorCard)


def _never_performed() -> Unknown:
    return Unknown(
        code="no_e1rm", text="There is no set with a known load and 1 to 12 reps to carry on from.", values={}
    )


def _layoff(gap: int, limit: int) -> Unknown:
    text = f"Not performed for {gap} days: after more than {limit} the last session says little about the next."
    return Unknown(code="layoff", text=text, values={"gap_days": gap, "max_gap_days": limit})


def _too_little_history(steps: int, params: CarryOverParams) -> Unknown:
    text = (
        f"An honest interval needs {params.min_steps} steps from one session of an exercise to the next"
        f" within {params.max_gap_days} days; there are {steps}."
    )
    return Unknown(code="too_little_history", text=text, values={"steps": steps, "needed": params.min_steps})


def _too_wide(width: float, limit: float) -> Unknown:
    percent = round(100 * width)
    text = f"The sessions differ so much that the interval would be {percent} % of the e1RM wide, which helps nobody."
    return Unknown(
        code="interval_too_wide", text=text, values={"width_percent": percent, "max_percent": round(100 * limit)}
    )
