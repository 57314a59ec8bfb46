"""The step `progress`: an athlete's training in, the documents progress, e1rm and records out."""

from analytics.progress import ProgressParams
from analytics.progress import progress_v3 as compute_v3
from workflows.steps.step import Step
from workflows.steps.training import load_training

progress_v3 = Step(
    name="progress",
    version=3,
    function=compute_v3,
    params=ProgressParams(),
    load=load_training,
    documents=("progress", "e1rm", "records"),
)
