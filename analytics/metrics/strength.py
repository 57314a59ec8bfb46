"""Strength scores: one number for a total, comparable across bodyweights and between sexes.

Total and bodyweight in kg, the score in points. The bodyweight is clamped to the range that the coefficients were
fitted on. Outside the domain (unknown sex, nothing lifted, nobody's bodyweight) null and a reason.
"""

from collections.abc import Callable, Mapping, Sequence
from math import exp, isfinite
from typing import Literal

from analytics.metrics.outcome import Outcome, Why, demand, formula, positive

Sex = Literal["male", "female"]
Score = Callable[[float | None, float | None, str | None], Outcome]

# Coefficients from the constant term upward, and the range of bodyweights, by sex.
Polynomial = tuple[Sequence[float], float, float]
WILKS_1994: Mapping[str, Polynomial] = {
    "male": ((-216.0475144, 16.2606339, -0.002388645, -0.00113732, 7.01863e-6, -1.291e-8), 40, 201.9),
    "female": (
        (594.31747775582, -27.23842536447, 0.82112226871, -0.00930733913, 4.731582e-5, -9.054e-8),
        *(26.51, 154.53),
    ),
}
WILKS_2020: Mapping[str, Polynomial] = {
    "male": (
        (47.46178854, 8.472061379, 0.07369410346, -0.001395833811, 7.07665973070743e-6, -1.20804336482315e-8),
        *(40, 200.95),
    ),
    "female": (
        (-125.4255398, 13.71219419, -0.03307250631, -0.001050400051, 9.38773881462799e-6, -2.3334613884954e-8),
        *(40, 150.95),
    ),
}
DOTS: Mapping[str, Polynomial] = {
    "male": ((-307.75076, 24.0900756, -0.1918759221, 0.0007391293, -1.0930e-6), 40, 210),
    "female": ((-57.96288, 13.6175032, -0.1126655495, 0.0005158568, -1.0706e-6), 40, 150),
}
# A, B, C by sex, equipment and event.
IPF_GL: Mapping[tuple[str, bool, bool], tuple[float, float, float]] = {
    ("male", False, False): (1199.72839, 1025.18162, 0.009210),
    ("female", False, False): (610.32796, 1045.59282, 0.03048),
    ("male", True, False): (1236.25115, 1449.21864, 0.01644),
    ("female", True, False): (758.63878, 949.31382, 0.02435),
    ("male", False, True): (320.98041, 281.40258, 0.01008),
    ("female", False, True): (142.40398, 442.52671, 0.04724),
    ("male", True, True): (381.22073, 733.79378, 0.02398),
    ("female", True, True): (221.82209, 357.00377, 0.02937),
}
IPF_GL_FLOOR_KG = {"male": 40.0, "female": 35.0}
# The heaviest human beings are lighter.
HEAVIEST_KG = 700.0


@formula
def wilks_1994(total_kg: float | None, bodyweight_kg: float | None, sex: str | None) -> float:
    """500 t / p5(b), Wilks 1994; b clamped to 40-201.9 (men), 26.51-154.53 (women).

    >>> round(wilks_1994(1000, 100, "male").value, 4), wilks_1994(1000, 100, None).reason
    (608.5891, <Why.SEX_UNKNOWN: 'sex_unknown'>)
    """
    return _by_polynomial(500, WILKS_1994, _lifted(total_kg, bodyweight_kg, sex))


@formula
def wilks_2020(total_kg: float | None, bodyweight_kg: float | None, sex: str | None) -> float:
    """600 t / p5(b), Wilks 2020; b clamped to 40-200.95 (men), 40-150.95 (women).

    >>> round(wilks_2020(500, 60, "female").value, 4)
    659.5164
    """
    return _by_polynomial(600, WILKS_2020, _lifted(total_kg, bodyweight_kg, sex))


@formula
def dots(total_kg: float | None, bodyweight_kg: float | None, sex: str | None) -> float:
    """500 t / p4(b), DOTS 2019 (Konertz, BVDK); b clamped to 40-210 (men), 40-150 (women).

    >>> round(dots(600, 82.5, "male").value, 4), dots(600, None, "male").reason
    (406.4356, <Why.BODYWEIGHT_UNKNOWN: 'bodyweight_unknown'>)
    """
    return _by_polynomial(500, DOTS, _lifted(total_kg, bodyweight_kg, sex))


@formula
def ipf_gl(
    total_kg: float | None,
    bodyweight_kg: float | None,
    sex: str | None,
    *,
    equipped: bool = False,
    bench_only: bool = False,
) -> float:
    """100 t / (A - B e^(-C b)), IPF GL 2020; b not below 40 (men), 35 (women). Of the classic total by default.

    >>> round(ipf_gl(1000, 100, "male").value, 4), round(ipf_gl(122.5, 70.5, "female", bench_only=True).value, 2)
    (126.3292, 96.78)
    """
    total, bodyweight, known = _lifted(total_kg, bodyweight_kg, sex)
    a, b, c = IPF_GL[known, equipped, bench_only]
    return 100 * total / (a - b * exp(-c * max(bodyweight, IPF_GL_FLOOR_KG[known])))


FORMULAS: tuple[Score, ...] = (wilks_1994, wilks_2020, dots, ipf_gl)


def _by_polynomial(points: float, by_sex: Mapping[str, Polynomial], lifted: tuple[float, float, Sex]) -> float:
    total, bodyweight, known = lifted
    coefficients, least, most = by_sex[known]
    clamped = min(max(bodyweight, least), most)
    return points * total / sum(factor * clamped**power for power, factor in enumerate(coefficients))


def _lifted(total_kg: float | None, bodyweight_kg: float | None, sex: str | None) -> tuple[float, float, Sex]:
    """What a score needs to know, or Undefined: the total first, since without one the rest does not matter."""
    if total_kg is None:
        demand(False, Why.TOTAL_UNKNOWN)
    if bodyweight_kg is None:
        demand(False, Why.BODYWEIGHT_UNKNOWN)
    demand(sex in {"male", "female"}, Why.SEX_UNKNOWN)
    total, bodyweight = positive(total_kg or 0), positive(bodyweight_kg or 0)
    demand(isfinite(total) and bodyweight <= HEAVIEST_KG)
    return total, bodyweight, "male" if sex == "male" else "female"
