"""The steps of every pipeline, each version of each: what the production worker, the CLI and a notebook run."""

from analytics.narrative.writing import WriterConfig
from workflows.steps.athlete import athlete_v1
from workflows.steps.balance import balance_v1
from workflows.steps.exercises import exercises_v1
from workflows.steps.muscles import muscles_v1
from workflows.steps.progress import progress_v3
from workflows.steps.recommend import recommend_v3
from workflows.steps.step import Step
from workflows.steps.summarise import summarise_v1

STEPS = (
    *(progress_v3, exercises_v1, muscles_v1, athlete_v1, recommend_v3),
    balance_v1,
    summarise_v1(None),
)


def steps_for(writer: WriterConfig | None) -> tuple[Step, ...]:
    """The steps, summaries being written by the endpoint if one is configured."""
    return STEPS if writer is None else (*STEPS[:-1], summarise_v1(writer))


__all__ = ["STEPS", "Step", "steps_for"]
