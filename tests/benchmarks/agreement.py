"""Before anything is timed: the contenders must answer the same and store the same."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from models.domain.exercises import LOAD_MODE_CODES
from models.domain.units import MASS_UNIT_CODES
from models.domain.workouts import SET_KIND_CODES, WorkoutDraft
from tests.benchmarks.bare import Bare
from tests.benchmarks.contenders import OverHttp
from tests.benchmarks.database import driver

OWN_FIELDS = {"id", "created_at", "updated_at", "data_version"}
INSTANTS = ("started_at", "ended_at")
SETS = """
SELECT position, exercise_id, kind, load_g, load_unit, load_mode, reps, rpe_tenths, rest_s
FROM set_entries WHERE workout_id = $1 ORDER BY position
"""
VARIANT_SETS = """
SELECT position, exercise_id, kind, load, load_unit, load_mode, reps, rpe, rest_s
FROM variant_sets WHERE workout_id = $1 ORDER BY position
"""
# Of a first workout: itself, its revision, its athlete's events, its athlete's version.
BESIDE = """
SELECT (SELECT count(*) FROM workouts WHERE id = $1), (SELECT count(*) FROM workout_revisions WHERE workout_id = $1),
    (SELECT count(*) FROM outbox JOIN workouts USING (athlete_id) WHERE workouts.id = $1),
    (SELECT clock.data_version FROM athlete_clocks AS clock JOIN workouts USING (athlete_id) WHERE workouts.id = $1)
"""
VARIANT_BESIDE = """
SELECT (SELECT count(*) FROM variant_workouts WHERE id = $1),
    (SELECT count(*) FROM variant_revisions WHERE workout_id = $1),
    (SELECT count(*) FROM variant_outbox JOIN variant_workouts AS own USING (athlete_id) WHERE own.id = $1),
    (SELECT clock.data_version FROM variant_clocks AS clock JOIN variant_workouts AS own USING (athlete_id)
     WHERE own.id = $1)
"""


class Disagreement(Exception):
    """The contenders do not do the same work; a comparison would mean nothing."""


async def check(loadstone: OverHttp, variant: OverHttp, bare: Bare, draft: WorkoutDraft, *, dsn: str) -> None:
    """Record a first workout with each and compare answers, pages and rows; raises Disagreement."""
    ours, theirs = await loadstone.record(draft), await variant.record(draft)
    _same("answers to POST", _meaning(ours), _meaning(theirs))
    for answer, contender in ((ours, loadstone), (theirs, variant)):
        _same("answers to GET", answer, await contender.read(answer["id"]))
        _same("pages", {"items": [answer], "next_cursor": None}, await contender.read_page())
    (given,) = bare.arguments(iter([draft]), 1)
    await bare.record(given)
    connection = await driver.connect(dsn)
    await _check_rows(connection, UUID(ours["id"]), UUID(theirs["id"]), given[1])
    await connection.close()


async def _check_rows(connection: Any, ours: UUID, variants: UUID, bares: UUID) -> None:
    sets = [tuple(row) for row in await connection.fetch(SETS, ours)]
    _same("sets of the bare statement", sets, [tuple(row) for row in await connection.fetch(SETS, bares)])
    _same("sets of the variant", sets, [_canonical(row) for row in await connection.fetch(VARIANT_SETS, variants)])
    for statement, workout_id in ((BESIDE, ours), (BESIDE, bares), (VARIANT_BESIDE, variants)):
        row = await connection.fetchrow(statement, workout_id)
        _same("rows beside the sets", [1, 1, 1, 1], list(row or ()))


def _meaning(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The answer without what is each server's own, its instants comparable in any zone."""
    told = {key: value for key, value in answer.items() if key not in OWN_FIELDS}
    return {**told, **{key: datetime.fromisoformat(told[key]) for key in INSTANTS}}


def _canonical(row: Any) -> tuple[Any, ...]:
    """A row of the variant in the units and codes of ours."""
    mode = row["load_mode"]
    return (
        *(row["position"], row["exercise_id"], SET_KIND_CODES[row["kind"]], round(row["load"] * 1000)),
        *(MASS_UNIT_CODES[row["load_unit"]], None if mode is None else LOAD_MODE_CODES[mode], row["reps"]),
        *(None if row["rpe"] is None else round(row["rpe"] * 10), row["rest_s"]),
    )


def _same(what: str, ours: object, theirs: object) -> None:
    if ours != theirs:
        raise Disagreement(f"The {what} differ:\n{ours}\n{theirs}")
