"""The core benchmark: it runs, and it stops where its contenders do not agree."""

import pytest

from analytics.core import core
from tests.benchmarks import bench_core, pandas_core
from tests.benchmarks.agreement import Disagreement
from tests.benchmarks.generated import generated, one_athlete

CHANGES = (("weeks", "volume_g"), ("muscle_weeks", "milli_sets"), ("e1rms", "e1rm_key"), ("days", "form"))


def test_it_compares_with_pandas_and_a_scan(capsys: pytest.CaptureFixture[str]) -> None:
    bench_core.main(bench_core.Plan(sets=5_000, one=400, rounds=1, times=1))
    printed = capsys.readouterr().out
    assert [printed.count(goal) for goal in (">= 3", "<= 8", "<= 1.2", ">= 9")] == [1, 1, 1, 1]


@pytest.mark.parametrize(("name", "column"), CHANGES)
def test_it_stops_where_pandas_has_another_number(name: str, column: str) -> None:
    one = one_athlete(400)
    theirs = pandas_core.core(pandas_core.frames(one))
    bench_core.agree(core(one), theirs)
    changed = theirs[name].copy()
    changed[column] += 1
    with pytest.raises(Disagreement, match=column):
        bench_core.agree(core(one), {**theirs, name: changed})


def test_histories_are_generated_alike_from_the_same_seed_only() -> None:
    first, again, other = generated(2_000, seed=1), generated(2_000, seed=1), generated(2_000, seed=2)
    assert first.sets.equals(again.sets)
    assert not first.sets.equals(other.sets)
    assert abs(first.sets.height - 2_000) < 2_000


def test_one_athlete_has_exactly_so_many_sets() -> None:
    one = one_athlete(777)
    assert (one.sets.height, one.athletes.height) == (777, 1)
    assert one.workouts.height == one.sets.get_column("session").n_unique()
