"""The steps whose numbers the API explains: those of the worker, which the API itself does not see."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analytics.explain.explained import Explained


def explained() -> "tuple[Explained, ...]":
    """Every version of every step that computes from training, with the parts that analytics knows of it."""
    # What computes is loaded by the first question, not by the start of the API.
    from analytics.explain.explained import EXPLAINED, Explained, find  # noqa: PLC0415
    from workflows.steps import STEPS, Step  # noqa: PLC0415
    from workflows.steps.training import load_training  # noqa: PLC0415

    def of(step: Step) -> Explained:
        function: Any = step.function  # none that computes from training waits for somebody
        return Explained(name=step.name, version=step.version, function=function, params=type(step.params))

    steps = (step for step in STEPS if step.load is load_training)
    return tuple(find(EXPLAINED, step.name, step.version) or of(step) for step in steps)
