"""The step `progress`: an athlete's history in, the documents progress, e1rm and records out."""

from analytics.progress import ProgressParams
from analytics.progress import progress_v1 as compute_v1
from workflows.steps.history import load_history
from workflows.steps.step import Step

progress_v1 = Step(
    name="progress",
    version=1,
    function=compute_v1,
    params=ProgressParams(),
    load=load_history,
    documents=("progress", "e1rm", "records"),
)
