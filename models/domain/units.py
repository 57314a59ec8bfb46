"""Masses as entered: integer grams beside the unit that the athlete typed.

A value with at most two decimals in either unit comes back exactly; others to the nearest gram,
and then the text as entered is kept beside the grams.
"""

from enum import StrEnum

GRAMS_PER_LB = 453.59237


class MassUnit(StrEnum):
    KG = "kg"
    LB = "lb"


MASS_UNIT_CODES = {MassUnit.KG: 1, MassUnit.LB: 2}
MASS_UNITS_BY_CODE = {code: unit for unit, code in MASS_UNIT_CODES.items()}


def grams(value: float, unit: MassUnit) -> int:
    """The mass in whole grams.

    >>> grams(225, MassUnit.LB), grams(102.5, MassUnit.KG)
    (102058, 102500)
    """
    return round(value * (1000 if unit is MassUnit.KG else GRAMS_PER_LB))


def entered(mass_g: int, unit: MassUnit | None) -> float:
    """The value in the unit entered, to two decimals of it (three for kg, where grams hold them).

    Without a unit it is a number on a machine's stack, kept in thousandths.

    >>> entered(102058, MassUnit.LB), entered(102500, MassUnit.KG)
    (225.0, 102.5)
    """
    return round(mass_g / GRAMS_PER_LB, 2) if unit is MassUnit.LB else mass_g / 1000


def stored(value: float | None, unit: MassUnit | None) -> tuple[int | None, str | None]:
    """Whole grams, and the value as text where they cannot give it back.

    >>> stored(44.0925, MassUnit.KG), stored(225, MassUnit.LB), stored(None, None)
    ((44092, '44.0925'), (102058, None), (None, None))
    """
    if value is None:
        return None, None
    mass_g = round(value * 1000) if unit is None else grams(value, unit)
    return mass_g, None if entered(mass_g, unit) == value else repr(value)
