"""The recorded result again, from the history that it was computed from: only what is the same is explained."""

from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Any

import msgspec
from msgspec import Struct

from analytics import frames, stored
from analytics.explain import without
from analytics.explain.errors import NotTheSame
from analytics.explain.explained import EXPLAINED, Documents, Explained, find
from analytics.explain.explanation import explain
from analytics.explain.without import Recorded
from analytics.stored import Stored
from models.domain.explanations import Explanation


class Result(Struct, frozen=True, kw_only=True):
    """What is on record of a run of a step."""

    step: str
    version: int
    params: Mapping[str, Any]
    as_of: date
    history_digest: str | None
    documents: Mapping[str, str]
    git_revision: str


def explanation(result: Result, history: Stored, of: str, steps: Sequence[Explained] = EXPLAINED) -> Explanation:
    """Explain a recorded number; raises NotTheSame where the history or the code leads to another one today."""
    step = _step(result, steps)
    params = _params(step, result)
    known = _recorded(result, history)
    return explain(step, params, known, _documents(step, params, known, result), of)


def _step(result: Result, steps: Sequence[Explained]) -> Explained:
    step = find(steps, result.step, result.version)
    if step is None:
        there = ", ".join(f"{step.name}@{step.version}" for step in steps)
        raise NotTheSame(f"This code cannot explain {result.step}@{result.version}, only {there}.")
    return step


def _params(step: Explained, result: Result) -> Struct:
    try:
        params = msgspec.convert(result.params, step.params)
    except msgspec.ValidationError:
        params = None
    if params is None or msgspec.to_builtins(params) != result.params:
        raise NotTheSame(f"The parameters of {step.name}@{step.version} are others today than those on record.")
    return params


def _recorded(result: Result, history: Stored) -> Recorded:
    known = stored.to_frames(history, result.as_of)
    if frames.digest(known) != result.history_digest:
        raise NotTheSame("The history reads otherwise today: exercises of the catalogue have changed since then.")
    return without.recorded(known, stored.weighed(history.weighed))


def _documents(step: Explained, params: Struct, known: Recorded, result: Result) -> Documents:
    documents = step.function(known.training, params)
    made = {name: _digest(document) for name, document in documents.items()}
    if other := sorted(name for name in made.keys() | result.documents if made.get(name) != result.documents.get(name)):
        raise NotTheSame(
            f"From the same history this code computes another {', '.join(other)} than revision"
            f" {result.git_revision} did."
        )
    return documents


def _digest(document: Any) -> str:
    return sha256(msgspec.json.encode(document, order="deterministic")).hexdigest()
