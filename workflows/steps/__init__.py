"""The steps of every pipeline, each version of each: what the production worker, the CLI and a notebook run."""

from analytics.narrative.writer import WriterConfig
from workflows.steps.progress import progress_v3
from workflows.steps.recommend import recommend_v3
from workflows.steps.step import Step
from workflows.steps.summarise import summarise_v1

STEPS = (progress_v3, recommend_v3, summarise_v1(None))


def steps_for(writer: WriterConfig | None) -> tuple[Step, ...]:
    """The steps, summaries being written by the endpoint if one is configured."""
    return STEPS if writer is None else (*STEPS[:-1], summarise_v1(writer))


__all__ = ["STEPS", "Step", "steps_for"]
