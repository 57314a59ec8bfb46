"""Which step to run, and with which parameters, as people write it."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec import structs

from models.domain.errors import Fault, Invalid, NotFound
from workflows.steps.step import Step

MOST_SAMPLED = 1_000_000


def choose(steps: Sequence[Step], text: str) -> Step:
    """The step of `name@version`, or of `name` the newest version that this code has."""
    name, _, version = text.partition("@")
    found = [step for step in steps if step.name == name and (not version or str(step.version) == version)]
    if not found:
        known = ", ".join(f"{step.name}@{step.version}" for step in steps)
        raise NotFound(f"This code has no step {text}; it has {known}.")
    return max(found, key=lambda step: step.version)


def with_params(step: Step, given: Mapping[str, Any]) -> Step:
    """The step with other parameters; numbers may be given as text."""
    kinds = {field.name: field.type for field in structs.fields(step.params)}
    if unknown := sorted(given.keys() - kinds.keys()):
        known = ", ".join(kinds) or "none"
        message = f"no parameter of {step.name}@{step.version}, which has {known}"
        raise Invalid([Fault(path=unknown[0], message=message)])
    values = {name: _converted(name, value, kinds[name]) for name, value in given.items()}
    return structs.replace(step, params=structs.replace(step.params, **values))


def _converted(name: str, value: Any, kind: Any) -> Any:
    try:
        return msgspec.convert(value, kind, strict=False)
    except msgspec.ValidationError as error:
        raise Invalid([Fault(path=name, message=str(error))]) from error
