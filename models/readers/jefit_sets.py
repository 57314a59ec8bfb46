"""JEFIT's sets in both their forms: packed, `50.0x15,50.0x15`, and rows of the newer table."""

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct

from models.domain.units import GRAMS_PER_LB, MassUnit, grams
from models.domain.workouts import SetKind
from models.readers import cells
from models.readers.cells import BadCell
from models.readers.jefit_sections import Entry
from models.readers.parsed import ParsedSet
from models.readers.remarks import joined, remark

PACKED = re.compile(r"\s*(?P<load>[^x\s]+)\s*x\s*(?P<reps>[^x\s]+)\s*", re.IGNORECASE)
KINDS: Mapping[str, SetKind] = {
    **dict.fromkeys(("", "default", "normal"), SetKind.WORKING),
    **dict.fromkeys(("warm-up", "warmup", "warm up"), SetKind.WARM_UP),
    **dict.fromkeys(("drop", "drop-set", "dropset", "drop set"), SetKind.DROP),
    **dict.fromkeys(("failure", "to-failure"), SetKind.FAILURE),
}
# A timed set is packed as five pairs of no load: calories, distance, speed, laps, and the seconds.
PAIRS_OF_A_TIME = 5
MOST_PACKED = 500
METRES_PER_MILE = 1609.344
NEAR = 0.01
ROUNDED_G = 50

Pair = tuple[str, str]


class Packed(Struct, frozen=True):
    """One packed set as it stands in the file: its pairs, of which a timed set has five."""

    pairs: Sequence[str]


def unpacked(cell: str) -> list[Packed]:
    """The sets that a packed cell states.

    >>> [list(one.pairs) for one in unpacked("50.0x15,50.0x12")]
    [['50.0x15'], ['50.0x12']]
    >>> [list(one.pairs) for one in unpacked("0x0,0x0,0x0,0x0,0x900")]
    [['0x0', '0x0', '0x0', '0x0', '0x900']]
    """
    pairs = [pair for pair in cell.split(",") if pair.strip()]
    if len(pairs) > MOST_PACKED:
        raise BadCell("logs", f"{len(pairs)} sets of one exercise are more than {MOST_PACKED}.")
    fives = [pairs[at : at + PAIRS_OF_A_TIME] for at in range(0, len(pairs), PAIRS_OF_A_TIME)]
    if fives and all(_is_time(five) for five in fives):
        return [Packed(five) for five in fives]
    return [Packed([pair]) for pair in pairs]


def _is_time(five: list[str]) -> bool:
    found = [PACKED.fullmatch(pair) for pair in five]
    if len(five) != PAIRS_OF_A_TIME or not all(found):
        return False
    values = [(remark("", match["load"]), remark("", match["reps"])) for match in found if match]
    return not any(load for load, _ in values) and not any(reps for _, reps in values[:3]) and bool(values[4][1])


def packed_set(line: int, exercise: str, stated: Packed, unit: MassUnit | None) -> ParsedSet:
    """The set of one packed pair, or of the five of a timed one."""
    if len(stated.pairs) == PAIRS_OF_A_TIME:
        return _timed_set(line, exercise, stated)
    load_cell, reps_cell = _pair(stated.pairs[0])
    load = cells.load(load_cell, decimal_comma=False)
    return ParsedSet(
        line=line,
        exercise=cells.name(exercise, "ename"),
        load=None if load is None else abs(load),
        load_unit=unit,
        load_mode=cells.load_mode(load),
        reps=cells.reps(reps_cell, decimal_comma=False),
    )


def _timed_set(line: int, exercise: str, stated: Packed) -> ParsedSet:
    laps, seconds = (_pair(pair)[1] for pair in stated.pairs[3:])
    return ParsedSet(
        line=line,
        exercise=cells.name(exercise, "ename"),
        duration_s=cells.duration_s(seconds, decimal_comma=False),
        note=remark("Laps", laps),
    )


def _pair(text: str) -> Pair:
    match = PACKED.fullmatch(text)
    if match is None:
        raise BadCell("logs", f"{cells.shown(text)} is no load and repetitions such as 50.0x15.")
    return match["load"], match["reps"]


def table_set(exercise: str, entry: Entry) -> ParsedSet:
    """The set of a row of the newer table, whose columns state their units."""
    row = entry.cells
    load = cells.load(row.get("weight_lbs", ""), decimal_comma=False)
    kind = KINDS.get(row.get("set_type", "").strip().casefold())
    return ParsedSet(
        line=entry.line,
        exercise=cells.name(exercise, "ename"),
        kind=kind or SetKind.WORKING,
        load=None if load is None else abs(load),
        load_unit=None if load is None else MassUnit.LB,
        load_mode=cells.load_mode(load),
        reps=cells.reps(row.get("reps", ""), decimal_comma=False),
        duration_s=cells.duration_s(row.get("duration", ""), decimal_comma=False),
        distance_m=cells.distance_m(row.get("distance_mi", ""), METRES_PER_MILE, decimal_comma=False),
        note=joined(
            remark("Set type", row.get("set_type", "")) if kind is None else None,
            remark("Calories", row.get("calories", "")),
            remark("Speed (mph)", row.get("speed_mph", "")),
            remark("Laps", row.get("laps", "")),
        ),
    )


def agrees(cell: str, unit: MassUnit | None, recorded: Sequence[ParsedSet]) -> bool:
    """Whether a packed cell states the sets that were recorded from the table."""
    try:
        stated = [packed_set(0, "as the log", one, unit) for one in unpacked(cell)]
    except BadCell:
        return False
    return len(stated) == len(recorded) and all(map(_same, stated, recorded))


def _same(one: ParsedSet, other: ParsedSet) -> bool:
    extents = ((entry.reps or None, entry.duration_s) for entry in (one, other))
    loads = [grams(entry.load or 0, entry.load_unit or MassUnit.LB) for entry in (one, other)]
    return next(extents) == next(extents) and abs(loads[0] - loads[1]) <= ROUNDED_G


def unit_of(pairs: Sequence[tuple[str, Sequence[Entry]]]) -> MassUnit | None:
    """The unit of the packed loads, told by sets that stand in the table too, where it is pounds."""
    votes = [vote for packed, entries in pairs for vote in _votes(packed, entries)]
    if not votes:
        return None
    return max(MassUnit, key=votes.count)


def _votes(packed: str, entries: Sequence[Entry]) -> list[MassUnit]:
    stated = unpacked(packed)
    if len(stated) != len(entries):
        return []
    found: list[MassUnit] = []
    for one, entry in zip(stated, entries, strict=True):
        try:
            load = cells.load(_pair(one.pairs[0])[0], decimal_comma=False)
            pounds = cells.load(entry.cells.get("weight_lbs", ""), decimal_comma=False)
        except BadCell:
            continue
        if load and pounds:
            found += [unit for unit, in_lb in _in_pounds(load).items() if abs(in_lb / pounds - 1) < NEAR]
    return found


def _in_pounds(load: float) -> dict[MassUnit, float]:
    return {MassUnit.LB: load, MassUnit.KG: load * 1000 / GRAMS_PER_LB}
