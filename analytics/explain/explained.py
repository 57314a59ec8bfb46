"""The steps whose numbers can be explained: the functions that made them, and functions for parts of their documents.

Whoever runs other steps as well passes their functions; without parts and rules of their own they cost more to explain.

A part saves computing the rest again for each workout that is left out. It says the same as the step does: a test
compares them, and an explanation checks it before it goes by it.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from analytics.athlete import AthleteParams, athlete_v1
from analytics.exercises import ExercisesParams, exercises_v1
from analytics.muscles import MusclesParams, muscles_v1
from analytics.progress import ProgressParams, e1rm_document, loads, progress_document, progress_v3, records_document
from analytics.recommend import RecommendParams, recommend_v3
from analytics.training import Training

Documents = Mapping[str, Any]
Function = Callable[[Training, Any], Documents]
Part = Callable[[Training, Any], Any]


class Explained(Struct, frozen=True, kw_only=True):
    """One version of a step of the analysis. `parts` make, by the beginning of an address, what stands there."""

    name: str
    version: int
    function: Function
    params: type[Struct]
    parts: Mapping[str, Part] = {}


def _daily(training: Training, params: ProgressParams) -> Any:
    return loads(training, params)[0]


def _today(training: Training, params: ProgressParams) -> Any:
    return loads(training, params)[1]


def _sessions(training: Training, _: ProgressParams) -> int:
    return training.workouts.height


EXPLAINED = (
    Explained(
        name="progress",
        version=3,
        function=progress_v3,
        params=ProgressParams,
        parts={
            "progress": progress_document,
            "progress/daily": _daily,
            "progress/today": _today,
            "progress/sessions": _sessions,
            "e1rm": e1rm_document,
            "records": records_document,
        },
    ),
    Explained(name="exercises", version=1, function=exercises_v1, params=ExercisesParams),
    Explained(name="muscles", version=1, function=muscles_v1, params=MusclesParams),
    Explained(name="athlete", version=1, function=athlete_v1, params=AthleteParams),
    Explained(name="recommend", version=3, function=recommend_v3, params=RecommendParams),
)


def find(steps: Sequence[Explained], name: str, version: int) -> Explained | None:
    """The step of that name and version, where there is one."""
    return next((step for step in steps if (step.name, step.version) == (name, version)), None)
