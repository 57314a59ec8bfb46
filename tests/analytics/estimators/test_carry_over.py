"""The carry-over estimator: coverage on a simulated lifter, abstentions, and independence of the future."""

from collections.abc import Sequence
from datetime import timedelta
from math import exp
from random import Random

import pytest

from analytics.estimators import conformal
from analytics.estimators.carry_over import CarryOver, CarryOverParams, card
from analytics.estimators.protocol import Performance, Prediction, Unknown
from tests.analytics.histories import MONDAY


def performance(day: int, e1rm_g: float = 120_000.0, exercise_id: int = 1) -> Performance:
    return Performance(
        exercise_id=exercise_id,
        performed_on=MONDAY + timedelta(days=day),
        e1rm_g=e1rm_g,
        moved_g=100_000,
        reps=6,
        effective_reps=6.0,
        load_mode=1,
    )


def learnt(performances: Sequence[Performance]) -> CarryOver:
    estimator = CarryOver()
    for one in performances:
        estimator.learn([one])
    return estimator


def wobbling(count: int, spread: float = 0.03, every_days: int = 3, exercise_id: int = 1) -> list[Performance]:
    chance = Random(5)
    return [performance(every_days * at, 120_000 * exp(chance.gauss(0, spread)), exercise_id) for at in range(count)]


def test_the_interval_covers_as_often_as_it_says() -> None:
    sessions, estimator, hits = wobbling(1200), CarryOver(), 0
    answered = 0
    for one in sessions:
        predicted = estimator.predict(1, one.performed_on)
        if isinstance(predicted, Prediction):
            answered += 1
            hits += predicted.low_g <= one.e1rm_g <= predicted.high_g
        estimator.learn([one])
    assert answered > 1100
    assert 0.77 <= hits / answered <= 0.83


def test_a_steady_exercise_gets_a_narrower_interval_than_a_wild_one() -> None:
    estimator = CarryOver()
    for steady, wild in zip(wobbling(80, 0.01), wobbling(80, 0.06, exercise_id=2), strict=True):
        estimator.learn([steady, wild])
    one, other = (estimator.predict(exercise_id, MONDAY + timedelta(days=240)) for exercise_id in (1, 2))
    assert isinstance(one, Prediction)
    assert isinstance(other, Prediction)
    assert one.high_g - one.low_g < 0.5 * (other.high_g - other.low_g)


def test_a_new_exercise_borrows_from_the_others() -> None:
    estimator = learnt([*wobbling(40), performance(120, 50_000, exercise_id=9)])
    predicted = estimator.predict(9, MONDAY + timedelta(days=122))
    assert isinstance(predicted, Prediction)
    assert (predicted.own_steps, predicted.steps) == (0, 39)


@pytest.mark.parametrize(
    ("estimator", "exercise_id", "days_later", "code"),
    [
        (learnt(wobbling(40)), 2, 1, "no_e1rm"),
        (learnt(wobbling(20)), 1, 1, "too_little_history"),
        (learnt(wobbling(40)), 1, 61, "layoff"),
        (learnt(wobbling(40, spread=0.5)), 1, 1, "interval_too_wide"),
    ],
)
def test_it_abstains_with_a_reason(estimator: CarryOver, exercise_id: int, days_later: int, code: str) -> None:
    last = 3 * (20 - 1) if code == "too_little_history" else 3 * (40 - 1)
    answer = estimator.predict(exercise_id, MONDAY + timedelta(days=last + days_later))
    assert isinstance(answer, Unknown)
    assert answer.code == code
    assert answer.text.endswith(".")


def test_steps_over_a_layoff_are_no_scores() -> None:
    apart = learnt(wobbling(40, every_days=70))
    answer = apart.predict(1, MONDAY + timedelta(days=39 * 70))
    assert isinstance(answer, Unknown)
    assert answer.code == "too_little_history"


def test_the_point_lies_in_its_interval() -> None:
    rising = [performance(3 * at, 100_000 * 1.02**at) for at in range(60)]
    predicted = learnt(rising).predict(1, MONDAY + timedelta(days=180))
    assert isinstance(predicted, Prediction)
    assert predicted.low_g <= predicted.e1rm_g <= predicted.high_g


def test_the_order_of_exercises_within_a_session_does_not_matter() -> None:
    one, other = CarryOver(), CarryOver()
    for first, second in zip(wobbling(40), wobbling(40, 0.05, exercise_id=2), strict=True):
        one.learn([first, second])
        other.learn([second, first])
    on = MONDAY + timedelta(days=120)
    assert one.predict(1, on) == other.predict(1, on)


def test_the_conformal_quantiles_need_nine_scores_for_eighty_percent() -> None:
    assert conformal.quantiles([0.0] * 8, 0.8) is None
    assert conformal.quantiles(list(range(19)), 0.8) == (1, 17)


def test_the_card_names_the_estimator_and_lies_within_the_goal() -> None:
    published = card()
    assert (published.name, published.version) == (CarryOver.name, CarryOver.version)
    assert published.target_coverage == CarryOverParams().coverage
    assert 0.75 <= published.backtest.coverage <= 0.85
    assert published.backtest.median_width_percent < published.backtest.constant_width_percent
