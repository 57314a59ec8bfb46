"""A run of a step: what decided its numbers, and the workouts that each of them came from."""

import asyncio
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote
from uuid import UUID

import msgspec
import pytest

from analytics.explain import explanation
from analytics.explain.address import parse
from api import explaining, step_runs
from api.deps import Resources
from models import db, ids
from tests.api.analysing import analysed, summarised
from tests.api.conftest import Athlete, workout
from tests.api.test_openapi import CONTRACT
from workflows.steps import STEPS

SQUAT, BENCH_PRESS, PULL_UP = 100, 1000, 1900
WORKOUTS = "/v1/athletes/me/workouts"
TONNAGE = "progress/weekly/week_start=2026-11-16/tonnage_kg"
# One of each kind of rule, of each document.
NUMBERS = (
    TONNAGE,
    "progress/today/fitness",
    "progress/daily/day=2026-11-19/form",
    "progress/muscles/muscle=quads/week_start=2026-11-16/hard_sets",
    f"e1rm/exercises/exercise_id={SQUAT}/performed_on=2026-11-19/e1rm_kg",
    f"e1rm/exercises/exercise_id={PULL_UP}/performed_on=2026-11-19/e1rm_kg",
    f"records/exercises/exercise_id={SQUAT}/records/kind=e1rm/previous_value_kg",
    f"records/feed/exercise_id={SQUAT},kind=e1rm,performed_on=2026-11-19/value_kg",
    "records/session_tonnage/value_kg",
    f"exercises/exercises/{SQUAT}/best_e1rm/e1rm_kg",
    f"exercises/index/exercises/exercise_id={PULL_UP}/best_e1rm_kg",
    "muscles/muscles/quads/four_weeks/hard_sets",
    "athlete/comparisons/four_weeks/period/tonnage_kg",
    "athlete/strength/bodyweight_kg",
    f"recommendations/abstentions/exercise_id={SQUAT}/reason/values/steps",
)


def a_set(exercise_id: int = SQUAT, load: float | None = 100, **fields: Any) -> dict[str, Any]:
    unit = {} if load is None else {"load": load, "load_unit": "kg"}
    return {"exercise_id": exercise_id, "reps": 5, **unit, **fields}


LOG: tuple[tuple[str, tuple[dict[str, Any], ...], float | None], ...] = (
    ("2026-10-20", (a_set(load=90), a_set(BENCH_PRESS, 70)), 80),
    ("2026-10-27", (a_set(load=92.5), a_set(PULL_UP, None)), None),
    ("2026-11-03", (a_set(load=95), a_set(BENCH_PRESS, 72.5)), 82),
    ("2026-11-10", (a_set(load=85), a_set(PULL_UP, 5)), None),
    ("2026-11-16", (a_set(load=97.5), a_set(kind="warm_up", load=40)), None),
    ("2026-11-17", (a_set(BENCH_PRESS, 75), a_set(PULL_UP, None, reps=8)), 81.5),
    ("2026-11-19", (a_set(load=102.5), a_set(load=100), a_set(PULL_UP, 2.5)), None),
)


async def recorded(athlete: Athlete, log: Sequence[Any] = LOG) -> list[str]:
    """The ids of the workouts of a log of days, sets and bodyweights."""
    made: list[str] = []
    for day, sets, bodyweight in log:
        weighed = {} if bodyweight is None else {"bodyweight": bodyweight, "bodyweight_unit": "kg"}
        body = workout(started_at=f"{day}T17:00:00Z", sets=list(sets), **weighed)
        answer = await athlete("POST", WORKOUTS, body)
        assert answer.status_code == 201, answer.text
        made.append(answer.json()["id"])
    return made


async def asked(athlete: Athlete, step_run: UUID, of: str | None = None) -> Any:
    question = "" if of is None else f"?of={quote(of, safe='')}"
    return await athlete("GET", f"/v1/athletes/me/step-runs/{step_run}{question}")


async def explained(athlete: Athlete, step_run: UUID, of: str) -> dict[str, Any]:
    answer = await asked(athlete, step_run, of)
    assert answer.status_code == 200, answer.text
    return answer.json()["explanation"]


