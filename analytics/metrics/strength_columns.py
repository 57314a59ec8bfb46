"""The strength scores over columns: what `strength` says of one total, for every row of a frame."""

from collections.abc import Callable, Mapping
from functools import partial

import polars as pl

from analytics.metrics import strength
from analytics.metrics.outcome import Why
from analytics.metrics.strength import Polynomial, Sex

# The points of a total, by it and the bodyweight in kg.
Expression = Callable[[pl.Expr, pl.Expr, Sex], pl.Expr]
SEXES: tuple[Sex, Sex] = ("male", "female")


def _by_polynomial(
    points: float, by_sex: Mapping[str, Polynomial], total: pl.Expr, bodyweight: pl.Expr, sex: Sex
) -> pl.Expr:
    coefficients, least, most = by_sex[sex]
    clamped = bodyweight.clip(least, most)
    return points * total / sum((factor * clamped.pow(power) for power, factor in enumerate(coefficients)), pl.lit(0.0))


def _by_ipf_gl(equipped: bool, bench_only: bool, total: pl.Expr, bodyweight: pl.Expr, sex: Sex) -> pl.Expr:
    a, b, c = strength.IPF_GL[sex, equipped, bench_only]
    floored = bodyweight.clip(strength.IPF_GL_FLOOR_KG[sex])
    return 100 * total / (a - b * (-c * floored).exp())


EXPRESSIONS: Mapping[str, Expression] = {
    "wilks_1994": partial(_by_polynomial, 500, strength.WILKS_1994),
    "wilks_2020": partial(_by_polynomial, 600, strength.WILKS_2020),
    "dots": partial(_by_polynomial, 500, strength.DOTS),
    "ipf_gl": partial(_by_ipf_gl, False, False),
    "ipf_gl_equipped": partial(_by_ipf_gl, True, False),
    "ipf_gl_bench": partial(_by_ipf_gl, False, True),
    "ipf_gl_equipped_bench": partial(_by_ipf_gl, True, True),
}


def value(name: str, total: str = "total_kg", bodyweight: str = "bodyweight_kg", sex: str = "sex") -> pl.Expr:
    """The score of that name in points (Float64); null outside the domain. See `reason`.

    `total` and `bodyweight` are Float64 in kg, `sex` a String; null is not known.

    >>> lifted = {"total_kg": pl.lit(600.0), "bodyweight_kg": pl.lit(82.5), "sex": pl.lit("male")}
    >>> pl.select(**lifted).select(value("dots").round(4)).item()
    406.4356
    """
    points = _points(name, total, bodyweight, sex)
    return pl.when(reason(name, total, bodyweight, sex).is_null()).then(points).alias(name)


def reason(name: str, total: str = "total_kg", bodyweight: str = "bodyweight_kg", sex: str = "sex") -> pl.Expr:
    """Why there is no score, as Why names it, the first that holds; null where there is one."""
    lifted, weighs = pl.col(total), pl.col(bodyweight)
    needs = (
        (lifted.is_null(), Why.TOTAL_UNKNOWN),
        (weighs.is_null(), Why.BODYWEIGHT_UNKNOWN),
        (pl.col(sex).is_in(SEXES).fill_null(value=False).not_(), Why.SEX_UNKNOWN),
        (((lifted > 0) & (weighs > 0) & lifted.is_finite() & weighs.is_finite()).not_(), Why.NOT_POSITIVE),
        (weighs > strength.HEAVIEST_KG, Why.OUT_OF_RANGE),
        (_points(name, total, bodyweight, sex).is_finite().not_(), Why.OUT_OF_RANGE),
    )
    return pl.coalesce(pl.when(fails).then(pl.lit(why.value)) for fails, why in needs)


def _points(name: str, total: str, bodyweight: str, sex: str) -> pl.Expr:
    men, women = (EXPRESSIONS[name](pl.col(total), pl.col(bodyweight), known) for known in SEXES)
    return pl.when(pl.col(sex) == "male").then(men).when(pl.col(sex) == "female").then(women)
