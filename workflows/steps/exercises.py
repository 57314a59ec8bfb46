"""The step `exercises`: an athlete's training in, the document exercises out."""

from analytics.exercises import ExercisesParams
from analytics.exercises import exercises_v1 as compute_v1
from workflows.steps.step import Step
from workflows.steps.training import load_training

exercises_v1 = Step(
    name="exercises",
    version=1,
    function=compute_v1,
    params=ExercisesParams(),
    load=load_training,
    documents=("exercises",),
)
