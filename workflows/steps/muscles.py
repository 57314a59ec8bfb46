"""The step `muscles`: an athlete's training in, the document muscles out."""

from analytics.muscles import MusclesParams
from analytics.muscles import muscles_v1 as compute_v1
from workflows.steps.step import Step
from workflows.steps.training import load_training

muscles_v1 = Step(
    name="muscles",
    version=1,
    function=compute_v1,
    params=MusclesParams(),
    load=load_training,
    documents=("muscles",),
)
