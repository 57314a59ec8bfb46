"""The step `progress`: an athlete's history in, the documents progress, e1rm and records out."""

from analytics.progress import ProgressParams
from analytics.progress import progress_v2 as compute_v2
from workflows.steps.history import load_history
from workflows.steps.step import Step

progress_v2 = Step(
    name="progress",
    version=2,
    function=compute_v2,
    params=ProgressParams(),
    load=load_history,
    documents=("progress", "e1rm", "records"),
)
