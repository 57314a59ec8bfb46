"""The step `recommend`: an athlete's history in, the document recommendations out."""

from datetime import date

import msgspec

from analytics.estimators import carry_over
from analytics.estimators.carry_over import CarryOverParams
from analytics.recommend import RecommendParams
from analytics.recommend import recommend_v2 as compute_v2
from models.db import Session
from models.queries.visibility import VisibleAthlete
from workflows.steps import runner
from workflows.steps.history import load_history
from workflows.steps.step import Inputs, Step


async def load(session: Session, athlete: VisibleAthlete, as_of: date) -> Inputs:
    """The history, and in the lineage the estimator that decides every interval: who, with what, and its card."""
    inputs = await load_history(session, athlete, as_of)
    card = carry_over.card()
    estimator = {
        "name": card.name,
        "version": card.version,
        "params": msgspec.to_builtins(CarryOverParams()),
        "card": runner.digest(card),
    }
    return msgspec.structs.replace(inputs, digests={**inputs.digests, "estimator": estimator})


recommend_v2 = Step(
    name="recommend",
    version=2,
    function=compute_v2,
    params=RecommendParams(),
    load=load,
    documents=("recommendations",),
)
