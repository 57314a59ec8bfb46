"""Which failures heal by themselves, and are worth another attempt, and which never will."""

from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError

from analytics.narrative.writing import WriterUnavailable
from models.domain.errors import StepFailed
from workflows import outages
from workflows.contracts import Problem


def heals(error: BaseException) -> bool:
    """Whether trying again later can succeed."""
    return outages.heals(error) or isinstance(error, (RPCError, WriterUnavailable))


def problem(error: BaseException, step: str) -> Problem:
    """What the athlete may read about a step that cannot succeed: never a stack, and no text of a defect."""
    detail = str(error) if isinstance(error, StepFailed) else f"The step stopped at a {type(error).__name__}."
    return Problem(type="step-failed", title="A step cannot succeed on this data", detail=detail, step=step)


def final(found: Problem) -> ApplicationError:
    """The error that ends the retries and carries the problem to the definition."""
    return ApplicationError(found.detail, found, type="StepFailed", non_retryable=True)
