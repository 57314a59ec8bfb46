"""The benchmarks still run: each once, with as little work as it can do."""

import pytest

from tests.benchmarks import bench_http, bench_imports, bench_latency, bench_reanalysis, bench_storage, bench_sync
from tests.benchmarks.contenders import Work


def test_the_http_benchmark_prints_a_ratio_for_each_goal(capsys: pytest.CaptureFixture[str]) -> None:
    requests = {Work.POST: 40, Work.GET: 40, Work.PAGE: 8}
    bench_http.main(bench_http.Plan(rounds=1, warm_up=8, requests=requests))
    printed = capsys.readouterr().out
    assert [printed.count(f"{bench_http.VARIANT} / {bench_http.LOADSTONE}"), printed.count("goal")] == [3, 1]


def test_the_latency_benchmark_sees_every_workout_and_an_empty_backlog(capsys: pytest.CaptureFixture[str]) -> None:
    plan = bench_latency.Plan(idle_workouts=1, idle_history=3, athletes=2, history=1, per_second=10, seconds=0.4)
    bench_latency.main(plan)
    printed = capsys.readouterr().out
    assert "0 met" in printed
    assert "<= 0 met" in printed


def test_the_sync_benchmark_compares_batches_and_pages(capsys: pytest.CaptureFixture[str]) -> None:
    bench_sync.main(bench_sync.Plan(workouts=5, rounds=1, reads=1))
    assert capsys.readouterr().out.count(f"{bench_sync.SINGLES} / {bench_sync.BATCH}") == 2


def test_the_import_benchmark_compares_with_a_raw_copy_and_an_idle_stack(capsys: pytest.CaptureFixture[str]) -> None:
    bench_imports.main(bench_imports.Plan(workouts=20, rounds=2, live=3, live_per_second=20))
    printed = capsys.readouterr().out
    assert printed.count(f"{bench_imports.RAW} / {bench_imports.OURS}") == 2
    assert "p99 beside / alone" in printed


def test_the_reanalysis_benchmark_compares_with_an_idle_stack(capsys: pytest.CaptureFixture[str]) -> None:
    bench_reanalysis.main(bench_reanalysis.Plan(athletes=3, workouts=3, rounds=1, answers=3, per_second=20))
    printed = capsys.readouterr().out
    assert "p99 beside / alone" in printed
    assert "Reanalysing 4 athletes" in printed


def test_the_storage_benchmark_prints_a_ratio_for_each_goal(capsys: pytest.CaptureFixture[str]) -> None:
    bench_storage.main(bench_storage.Plan(athletes=3, workouts=2, histories=(2,), rounds=1))
    printed = capsys.readouterr().out
    assert [printed.count(one) for one in (">= 0.6", ">= 0.4", "<= 1.25")] == [1, 2, 1]
    assert "rows read" in printed
