"""What a formula answers: a number, or null and the reason; never NaN, never infinity."""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from math import isfinite
from typing import ParamSpec

from msgspec import Struct

Arguments = ParamSpec("Arguments")


class Why(StrEnum):
    """Why there is no number."""

    SEX_UNKNOWN = "sex_unknown"
    BODYWEIGHT_UNKNOWN = "bodyweight_unknown"
    TOTAL_UNKNOWN = "total_unknown"
    NOT_POSITIVE = "not_positive"
    OUT_OF_RANGE = "out_of_range"
    TOO_FEW_DAYS = "too_few_days"
    TOO_FEW_VALUES = "too_few_values"
    NO_LOAD_BEFORE = "no_load_before"
    ALL_ALIKE = "all_alike"
    BAR_TOO_HEAVY = "bar_too_heavy"


class Outcome(Struct, frozen=True):
    """A value in the unit that the formula names, or null and why."""

    value: float | None
    reason: Why | None = None


class Undefined(ArithmeticError):
    """A formula met something outside its domain."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


def formula(function: Callable[Arguments, float]) -> Callable[Arguments, Outcome]:
    """A function that raises Undefined outside its domain, as one that answers null and the reason there.

    >>> @formula
    ... def halves(whole: float) -> float:
    ...     return demand(whole > 0) and whole / 2
    >>> halves(3.0), halves(-1.0).reason
    (Outcome(value=1.5, reason=None), <Why.OUT_OF_RANGE: 'out_of_range'>)
    """

    @wraps(function)
    def answered(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Outcome:
        try:
            value = function(*args, **kwargs)
        except Undefined as undefined:
            return Outcome(None, undefined.why)
        except (OverflowError, ZeroDivisionError):
            return Outcome(None, Why.OUT_OF_RANGE)
        return Outcome(value) if isfinite(value) else Outcome(None, Why.OUT_OF_RANGE)

    return answered


def demand(met: bool, why: Why = Why.OUT_OF_RANGE) -> bool:
    """True, or Undefined raised."""
    if not met:
        raise Undefined(why)
    return met


def positive(value: float) -> float:
    """The value, if it is finite and above zero."""
    demand(isfinite(value) and value > 0, Why.NOT_POSITIVE)
    return value
