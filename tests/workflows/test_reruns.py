"""A rerun as a durable job: the steps before are taken over, the entity does the rest, and all of it verifies."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from msgspec import Struct

from loadstone import promoting, settings
from loadstone.cli import main
from loadstone.settings import Settings
from models.domain.errors import Conflict
from models.services import pipelines
from tests.factories import a_set, a_workout
from tests.workflows.stage import Stage, a_step, counting, steps
from workflows.steps import STEPS

FIRST, SECOND, *_ = (step.name for step in pipelines.FIRST[pipelines.ANALYSIS])


def counted(function: Callable[..., Any], calls: list[str], name: str) -> Callable[..., dict[str, Struct]]:
    def count(value: Any, params: Any) -> dict[str, Struct]:
        calls.append(name)
        return function(value, params)

    return count


async def test_the_steps_before_are_not_computed_again(stage: Stage) -> None:
    calls: list[str] = []
    first, second, *others = steps()
    watched = (
        a_step(first.name, "progress", counted(first.function, calls, first.name)),
        a_step(second.name, second.documents[0], counted(counting(second.documents[0]), calls, second.name)),
        *others,
    )
    athlete = await stage.athlete()
    async with stage.working(watched):
        await stage.record(athlete)
        await stage.ended(athlete, 1)
        [run] = await stage.runs(athlete)
        new_id = await promoting.rerun(run["id"], SECOND, stage.config.database)
        await stage.ended(athlete, 2)
    assert calls == [FIRST, SECOND, SECOND]
    _, again = await stage.runs(athlete)
    assert (again["id"], again["trigger"], again["status"]) == (new_id, "rerun", "succeeded")
    made = await stage.fetch("SELECT step, attempts FROM step_runs WHERE run_id = $1 ORDER BY position", new_id)
    assert [(row["step"], row["attempts"]) for row in made][:2] == [(FIRST, 0), (SECOND, 1)]


async def test_a_rerun_of_outdated_results_is_refused(stage: Stage) -> None:
    athlete = await stage.athlete()
    async with stage.working():
        await stage.record(athlete)
        await stage.ended(athlete, 1)
        [run, *_] = await stage.runs(athlete)
        await stage.record(athlete)
        await stage.ended(athlete, 2)
    with pytest.raises(Conflict, match="request a new analysis"):
        await promoting.rerun(run["id"], SECOND, stage.config.database)


async def test_the_command_line_verifies_and_compares_with_what_is_on_record(stage: Stage, tmp_path: Path) -> None:
    athlete = await stage.athlete()
    async with stage.working(STEPS):
        await stage.record(athlete, a_workout(sets=(a_set(), a_set(reps=3, load=110))))
        await stage.ended(athlete, 1)
        await stage.ended(athlete, 1, "summary")
    environment = settings.to_environment(Settings(env="test", database_dsn=stage.config.database.dsn, state=tmp_path))
    for words, told in (
        (("verify", "--athlete", str(athlete.athlete_id)), "progress@3"),
        (("diff", "progress", "--athletes", str(athlete.athlete_id)), "recorded results → progress@3"),
    ):
        done = await _invoke(words, environment)
        assert done.exit_code == 0, done.output
        assert told in done.output


async def _invoke(words: tuple[str, ...], environment: Any) -> Any:
    return await asyncio.to_thread(
        CliRunner().invoke, main, ["steps", *words], env={"LOADSTONE_ENV": "test", **environment}
    )
