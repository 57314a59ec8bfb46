"""The explanation of a number: each workout that can decide it is left out in turn, and the number computed again."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import msgspec
from msgspec import Struct

from analytics.explain import address as addresses
from analytics.explain import candidates
from analytics.explain.address import Address, Scalar
from analytics.explain.errors import CannotExplain
from analytics.explain.explained import Documents, Explained, Part
from analytics.explain.scopes import Scope
from analytics.explain.without import Recorded
from analytics.training import Training
from models.domain.explanations import Explanation, LeftOut

# Leaving one workout out costs so many rows of atoms, whatever it is left out of.
_ROWS_AT_LEAST = 500
MOST_ROWS = 3_000_000


def explain(step: Explained, params: Struct, recorded: Recorded, documents: Documents, text: str) -> Explanation:
    """Which workouts decide the number at an address of the documents that the step made of all of them."""
    address = addresses.parse(text)
    if address.document not in documents:
        raise CannotExplain(f"This step made no {address.document!r}: there is {', '.join(sorted(documents))}.")
    content = msgspec.to_builtins(documents[address.document])
    value = addresses.find(content, address)
    scope = candidates.scope(recorded, content, address)
    sessions = scope.candidates(recorded)
    _bounded(len(sessions), scope.narrowed(recorded.training).height)
    look = _look(step, params, recorded, scope, address, value)
    workouts = tuple(recorded.history.workouts.select("session", "workout_id", "performed_on").iter_rows())
    rows = {session: (workout_id, performed_on) for session, workout_id, performed_on in workouts}
    found = ((session, look(recorded.without(session))) for session in sessions)
    return Explanation(
        of=text,
        value=value,
        workouts=tuple(
            LeftOut(workout_id=rows[session][0], performed_on=rows[session][1], value_without=without)
            for session, without in found
            if without != value
        ),
    )


def look(content: Any, address: Address) -> Scalar:
    """The number at an address, or null where nothing is."""
    try:
        return addresses.find(content, address)
    except CannotExplain:
        return None


def _bounded(workouts: int, rows: int) -> None:
    if workouts * (rows + _ROWS_AT_LEAST) > MOST_ROWS:
        raise CannotExplain(
            f"Any of {workouts} workouts may have decided this number, and it would be computed again without each"
            f" from {rows} sums: that is more than one request may ask for. Ask for a number of a week, a day or one"
            " exercise."
        )


def _look(
    step: Explained, params: Struct, recorded: Recorded, scope: Scope, address: Address, value: Scalar
) -> Callable[[Training], Scalar]:
    """The number in a training: by the part of the document that it is in, if that says the same of all workouts."""

    def whole(training: Training) -> Scalar:
        return look(msgspec.to_builtins(step.function(training, params)[address.document]), address)

    depth, compute = next(_parts(step, address), (0, None))
    if compute is None and scope.exercise_id is None:
        return whole
    inside = msgspec.structs.replace(address, parts=address.parts[depth:])

    def narrow(training: Training) -> Scalar:
        if training.workouts.is_empty():
            return whole(training)
        decisive = replace(training, atoms=scope.narrowed(training))
        made = step.function(decisive, params)[address.document] if compute is None else compute(decisive, params)
        return look(msgspec.to_builtins(made), inside)

    return narrow if narrow(recorded.training) == value else whole


def _parts(step: Explained, address: Address) -> Iterator[tuple[int, Part]]:
    """The parts that the address lies in, the smallest first, with how many parts of the address lead to them."""
    names = address.text.split("/")
    for depth in reversed(range(len(names))):
        if (part := step.parts.get("/".join(names[: depth + 1]))) is not None:
            yield depth, part