async def refused(athlete: Athlete, step_run: UUID, of: str, status: int) -> str:
    answer = await asked(athlete, step_run, of)
    assert answer.status_code == status, answer.text
    return answer.json()["detail"]


async def stated(held: Resources, athlete: Athlete) -> dict[str, Any]:
    """What is at each of the addresses now, as the documents are served."""
    async with db.direct(held.database, transaction=False) as session:
        rows = await session.driver.fetch("SELECT name, body FROM step_documents WHERE athlete_id = $1", athlete.id)
    documents = {row["name"]: msgspec.json.decode(row["body"]) for row in rows}
    return {of: explanation.look(documents[parse(of).document], parse(of)) for of in NUMBERS}


async def execute(held: Resources, statement: str, *args: Any) -> None:
    async with db.direct(held.database, transaction=False) as session:
        await session.driver.execute(statement, *args)


async def test_deleting_a_listed_workout_changes_the_number_and_deleting_any_other_does_not(
    athlete: Athlete, held: Resources
) -> None:
    workouts = await recorded(athlete)
    made = await analysed(held, athlete)
    values = await stated(held, athlete)
    found = {of: await explained(athlete, made[parse(of).document], of) for of in NUMBERS}
    listed = {of: {one["workout_id"]: one["value_without"] for one in found[of]["workouts"]} for of in NUMBERS}
    assert {of: one["value"] for of, one in found.items()} == values
    for number, workout_id in enumerate(workouts, start=1):
        assert (await athlete("DELETE", f"{WORKOUTS}/{workout_id}")).status_code == 204
        await analysed(held, athlete)
        without = await stated(held, athlete)
        assert without == {of: listed[of].get(workout_id, values[of]) for of in NUMBERS}
        assert all(without[of] != values[of] for of in NUMBERS if workout_id in listed[of])
        back = await athlete("POST", f"{WORKOUTS}/{workout_id}/revisions/{number}/restore")
        assert back.status_code == 200, back.text
    assert all(listed.values())
    assert sum(len(one) < len(workouts) for one in listed.values()) > len(NUMBERS) / 2


async def test_without_a_number_it_is_the_lineage_and_where_to_read(athlete: Athlete, held: Resources) -> None:
    await recorded(athlete, LOG[:2])
    made = await analysed(held, athlete)
    lineage = (await asked(athlete, made["progress"])).json()
    assert (lineage["step"], lineage["version"], lineage["data_version"]) == ("progress", 3, 2)
    assert (lineage["git_revision"], lineage["lock_digest"], lineage["explanation"]) == ("a-revision", "a-digest", None)
    assert sorted(lineage["inputs"]["digests"]) == ["history", "settings"]
    assert [(one["name"], one["is_served"]) for one in lineage["made"]] == [
        ("e1rm", True),
        ("progress", True),
        ("records", True),
    ]
    for place in lineage["made"]:
        served = (await athlete("GET", place["path"])).json()
        assert served["step_run_id"] == str(made["progress"])
    assert lineage["read"] == []
    assert "estimator" in (await asked(athlete, made["recommendations"])).json()["inputs"]["digests"]


async def test_a_document_that_was_written_anew_is_not_served_any_more(athlete: Athlete, held: Resources) -> None:
    await recorded(athlete, LOG[:2])
    made = await analysed(held, athlete)
    await recorded(athlete, LOG[2:3])
    await analysed(held, athlete)
    assert [one["is_served"] for one in (await asked(athlete, made["progress"])).json()["made"]] == [False] * 3


async def test_a_summary_leads_to_the_runs_that_made_what_it_read(athlete: Athlete, held: Resources) -> None:
    await recorded(athlete)
    made = await analysed(held, athlete)
    summary = await summarised(held, athlete, "2026-W47")
    read = (await asked(athlete, summary)).json()["read"]
    assert {one["name"]: one["step_run_id"] for one in read} == {
        name: str(made[name]) for name in ("e1rm", "progress", "recommendations", "records")
    }
    assert f"progress (step run {made['progress']})" in await refused(athlete, summary, "summary/text", 409)


async def test_it_is_the_history_of_the_run_that_is_explained(athlete: Athlete, held: Resources) -> None:
    workouts = await recorded(athlete)
    made = await analysed(held, athlete)
    before = await explained(athlete, made["progress"], TONNAGE)
    assert (await athlete("DELETE", f"{WORKOUTS}/{workouts[-1]}")).status_code == 204
    await recorded(athlete, [("2026-11-18", [a_set()], 90)])
    assert await explained(athlete, made["progress"], TONNAGE) == before


