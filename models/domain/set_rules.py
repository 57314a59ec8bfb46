"""The rules across a set's fields, and across the sets of a workout."""

from collections.abc import Iterator, Sequence

from models.domain import bounds, units
from models.domain.errors import Fault
from models.domain.exercises import LoadMode
from models.domain.sets import SetDraft, SetTarget
from models.domain.units import MassUnit

# Below the limit in either unit.
PLAIN_LOAD = 1_000


def faults(sets: Sequence[SetDraft]) -> Iterator[Fault]:
    """Every broken rule of a workout's sets."""
    chained = False
    for position, entry in enumerate(sets):
        if not _is_plain(entry):
            chained = chained or entry.chain is not None
            yield from _set_faults(entry, f"$.sets[{position}]")
    if chained:
        yield from _chain_faults(sets)


def _is_plain(entry: SetDraft) -> bool:
    """Whether one glance shows that no rule is broken: so it is with nearly every set, and recording is hot."""
    return (
        entry.load is not None
        and entry.load_unit is not None
        and entry.load < PLAIN_LOAD
        and entry.rir is None
        and (entry.rpe is None or entry.rpe % 0.5 == 0)
        and entry.chain is None
        and entry.circuit is None
        and entry.target is None
    )


def _set_faults(entry: SetDraft, path: str) -> Iterator[Fault]:
    yield from _load_faults(entry.load, entry.load_unit, entry.load_mode, path)
    yield from _effort_faults(entry.rpe, entry.rir, path)
    if entry.superset is not None and entry.circuit is not None:
        yield Fault(path=f"{path}.circuit", message="A set is part of a superset or of a circuit, not of both.")
    if entry.target is not None:
        yield from _target_faults(entry.target, entry.load_mode, f"{path}.target")


def _load_faults(load: float | None, unit: MassUnit | None, mode: LoadMode | None, path: str) -> Iterator[Fault]:
    """The numbers on a machine's stack need no unit."""
    if not (mode is LoadMode.MACHINE_UNITS and load is not None and unit is None):
        yield from mass_faults("load", load, unit, bounds.MAX_LOAD_G, path)
    elif load * 1000 > bounds.MAX_LOAD_G:
        yield Fault(path=f"{path}.load", message=f"More than {bounds.MAX_LOAD_G // 1000} units of a machine.")


def _target_faults(target: SetTarget, mode: LoadMode | None, path: str) -> Iterator[Fault]:
    if target == SetTarget():
        yield Fault(path=path, message="A target states something.")
    if target.reps_low is not None and target.reps_high is not None and target.reps_low > target.reps_high:
        yield Fault(path=f"{path}.reps_high", message="Fewer than `reps_low`.")
    yield from _load_faults(target.load, target.load_unit, mode, path)
    yield from _effort_faults(target.rpe, target.rir, path)


def _effort_faults(rpe: float | None, rir: float | None, path: str) -> Iterator[Fault]:
    if not is_tenths(rpe):
        yield Fault(path=f"{path}.rpe", message="At most one decimal.")
    if not is_tenths(rir):
        yield Fault(path=f"{path}.rir", message="At most one decimal.")
    if rpe is not None and rir is not None:
        yield Fault(path=f"{path}.rir", message="Give RPE or RIR, as it was entered, not both.")


def _chain_faults(sets: Sequence[SetDraft]) -> Iterator[Fault]:
    """A chain is an unbroken row of sets of one exercise."""
    ended: set[int] = set()
    for position, entry in enumerate(sets):
        before = sets[position - 1] if position else None
        if before is not None and before.chain is not None and before.chain != entry.chain:
            ended.add(before.chain)
        if entry.chain is None:
            continue
        if entry.chain in ended:
            yield Fault(path=f"$.sets[{position}].chain", message="The sets of a chain follow one another.")
        elif before is not None and before.chain == entry.chain and before.exercise_id != entry.exercise_id:
            yield Fault(path=f"$.sets[{position}].chain", message="The sets of a chain are of one exercise.")


def mass_faults(
    name: str, value: float | None, unit: MassUnit | None, limit_g: int, path: str, *, least_g: int = 0
) -> Iterator[Fault]:
    """A mass has a value and a unit or neither, and limits in grams."""
    if (value is None) != (unit is None):
        yield Fault(path=f"{path}.{name}_unit", message=f"`{name}` and `{name}_unit` go together.")
    elif value is not None and unit is not None and units.grams(value, unit) > limit_g:
        yield Fault(path=f"{path}.{name}", message=f"More than {limit_g // 1000} kg.")
    elif value is not None and unit is not None and units.grams(value, unit) < least_g:
        yield Fault(path=f"{path}.{name}", message=f"Less than {least_g // 1000} kg.")


def is_tenths(value: float | None) -> bool:
    """Whether the value has at most one decimal."""
    return value is None or abs(value * 10 - round(value * 10)) < 1e-9
