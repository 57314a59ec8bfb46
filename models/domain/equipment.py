"""Equipment: what there is to train with at a place, down to the bars, plates, dumbbells and stacks."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from models.domain import bounds, items
from models.domain.errors import Fault
from models.domain.exercises import Equipment
from models.domain.items import ItemOut, Mass, Noun, PositiveMass, Stamp
from models.domain.units import MassUnit

MOST_STEPS = 1_000

StartingMass = Annotated[float, Meta(ge=0, le=5_000)]
Some = Meta(max_length=50)


class Bar(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A bar, by itself."""

    name: bounds.Title
    mass: PositiveMass
    mass_unit: MassUnit


class Plates(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Plates of one mass. They go on a bar in pairs: an odd piece serves one-sided loading only."""

    mass: PositiveMass
    mass_unit: MassUnit
    pieces: Annotated[int, Meta(ge=1, le=200)]


class DumbbellList(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="list"):
    """Dumbbells of these masses, each of one hand."""

    masses: Annotated[tuple[PositiveMass, ...], Meta(min_length=1, max_length=200)]
    mass_unit: MassUnit


class DumbbellRange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="range"):
    """Dumbbells from the lightest to the heaviest in equal steps, each of one hand."""

    lightest: PositiveMass
    heaviest: PositiveMass
    step: PositiveMass
    mass_unit: MassUnit


class Stack(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The loads that machines or cables can be set to. Without a unit they are numbers on the stack."""

    equipment: Equipment
    name: bounds.Title | None = None
    lightest: StartingMass
    heaviest: PositiveMass
    step: PositiveMass
    mass_unit: MassUnit | None = None


Dumbbells = DumbbellList | DumbbellRange


class PlaceDraft(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A place to train at. Of several that are the default, the one changed last counts.

    An empty list of bars, plates, dumbbells or stacks means not recorded; `available` is complete once it is not empty.
    """

    name: bounds.Title
    is_default: bool = False
    available: Annotated[tuple[Equipment, ...], Meta(max_length=len(Equipment))] = ()
    bars: Annotated[tuple[Bar, ...], Some] = ()
    plates: Annotated[tuple[Plates, ...], Some] = ()
    dumbbells: Annotated[tuple[Dumbbells, ...], Some] = ()
    stacks: Annotated[tuple[Stack, ...], Some] = ()
    note: bounds.Note | None = None


class BarRecord(Struct, frozen=True, kw_only=True, omit_defaults=True):
    name: str
    mass: Mass
    mass_unit: MassUnit


class PlatesRecord(Struct, frozen=True, kw_only=True, omit_defaults=True):
    mass: Mass
    mass_unit: MassUnit
    pieces: int


class DumbbellListRecord(Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind", tag="list"):
    masses: tuple[Mass, ...]
    mass_unit: MassUnit


class DumbbellRangeRecord(Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind", tag="range"):
    lightest: Mass
    heaviest: Mass
    step: Mass
    mass_unit: MassUnit


class StackRecord(Struct, frozen=True, kw_only=True, omit_defaults=True):
    equipment: Equipment
    name: str | None = None
    lightest: Mass
    heaviest: Mass
    step: Mass
    mass_unit: MassUnit | None = None


DumbbellsRecord = DumbbellListRecord | DumbbellRangeRecord


class PlaceRecord(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A place as history keeps it, its masses in grams."""

    name: str
    is_default: bool = False
    available: tuple[Equipment, ...] = ()
    bars: tuple[BarRecord, ...] = ()
    plates: tuple[PlatesRecord, ...] = ()
    dumbbells: tuple[DumbbellsRecord, ...] = ()
    stacks: tuple[StackRecord, ...] = ()
    note: str | None = None


class PlaceOut(ItemOut, frozen=True, kw_only=True):
    """A place as clients read it, its masses in the units entered."""

    name: str
    is_default: bool
    available: tuple[Equipment, ...]
    bars: tuple[Bar, ...]
    plates: tuple[Plates, ...]
    dumbbells: tuple[Dumbbells, ...]
    stacks: tuple[Stack, ...]
    note: str | None


def record(draft: PlaceDraft) -> PlaceRecord:
    """The canonical record of a checked draft."""
    return PlaceRecord(
        name=draft.name,
        is_default=draft.is_default,
        available=draft.available,
        bars=tuple([_bar_record(bar) for bar in draft.bars]),
        plates=tuple([_plates_record(plates) for plates in draft.plates]),
        dumbbells=tuple([_dumbbells_record(dumbbells) for dumbbells in draft.dumbbells]),
        stacks=tuple([_stack_record(stack) for stack in draft.stacks]),
        note=draft.note,
    )


def out(kept: PlaceRecord, stamp: Stamp) -> PlaceOut:
    return PlaceOut(
        **stamp.fields,
        name=kept.name,
        is_default=kept.is_default,
        available=kept.available,
        bars=tuple([_bar(bar) for bar in kept.bars]),
        plates=tuple([_plates(plates) for plates in kept.plates]),
        dumbbells=tuple([_dumbbells(dumbbells) for dumbbells in kept.dumbbells]),
        stacks=tuple([_stack(stack) for stack in kept.stacks]),
        note=kept.note,
    )


def faults(draft: PlaceDraft, _now: datetime) -> Iterator[Fault]:
    """The rules across the fields of a place."""
    yield from items.repeated("$.available", draft.available)
    yield from items.repeated("$.bars", draft.bars)
    yield from items.repeated("$.plates", [(plates.mass, plates.mass_unit) for plates in draft.plates])
    for at, bar in enumerate(draft.bars):
        yield from items.mass_faults(f"$.bars[{at}].mass", bar.mass, bar.mass_unit)
    for at, plates in enumerate(draft.plates):
        yield from items.mass_faults(f"$.plates[{at}].mass", plates.mass, plates.mass_unit)
    for at, dumbbells in enumerate(draft.dumbbells):
        yield from _dumbbell_faults(dumbbells, f"$.dumbbells[{at}]")
    for at, stack in enumerate(draft.stacks):
        yield from _range_faults(stack, f"$.stacks[{at}]")


def _dumbbell_faults(dumbbells: Dumbbells, path: str) -> Iterator[Fault]:
    if isinstance(dumbbells, DumbbellRange):
        yield from _range_faults(dumbbells, path)
        return
    yield from items.repeated(f"{path}.masses", dumbbells.masses)
    for at, mass in enumerate(dumbbells.masses):
        yield from items.mass_faults(f"{path}.masses[{at}]", mass, dumbbells.mass_unit)


def _range_faults(loads: DumbbellRange | Stack, path: str) -> Iterator[Fault]:
    if loads.heaviest < loads.lightest:
        yield Fault(path=f"{path}.heaviest", message="Lighter than `lightest`.")
    elif (loads.heaviest - loads.lightest) / loads.step > MOST_STEPS:
        yield Fault(path=f"{path}.step", message=f"More than {MOST_STEPS} steps.")
    yield from items.mass_faults(f"{path}.heaviest", loads.heaviest, loads.mass_unit)


def _bar_record(bar: Bar) -> BarRecord:
    return BarRecord(name=bar.name, mass=items.mass(bar.mass, bar.mass_unit), mass_unit=bar.mass_unit)


def _bar(kept: BarRecord) -> Bar:
    return Bar(name=kept.name, mass=kept.mass.entered(kept.mass_unit), mass_unit=kept.mass_unit)


def _plates_record(plates: Plates) -> PlatesRecord:
    mass = items.mass(plates.mass, plates.mass_unit)
    return PlatesRecord(mass=mass, mass_unit=plates.mass_unit, pieces=plates.pieces)


def _plates(kept: PlatesRecord) -> Plates:
    return Plates(mass=kept.mass.entered(kept.mass_unit), mass_unit=kept.mass_unit, pieces=kept.pieces)


def _dumbbells_record(dumbbells: Dumbbells) -> DumbbellsRecord:
    unit = dumbbells.mass_unit
    if isinstance(dumbbells, DumbbellList):
        return DumbbellListRecord(masses=tuple([items.mass(value, unit) for value in dumbbells.masses]), mass_unit=unit)
    return DumbbellRangeRecord(
        lightest=items.mass(dumbbells.lightest, unit),
        heaviest=items.mass(dumbbells.heaviest, unit),
        step=items.mass(dumbbells.step, unit),
        mass_unit=unit,
    )


def _dumbbells(kept: DumbbellsRecord) -> Dumbbells:
    unit = kept.mass_unit
    if isinstance(kept, DumbbellListRecord):
        return DumbbellList(masses=tuple([mass.entered(unit) for mass in kept.masses]), mass_unit=unit)
    return DumbbellRange(
        lightest=kept.lightest.entered(unit),
        heaviest=kept.heaviest.entered(unit),
        step=kept.step.entered(unit),
        mass_unit=unit,
    )


def _stack_record(stack: Stack) -> StackRecord:
    unit = stack.mass_unit
    return StackRecord(
        equipment=stack.equipment,
        name=stack.name,
        lightest=items.mass(stack.lightest, unit),
        heaviest=items.mass(stack.heaviest, unit),
        step=items.mass(stack.step, unit),
        mass_unit=unit,
    )


def _stack(kept: StackRecord) -> Stack:
    unit = kept.mass_unit
    return Stack(
        equipment=kept.equipment,
        name=kept.name,
        lightest=kept.lightest.entered(unit),
        heaviest=kept.heaviest.entered(unit),
        step=kept.step.entered(unit),
        mass_unit=unit,
    )


EQUIPMENT = Noun(
    kind="equipment", draft=PlaceDraft, record=PlaceRecord, to_record=record, out=PlaceOut, to_out=out, faults=faults
)
