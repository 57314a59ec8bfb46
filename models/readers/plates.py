"""Kilograms or pounds, told by the arithmetic of plates, bars and dumbbells, for files that state no unit.

Each distinct load of an exercise votes once, with a weight of evidence in nats for pounds (above 0) or kilograms
(below 0). A 45 lb bar with pairs of 45s makes 135 and 225; a 20 kg bar with pairs of 20s makes 60 and 100; pairs of
1.25 kg plates make 62.5; kg dumbbells come in steps of 2 or 2.5; loads that one unit only makes when converted
(44.0925 is 20 kg shown in lb) tell the unit shown. What people lift decides a little too: few press 225 kg.
"""

import math
from collections import defaultdict
from collections.abc import Iterable
from statistics import median

from models.domain.catalogue import Catalogue, load
from models.domain.exercises import Equipment
from models.domain.receipts import UnitFinding
from models.domain.units import GRAMS_PER_LB, MassUnit

KG_PER_LB = GRAMS_PER_LB / 1000
LB_BAR_LOADS = frozenset({45.0, 95.0, 135.0, 185.0, 225.0, 275.0, 315.0, 365.0, 405.0})
KG_BAR_LOADS = frozenset({20.0, 60.0, 100.0, 140.0, 180.0, 220.0, 260.0})
# Usual working loads in kg of one implement, by equipment: broad, as they only lean where arithmetic is silent.
USUAL_KG = {Equipment.BARBELL: 62.0, Equipment.DUMBBELL: 16.0, Equipment.CABLE: 32.0, Equipment.MACHINE: 48.0}
USUAL_SPREAD = 0.55
FEWEST_LOADS = 6
ENOUGH_NATS = 2.0

Load = tuple[str, float]


def infer(loads: Iterable[Load]) -> UnitFinding:
    """The unit of the exercises' loads, with the evidence; `value` is null where it does not suffice."""
    distinct = sorted(set(loads))
    catalogue = load()
    votes = [(weight_of(exercise, value, catalogue), exercise, value) for exercise, value in distinct]
    plates = sum(weight for weight, _, _ in votes)
    usual = _usual(distinct, catalogue)
    total = plates + usual
    if len(distinct) < FEWEST_LOADS or abs(total) < ENOUGH_NATS:
        value = None
    else:
        value = MassUnit.LB if total > 0 else MassUnit.KG
    return UnitFinding(value=value, inferred=True, evidence=_evidence(votes, plates, usual))


def weight_of(exercise: str, value: float, catalogue: Catalogue) -> float:
    """Nats for pounds of one load."""
    if (converted := _converted(value)) is not None:
        return converted
    equipment = _equipment(exercise, catalogue)
    if equipment is Equipment.BARBELL:
        return _of_barbell(value)
    if equipment is Equipment.DUMBBELL:
        return _of_dumbbell(value)
    return -0.1 if value % 5 == 2.5 else 0.0


def _converted(value: float) -> float | None:
    """A load with odd decimals is a round one of the other unit: pounds are shown where it is round in kg."""
    if value * 4 == int(value * 4):
        return None
    in_kg, in_lb = value * KG_PER_LB, value / KG_PER_LB
    if abs(in_kg - 2.5 * round(in_kg / 2.5)) < 0.01:
        return 1.0
    return -1.0 if abs(in_lb - 2.5 * round(in_lb / 2.5)) < 0.02 else 0.0


def _of_barbell(value: float) -> float:
    if value in LB_BAR_LOADS:
        return 0.7
    if value in KG_BAR_LOADS:
        return -0.5
    if value % 5 == 2.5:
        return -0.5
    return 0.15 if value % 10 == 5 else 0.0


def _of_dumbbell(value: float) -> float:
    if value % 5 == 2.5:
        return -0.3
    if value > 5 and value % 2 == 0 and value % 5:
        return -0.5
    return 0.4 if value >= 35 and value % 5 == 0 else 0.0


def _usual(loads: list[Load], catalogue: Catalogue) -> float:
    """Nats for pounds from how heavy the athlete's exercises are, however many they are."""
    by_equipment: defaultdict[Equipment, list[float]] = defaultdict(list)
    for exercise, value in loads:
        equipment = _equipment(exercise, catalogue)
        if equipment is not None and equipment in USUAL_KG:
            by_equipment[equipment].append(value)
    leans = [_lean(median(values), USUAL_KG[equipment]) for equipment, values in by_equipment.items()]
    return sum(leans) / math.sqrt(len(leans)) if leans else 0.0


def _lean(value: float, usual_kg: float) -> float:
    """The log-likelihood ratio of two log-normals of one spread around the usual load in lb and in kg."""
    as_kg, as_lb = math.log(value / usual_kg), math.log(value * KG_PER_LB / usual_kg)
    return (as_kg**2 - as_lb**2) / (2 * USUAL_SPREAD**2)


def _equipment(exercise: str, catalogue: Catalogue) -> Equipment | None:
    known = catalogue.resolve(exercise)
    return known.equipment[0] if known else None


def _evidence(votes: list[tuple[float, str, float]], plates: float, usual: float) -> str:
    """What spoke for each unit, in one sentence."""
    for_lb = [vote for vote in sorted(votes, reverse=True) if vote[0] > 0]
    for_kg = [vote for vote in sorted(votes) if vote[0] < 0]
    return (
        f"Of {len(votes)} distinct loads {len(for_lb)} are pound arithmetic ({_examples(for_lb)}) "
        f"and {len(for_kg)} are kilogram arithmetic ({_examples(for_kg)}): {plates:+.1f}; "
        f"how heavy the exercises are: {usual:+.1f}. Above 0 is pounds; {ENOUGH_NATS:g} either way decides."
    )


def _examples(votes: list[tuple[float, str, float]]) -> str:
    return ", ".join(f"{exercise} {value:g}" for _, exercise, value in votes[:3]) or "none"
