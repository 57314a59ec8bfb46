"""The step `recommend`: an athlete's history in, the document recommendations out."""

from analytics.recommend import RecommendParams
from analytics.recommend import recommend_v1 as compute_v1
from workflows.steps.history import load_history
from workflows.steps.step import Step

recommend_v1 = Step(
    name="recommend",
    version=1,
    function=compute_v1,
    params=RecommendParams(),
    load=load_history,
    documents=("recommendations",),
)
