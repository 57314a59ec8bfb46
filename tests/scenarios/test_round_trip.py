"""What an account exports, an empty account imports: the same state, in both formats, whatever was recorded."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from sqlalchemy.ext.asyncio import AsyncSession

from models import db
from models.db import DatabaseConfig, raw
from models.services.exports import ExportFormat
from tests import accounts
from tests.anything import NASTY, Made, accounts_made
from tests.databases import run
from tests.factories import a_set, a_workout, an_athlete

pytestmark = pytest.mark.timeout(180)
BOTH = pytest.mark.parametrize("form", ExportFormat)


@pytest.fixture(scope="module")
def dsn(new_database: Callable[[], str]) -> str:
    return new_database()


def without_head(data: bytes, form: ExportFormat) -> bytes:
    """The file but for what says when it was made, and of which version."""
    lines = data.split(b"\n")
    del lines[0 if form is ExportFormat.JSON else 1]
    return b"\n".join(lines)


async def clock(session: AsyncSession, athlete: Any) -> int:
    statement = "SELECT data_version FROM athlete_clocks WHERE athlete_id = $1"
    return await (await raw(session)).fetchval(statement, athlete.athlete_id)


async def round_trip(dsn: str, made: Made, form: ExportFormat) -> None:
    engine = db.engine(DatabaseConfig(dsn=dsn, pool_size=2))
    sessions = db.sessions(engine)
    try:
        async with db.transaction(sessions) as session:
            first, second = await accounts.make(session, made), await an_athlete(session)
            before, version = await accounts.state(session, first), await clock(session, first)
        data = await accounts.exported(sessions, first, form)
        async with db.transaction(sessions) as session:
            new, known = await accounts.take_in(session, data, second), await accounts.take_in(session, data, first)
            assert (new.rejected, known.rejected) == ((), ())
            assert (new.workouts_already_present, known.workouts) == (0, 0)
            assert new.workouts == known.workouts_already_present
            assert new.adds_up()
            assert known.adds_up()
            assert before == await accounts.state(session, second)
            assert (before, version) == (await accounts.state(session, first), await clock(session, first))
        again = await accounts.exported(sessions, second, form)
        assert without_head(data, form) == without_head(again, form)
    finally:
        await engine.dispose()


EVERY_TEXT = Made(
    exercises=[],
    workouts=[a_workout(title=text[:200], notes=text, sets=(a_set(note=text), a_set())) for text in NASTY],
    imported=[],
    notes=list(NASTY),
)


@BOTH
@example(made=EVERY_TEXT)
@given(made=accounts_made())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_an_empty_account_becomes_the_same_and_the_account_itself_stays_as_it_is(
    dsn: str, form: ExportFormat, made: Made
) -> None:
    run(round_trip(dsn, made, form))
