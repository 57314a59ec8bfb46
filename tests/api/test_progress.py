"""The pages that apps poll: cut out of stored documents byte by byte, tagged by what is served."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from analytics.athlete import AthleteParams, athlete_v1
from analytics.exercises import ExercisesParams, exercises_v1
from analytics.muscles import MusclesParams, muscles_v1
from analytics.training import training_of
from api.deps import Resources
from tests.analytics.histories import BENCH_PRESS, DEADLIFT, MONDAY, AnAthlete, ASet, AWorkout, history
from tests.api.conftest import Athlete, workout
from tests.api.test_insights import stored

HOME = "/v1/athletes/me/progress"
COMPARISON = f"{HOME}/comparison?first=2026-01-12&last=2026-01-18&against_first=2026-01-05&against_last=2026-01-11"
PAGES = (
    "/athlete",
    "/exercises",
    f"/exercises/{BENCH_PRESS}",
    "/muscles",
    "/muscles/chest",
    COMPARISON.removeprefix(HOME),
)
WORKOUTS = (
    AWorkout(day=0, sets=(ASet(exercise_id=BENCH_PRESS, load_g=80_000),)),
    AWorkout(day=7, sets=(ASet(exercise_id=BENCH_PRESS, load_g=90_000), ASet(exercise_id=DEADLIFT, load_g=180_000))),
)


def documents() -> dict[str, Any]:
    """What the steps make of two weeks."""
    training = training_of(
        history(*WORKOUTS, as_of=MONDAY + timedelta(days=8), athlete=AnAthlete(sex="female", show_acwr=True))
    )
    made = (
        *exercises_v1(training, ExercisesParams()).items(),
        *muscles_v1(training, MusclesParams()).items(),
        *athlete_v1(training, AthleteParams()).items(),
    )
    return {name: msgspec.json.encode(document) for name, document in made}


@pytest.fixture
async def analysed(athlete: Athlete, held: Resources) -> Athlete:
    for name, body in documents().items():
        await stored(held, athlete, name, body)
    return athlete


@pytest.mark.parametrize("page", PAGES)
async def test_before_the_first_analysis_a_page_is_null(athlete: Athlete, page: str) -> None:
    answer = await athlete("GET", HOME + page)
    assert (answer.status_code, answer.json()["document"]) == (200, None)
    again = await athlete("GET", HOME + page, if_none_match=answer.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("page", PAGES)
async def test_who_holds_a_page_gets_304_until_the_data_goes_on(analysed: Athlete, page: str) -> None:
    first = await analysed("GET", HOME + page)
    assert first.status_code == 200
    assert first.json()["document"]
    held = await analysed("GET", HOME + page, if_none_match=first.headers["etag"])
    assert (held.status_code, held.content, held.headers["etag"]) == (304, b"", first.headers["etag"])
    await analysed("POST", "/v1/athletes/me/workouts", workout())
    newer = await analysed("GET", HOME + page, if_none_match=first.headers["etag"])
    assert (newer.status_code, newer.json()["current_version"]) == (200, 1)


@pytest.mark.parametrize("page", PAGES)
async def test_another_athletes_page_is_not_found(analysed: Athlete, stranger: Athlete, page: str) -> None:
    answer = await stranger("GET", (HOME + page).replace("me", str(analysed.id), 1))
    assert answer.status_code == 404


async def test_pages_of_one_document_have_tags_of_their_own(analysed: Athlete) -> None:
    paths = ("/exercises", f"/exercises/{BENCH_PRESS}", f"/exercises/{DEADLIFT}", "/exercises/100")
    tags = [(await analysed("GET", HOME + path)).headers["etag"] for path in paths]
    assert len(set(tags)) == len(paths)


async def test_a_page_is_the_documents_own_bytes(athlete: Athlete, held: Resources) -> None:
    odd = b'{"as_of":"x", "index": {"a" :  1.50}, "exercises":{"7":{"b": [1 ,2]},"100":{"c":  null}}}'
    await stored(held, athlete, "exercises", odd)
    assert (await athlete("GET", f"{HOME}/exercises")).content.endswith(b'"document":{"a" :  1.50}}')
    assert (await athlete("GET", f"{HOME}/exercises/100")).content.endswith(b'"document":{"c":  null}}')


async def test_an_exercise_never_performed_is_null_and_an_unknown_one_is_not_found(analysed: Athlete) -> None:
    never = await analysed("GET", f"{HOME}/exercises/100")
    assert (never.status_code, never.json()["document"], never.json()["data_version"]) == (200, None, 1)
    for unknown in (0, 9_999, 2**31, 10**30):
        answer = await analysed("GET", f"{HOME}/exercises/{unknown}")
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"


async def test_another_athletes_own_exercise_is_unknown(analysed: Athlete, stranger: Athlete) -> None:
    own = (await stranger("POST", "/v1/exercises", {"name": "Mine"})).json()["id"]
    assert (await stranger("GET", f"{HOME}/exercises/{own}")).status_code == 200
    assert (await analysed("GET", f"{HOME}/exercises/{own}")).status_code == 404


async def test_an_exercises_page_says_what_was_done_with_it(analysed: Athlete) -> None:
    page = (await analysed("GET", f"{HOME}/exercises/{BENCH_PRESS}")).json()["document"]
    assert (page["exercise"], page["series"]["top_load_kg"]) == ("Bench Press (Barbell)", [80.0, 90.0])
    assert page["trend_reason"]["code"] == "too_few_sessions"


async def test_a_muscle_never_trained_and_without_a_range_is_null_and_an_unknown_one_is_not_found(
    analysed: Athlete,
) -> None:
    assert (await analysed("GET", f"{HOME}/muscles/cardio")).json()["document"] is None
    assert (await analysed("GET", f"{HOME}/muscles/calves")).json()["document"]["range"]["high_sets"] == 6
    assert (await analysed("GET", f"{HOME}/muscles/soul")).status_code == 404


async def test_any_two_periods_are_compared(analysed: Athlete) -> None:
    found = (await analysed("GET", COMPARISON)).json()["document"]
    assert (found["period"]["sets"], found["against"]["sets"], found["sets"]["percent"]) == (2, 1, 100.0)
    assert (found["tonnage"]["difference"], found["sessions"]["difference"]) == (950.0, 0)


@pytest.mark.parametrize(
    "query",
    [
        "first=2026-01-12&last=2026-01-11&against_first=2026-01-05&against_last=2026-01-11",
        "first=2026-01-12&last=2026-01-18&against_first=2026-01-05&against_last=2026-01-04",
        "first=2026-01-12&last=2026-01-18&against_first=2026-01-05",
        "first=soon&last=2026-01-18&against_first=2026-01-05&against_last=2026-01-11",
    ],
)
async def test_what_is_no_period_is_refused(analysed: Athlete, query: str) -> None:
    assert (await analysed("GET", f"{HOME}/comparison?{query}")).status_code == 400


async def test_the_document_of_any_step_is_read_by_its_name(analysed: Athlete, held: Resources) -> None:
    await stored(held, analysed, "added", b'{"mine":  1}')
    answer = await analysed("GET", "/v1/athletes/me/documents/added")
    assert answer.content.endswith(b'"document":{"mine":  1}}')
    again = await analysed("GET", "/v1/athletes/me/documents/added", if_none_match=answer.headers["etag"])
    assert again.status_code == 304
    assert (await analysed("GET", "/v1/athletes/me/documents/no-such")).status_code == 404
    assert (await analysed("GET", "/v1/athletes/me/documents/%00")).status_code == 404