async def test_a_measured_bodyweight_stands_between_a_workout_and_later_sets(athlete: Athlete, held: Resources) -> None:
    first, _ = await recorded(athlete, (LOG[0], LOG[1]))
    of = "progress/weekly/week_start=2026-10-26/tonnage_kg"
    told = await explained(athlete, (await analysed(held, athlete))["progress"], of)
    assert first in {one["workout_id"] for one in told["workouts"]}
    measured = {
        "measured_at": "2026-10-24T07:00:00Z",
        "time_zone": "Europe/Berlin",
        "kind": "bodyweight",
        "value": 79,
        "unit": "kg",
    }
    assert (await athlete("POST", "/v1/athletes/me/measurements", measured)).status_code == 201
    told = await explained(athlete, (await analysed(held, athlete))["progress"], of)
    assert first not in {one["workout_id"] for one in told["workouts"]}


@pytest.mark.parametrize(
    ("of", "said"),
    [
        ("progress", "is no address"),
        ("progress/today", "`progress/today` is no single number: there is fitness, fatigue"),
        ("progress/weekly", "name one of its rows by field=value"),
        ("progress/weekly/week_start=2026-11-17/sets", "there is week_start=2026-10-19, week_start=2026-10-26"),
        ("progress/weekly/2026-11-16/sets", "name one of its rows"),
        ("progress/speed", "`progress` has no `speed`: there is as_of"),
        ("recommendations/as_of", "there is e1rm, progress, records"),
    ],
)
async def test_a_bad_address_says_what_there_is(athlete: Athlete, held: Resources, of: str, said: str) -> None:
    await recorded(athlete)
    detail = await refused(athlete, (await analysed(held, athlete))["progress"], of, 422)
    assert detail.startswith("query.of: ")
    assert said in detail


async def test_another_athletes_run_is_not_found(athlete: Athlete, stranger: Athlete, held: Resources) -> None:
    await recorded(athlete, LOG[:1])
    made = await analysed(held, athlete)
    assert (await asked(stranger, made["progress"], TONNAGE)).status_code == 404
    assert (await asked(athlete, ids.new(), TONNAGE)).status_code == 404


CHANGES = {
    "version": ("version = 2", "cannot explain progress@2, only progress@3"),
    "params": ("params = '{\"daily_days\": 7}'", "parameters of progress@3 are others"),
    "history": ("inputs = jsonb_set(inputs, '{digests,history}', '\"of old\"')", "history reads otherwise"),
    "code": ("documents = jsonb_set(documents, '{e1rm}', '\"of old\"')", "another e1rm than revision a-revision did"),
    "status": ("status = 'running', ended_at = NULL, output_digest = NULL", "it is running"),
}


@pytest.mark.parametrize("change", CHANGES)
async def test_what_cannot_be_computed_again_is_not_explained(athlete: Athlete, held: Resources, change: str) -> None:
    await recorded(athlete)
    made = await analysed(held, athlete)
    changed, said = CHANGES[change]
    statement = f"UPDATE step_runs SET {changed} WHERE athlete_id = $1 AND id = $2"
    await execute(held, statement, athlete.id, made["progress"])
    assert said in await refused(athlete, made["progress"], TONNAGE, 409)


async def test_a_flood_of_questions_is_turned_away(
    athlete: Athlete, held: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    await recorded(athlete, LOG[-2:])
    made = await analysed(held, athlete)
    monkeypatch.setattr(explaining, "WAITING", 1)
    answers = await asyncio.gather(*(asked(athlete, made["progress"], TONNAGE) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 503, 503]
    assert all(answer.headers["retry-after"] for answer in answers if answer.status_code == 503)


def test_every_document_can_be_read_at_its_path() -> None:
    paths = {path.removeprefix("/v1/athletes/{athlete_id}") for path in CONTRACT["paths"]}
    assert {*step_runs.PATHS.values(), step_runs.OTHER} <= paths
    assert set(step_runs.PATHS) <= {document for step in STEPS for document in step.documents}
