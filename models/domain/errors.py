"""What can go wrong, in the domain's words. HTTP decides elsewhere how to say it.

LoadstoneError
├── Invalid          the input breaks a rule (carries the faults' paths)
├── NotFound         no such thing, or none that the actor may see
├── Forbidden        the actor's role does not allow the action
├── Unauthenticated  the credentials are absent, wrong or expired
├── Conflict         the state does not allow it
├── Gone             it was deleted
├── Stale            the edit was based on an older version (carries both versions)
└── StepFailed       a step of a pipeline cannot succeed on its inputs
"""

from collections.abc import Sequence

from msgspec import Struct


class Fault(Struct, frozen=True, kw_only=True):
    """One fault of an input. `path` is a JSONPath such as `$.sets[0].reps`."""

    path: str
    message: str


class LoadstoneError(Exception):
    """Base of every expected error; `str(error)` is a sentence for its reader."""


class Invalid(LoadstoneError):
    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(f"{fault.path}: {fault.message}" for fault in faults))
        self.faults = tuple(faults)


class NotFound(LoadstoneError): ...


class Forbidden(LoadstoneError): ...


class Unauthenticated(LoadstoneError): ...


class Conflict(LoadstoneError): ...


class Gone(LoadstoneError): ...


class Stale(LoadstoneError):
    def __init__(self, message: str, *, current_version: int, given_version: int) -> None:
        super().__init__(message)
        self.current_version = current_version
        self.given_version = given_version


class StepFailed(LoadstoneError): ...
