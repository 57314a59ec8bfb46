"""The step `recommend`: an athlete's training in, the document recommendations out."""

from typing import Any

import msgspec

from analytics.estimators import carry_over
from analytics.estimators.carry_over import CarryOverParams
from analytics.recommend import RecommendParams
from analytics.recommend import recommend_v3 as compute_v3
from workflows.steps import runner
from workflows.steps.step import Step
from workflows.steps.training import load_training


def estimator() -> dict[str, Any]:
    """The estimator that decides every interval: who, with what, and its card."""
    card = carry_over.card()
    known = {
        "name": card.name,
        "version": card.version,
        "params": msgspec.to_builtins(CarryOverParams()),
        "card": runner.digest(card),
    }
    return {"estimator": known}


recommend_v3 = Step(
    name="recommend",
    version=3,
    function=compute_v3,
    params=RecommendParams(),
    load=load_training,
    documents=("recommendations",),
    also_decided_by=estimator,
)
