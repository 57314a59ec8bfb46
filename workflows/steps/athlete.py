"""The step `athlete`: an athlete's training in, the document athlete out."""

from analytics.athlete import AthleteParams
from analytics.athlete import athlete_v1 as compute_v1
from workflows.steps.step import Step
from workflows.steps.training import load_training

athlete_v1 = Step(
    name="athlete",
    version=1,
    function=compute_v1,
    params=AthleteParams(),
    load=load_training,
    documents=("athlete",),
)
