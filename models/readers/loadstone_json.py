"""Loadstone's own export as a JSON document: decoded record by record from one buffer, each accounted for by itself.

A record's line is its number: the settings, exercises, merges, items and then the sets, in the document's order.
"""

import re
from collections.abc import Callable, Sequence
from typing import BinaryIO

import msgspec
from msgspec import Raw, Struct

from models.domain.exports import Head, OwnExercise, OwnItem, OwnMerge, ReadWorkout, Settings
from models.domain.sets import SetDraft
from models.readers import documents, loadstone_log, loadstone_workouts
from models.readers.cells import BadCell
from models.readers.loadstone_log import Assembly, decoded
from models.readers.parsed import ParsedLog, Terms
from models.readers.rows import refuse

FORMAT: str = loadstone_workouts.FORMAT
OPENING = re.compile(rb'\s*\{\s*"loadstone"\s*:\s*\{')


class Versioned(Struct, frozen=True):
    """As much of any version of an export as says which one it is."""

    loadstone: dict[str, Raw]


class Document(Struct, frozen=True, forbid_unknown_fields=True):
    """The document: views of its bytes, which are decoded one by one."""

    loadstone: Head
    settings: Raw
    exercises: list[Raw]
    merges: list[Raw]
    items: list[Raw]
    workouts: list[Raw]


class AnyWorkout(Struct, frozen=True):
    """As much of a workout as says how many rows are lost with it."""

    sets: list[Raw]


def recognises_head(head: bytes) -> bool:
    """Whether the document opens as Loadstone's export does."""
    return OPENING.match(documents.json_head(head)) is not None


def read_file(source: BinaryIO, terms: Terms) -> ParsedLog:
    """Every record of the document. It states its own units and time zones, so the terms change nothing."""
    data = documents.json_bytes(source)
    _check_version(data)
    document = documents.decoded(data, Document)
    assembly = Assembly()
    _each(assembly, "settings", [document.settings], lambda _, raw: assembly.settings(decoded(raw, Settings)))
    _each(
        assembly, "exercise", document.exercises, lambda line, raw: assembly.exercise(line, decoded(raw, OwnExercise))
    )
    _each(assembly, "merge", document.merges, lambda line, raw: assembly.merge(line, decoded(raw, OwnMerge)))
    _items(assembly, document.items)
    for raw in document.workouts:
        _workout(assembly, raw)
    return assembly.finish("JSON")


def _check_version(data: bytes) -> None:
    stated = documents.decoded(data, Versioned).loadstone.get("export")
    version = None if stated is None else msgspec.json.decode(stated)
    if not isinstance(version, int):
        raise refuse("The export does not say which version it is.")
    loadstone_log.check_version(version)


def _each(assembly: Assembly, kind: str, records: Sequence[Raw], take: Callable[[int, Raw], None]) -> None:
    for raw in records:
        assembly.rows_read += 1
        try:
            take(assembly.rows_read, raw)
        except BadCell as fault:
            assembly.reject(assembly.rows_read, fault.field, fault.reason)
        else:
            assembly.count(kind)


def _items(assembly: Assembly, records: Sequence[Raw]) -> None:
    for raw in records:
        assembly.rows_read += 1
        try:
            item = decoded(raw, OwnItem)
            assembly.item(assembly.rows_read, item)
        except BadCell as fault:
            assembly.reject(assembly.rows_read, fault.field, fault.reason)
        else:
            assembly.count(item.kind)


def _workout(assembly: Assembly, raw: Raw) -> None:
    try:
        read = decoded(raw, ReadWorkout)
        workout = assembly.workouts.new(read)
    except BadCell as fault:
        _reject_all(assembly, raw, fault)
        return
    for number, entry in enumerate(read.sets, start=1):
        assembly.rows_read += 1
        try:
            workout.sets[number] = (assembly.rows_read, decoded(entry, SetDraft))
        except BadCell as fault:
            assembly.reject(assembly.rows_read, fault.field, fault.reason)


def _reject_all(assembly: Assembly, raw: Raw, fault: BadCell) -> None:
    """Every set of a workout that cannot be: one row at least, so that its loss is told."""
    try:
        lost = len(decoded(raw, AnyWorkout).sets)
    except BadCell:
        lost = 1
    for _ in range(max(lost, 1)):
        assembly.rows_read += 1
        assembly.reject(assembly.rows_read, fault.field, fault.reason)
