"""The intervals of the recommendations on real logs: walked forward session by session, judged on the later 30 %.

Every choice of the estimator was made on the earlier 70 % of each athlete's sessions; the last 30 % are held back for
the figures printed here and published on the estimator's card. Each prediction sees past sessions only.

    python -m tests.benchmarks.bench_intervals
"""

import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import fmean, median, quantiles

from msgspec import Struct

from analytics.estimators.carry_over import CarryOver
from analytics.estimators.protocol import Performance, Prediction
from analytics.metrics.atoms import atoms
from analytics.recommend import performances
from tests.benchmarks.real_histories import histories
from tests.benchmarks.table import table

HELD_BACK = 0.3


class Outcome(Struct, frozen=True, kw_only=True):
    """One prediction (or abstention) beside what came; errors and widths relative to the point."""

    athlete: str
    held_back: bool
    answered: bool
    covered: bool = False
    error: float = 0.0
    width: float = 0.0


class Figures(Struct, frozen=True, kw_only=True):
    """The backtest of one part of the sessions."""

    predictions: int
    athletes: int
    coverage: float
    athlete_p10: float
    athlete_p90: float
    mae: float
    median_error: float
    median_width: float
    constant_width: float
    constant_p10: float
    constant_p90: float
    abstention_rate: float


def main() -> None:
    """Print the table, or say that the logs are not here."""
    parquet = (
        Path(os.environ.get("LOADSTONE_REAL_LOGS", Path(__file__).parents[3] / "shared" / "data")) / "sets.parquet"
    )
    if not parquet.is_file():
        print("The real logs are not on this machine: nothing to measure.")
        return
    outcomes = [outcome for athlete, rows in histories(parquet) for outcome in walk(athlete, performances(atoms(rows)))]
    parts = {
        "earlier 70 % (design)": figures([outcome for outcome in outcomes if not outcome.held_back]),
        "later 30 % (held back)": figures([outcome for outcome in outcomes if outcome.held_back]),
    }
    print(table("80 % intervals of carry_over on real logs", ("figure", *parts), _rows(list(parts.values()))))


def walk(athlete: str, sessions: Sequence[tuple[int, Sequence[Performance]]]) -> Iterator[Outcome]:
    """Predict each session from those before it, then learn it; first performances are no predictions."""
    estimator, seen = CarryOver(), set[int]()
    first_held_back = (sessions[-1][0] + 1) * (1 - HELD_BACK) if sessions else 0
    for session, performed in sessions:
        for performance in performed:
            if performance.exercise_id in seen:
                predicted = estimator.predict(performance.exercise_id, performance.performed_on)
                yield _outcome(athlete, session >= first_held_back, predicted, performance.e1rm_g)
        estimator.learn(performed)
        seen.update(performance.exercise_id for performance in performed)


def figures(outcomes: Sequence[Outcome]) -> Figures:
    """Coverage, width and error of what was answered; the constant interval is tuned to the very same coverage."""
    answered = [outcome for outcome in outcomes if outcome.answered]
    coverage = fmean(outcome.covered for outcome in answered)
    half = sorted(abs(outcome.error) for outcome in answered)[int(coverage * len(answered)) - 1]
    low, high = _spread(answered, [outcome.covered for outcome in answered])
    constant_low, constant_high = _spread(answered, [abs(outcome.error) <= half for outcome in answered])
    return Figures(
        predictions=len(answered),
        athletes=len({outcome.athlete for outcome in answered}),
        coverage=coverage,
        athlete_p10=low,
        athlete_p90=high,
        mae=fmean(abs(outcome.error) for outcome in answered),
        median_error=median(abs(outcome.error) for outcome in answered),
        median_width=median(outcome.width for outcome in answered),
        constant_width=2 * half,
        constant_p10=constant_low,
        constant_p90=constant_high,
        abstention_rate=1 - len(answered) / len(outcomes),
    )


def _outcome(athlete: str, held_back: bool, predicted: object, actual_g: float) -> Outcome:
    if not isinstance(predicted, Prediction):
        return Outcome(athlete=athlete, held_back=held_back, answered=False)
    return Outcome(
        athlete=athlete,
        held_back=held_back,
        answered=True,
        covered=predicted.low_g <= actual_g <= predicted.high_g,
        error=actual_g / predicted.e1rm_g - 1,
        width=(predicted.high_g - predicted.low_g) / predicted.e1rm_g,
    )


def _spread(answered: Sequence[Outcome], covered: Sequence[bool]) -> tuple[float, float]:
    """The 10th and 90th percentile of the athletes' own coverage, of those with at least 30 predictions."""
    by_athlete: dict[str, list[bool]] = defaultdict(list)
    for outcome, hit in zip(answered, covered, strict=True):
        by_athlete[outcome.athlete].append(hit)
    deciles = quantiles([fmean(hits) for hits in by_athlete.values() if len(hits) >= 30], n=10)
    return deciles[0], deciles[-1]


def _rows(parts: Sequence[Figures]) -> list[tuple[str, ...]]:
    texts = {
        "predictions": "{0.predictions}",
        "athletes": "{0.athletes}",
        "coverage (goal 75-85 %)": "{0.coverage:.1%}",
        "coverage by athlete, p10-p90": "{0.athlete_p10:.0%}-{0.athlete_p90:.0%}",
        "median width": "{0.median_width:.1%}",
        "constant interval of the same coverage": "{0.constant_width:.1%}",
        "its coverage by athlete, p10-p90": "{0.constant_p10:.0%}-{0.constant_p90:.0%}",
        "mean absolute error": "{0.mae:.1%}",
        "median absolute error": "{0.median_error:.1%}",
        "abstentions": "{0.abstention_rate:.1%}",
    }
    return [(name, *(text.format(part) for part in parts)) for name, text in texts.items()]


if __name__ == "__main__":
    main()
