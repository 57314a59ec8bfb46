"""A device that works offline and syncs, as docs/sync.md tells clients to; its resolver is the documented one."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from msgspec import Struct

WRITTEN = (
    *("started_at", "ended_at", "time_zone", "title", "notes"),
    *("session_rpe", "bodyweight", "bodyweight_unit", "sets"),
)
Content = dict[str, Any]


class Fault(StrEnum):
    """What the network does to a request."""

    NONE = "none"
    REQUEST_LOST = "request lost"
    ANSWER_LOST = "answer lost"
    DUPLICATED = "duplicated"


class Wire(Protocol):
    """How a device reaches the server."""

    async def __call__(self, method: str, path: str, json: Any = None) -> Any: ...


class State(Struct, frozen=True, kw_only=True):
    """A workout as the server last told of it; `content` is None for a tombstone."""

    version: int
    content: Content | None


class Write(Struct, frozen=True, kw_only=True):
    """A write that is not acknowledged; `base` is the state it was made from, None for a create."""

    id: UUID
    base: State | None
    content: Content | None


class Device:
    """Writes at once into its own store, and sends when it is told to.

    A write that was sent stays as it is until it is answered; one that follows it waits in `_later`.
    """

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._since = 0
        self._sent: set[UUID] = set()
        self._later: dict[UUID, Content | None] = {}
        self.server: dict[UUID, State] = {}
        self.pending: dict[UUID, Write] = {}
        self.created: list[UUID] = []
        self.acknowledged: list[tuple[UUID, int | None, int]] = []
        self.lost: list[tuple[UUID, int, int]] = []

    def workouts(self) -> dict[UUID, Content]:
        """What the device shows: the server's state with its own writes on top."""
        shown = {workout_id: state.content for workout_id, state in self.server.items()}
        shown |= {workout_id: write.content for workout_id, write in self.pending.items()}
        return {workout_id: content for workout_id, content in (shown | self._later).items() if content is not None}

    def write(self, workout_id: UUID, content: Content | None) -> None:
        """A create, edit or (None) delete."""
        waiting = self.pending.get(workout_id)
        if workout_id in self._sent:
            self._later[workout_id] = content
        elif waiting is not None and waiting.base is None and content is None:
            del self.pending[workout_id]
        else:
            base = self.server.get(workout_id) if waiting is None else waiting.base
            self.pending[workout_id] = Write(id=workout_id, base=base, content=content)

    async def push(self, order: Sequence[UUID], size: int, fault: Fault) -> None:
        """Send what waits, in this order, in batches of at most `size`; the fault hits the first of them."""
        chosen = [self.pending[workout_id] for workout_id in order if workout_id in self.pending]
        for start in range(0, len(chosen), size):
            await self._send(chosen[start : start + size], fault if start == 0 else Fault.NONE)

    async def pull(self) -> None:
        """Take over what has changed."""
        while True:
            page = await self._wire("GET", f"/changes?since={self._since}&limit=3")
            for item in page["items"]:
                self._learn(UUID(item["id"]), State(version=item["data_version"], content=written(item["content"])))
            self._since = page["next_since"]
            if not page["more"]:
                return

    async def _send(self, batch: Sequence[Write], fault: Fault) -> None:
        if fault is Fault.REQUEST_LOST:
            return
        self._sent.update(write.id for write in batch)
        body = {"items": [_item(write) for write in batch]}
        answer = await self._wire("POST", "/workouts/batch", body)
        if fault is Fault.DUPLICATED:
            answer = await self._wire("POST", "/workouts/batch", body)
        if fault is not Fault.ANSWER_LOST:
            for write, result in zip(batch, answer["results"], strict=True):
                self._settle(write, result)

    def _settle(self, write: Write, result: Mapping[str, Any]) -> None:
        status, now = result["status"], State(version=result["data_version"], content=written(result["workout"]))
        assert status in (200, 201, 204, 410, 412), result
        del self.pending[write.id]
        self._sent.discard(write.id)
        self._learn(write.id, now)
        if status < 300:
            self.acknowledged.append((write.id, None if write.base is None else write.base.version, now.version))
        if status == 412:
            self._lose(write, now, result["problem"])
        if write.id in self._later:
            self._follow(write)

    def _lose(self, write: Write, now: State, problem: Mapping[str, Any]) -> None:
        assert write.base is not None
        assert problem["given_version"] == write.base.version
        assert problem["current_version"] == now.version != write.base.version
        self.lost.append((write.id, write.base.version, now.version))
        self._put(write.id, now, merge(write.base.content, write.content, now.content))

    def _follow(self, write: Write) -> None:
        """What was written after a write that is answered now."""
        later, waiting, base = self._later.pop(write.id), self.pending.pop(write.id, None), self.server[write.id]
        present = base.content if waiting is None else waiting.content
        self._put(write.id, base, merge(write.content, later, present))

    def _put(self, workout_id: UUID, base: State, content: Content | None) -> None:
        if content != base.content:
            self.pending[workout_id] = Write(id=workout_id, base=base, content=content)

    def _learn(self, workout_id: UUID, state: State) -> None:
        known = self.server.get(workout_id)
        if known is None or known.version <= state.version:
            self.server[workout_id] = state


def merge(base: Content | None, mine: Content | None, theirs: Content | None) -> Content | None:
    """The documented resolver: field by field, what only one side changed is taken; where both did, theirs stays.

    A workout that they deleted stays deleted. A deletion of mine holds only if they changed nothing.
    """
    if theirs is None or base is None:
        return theirs
    if mine is None:
        return None if theirs == base else theirs
    return {name: mine[name] if theirs[name] == base[name] else theirs[name] for name in WRITTEN}


def written(workout: Mapping[str, Any] | None) -> Content | None:
    """Of a workout as it is read, what a client writes."""
    return None if workout is None else {name: workout[name] for name in WRITTEN}


def _item(write: Write) -> dict[str, Any]:
    if_match = None if write.base is None else write.base.version
    if write.content is None:
        return {"operation": "delete", "id": str(write.id), "if_match": if_match}
    return {"operation": "put", "id": str(write.id), "if_match": if_match, "workout": write.content}
