"""The step `balance`: an athlete's training in, the document balance out."""

from analytics.balance import BalanceParams
from analytics.balance import balance_v1 as compute_v1
from workflows.steps.step import Step
from workflows.steps.training import load_training

balance_v1 = Step(
    name="balance",
    version=1,
    function=compute_v1,
    params=BalanceParams(),
    load=load_training,
    documents=("balance",),
)
