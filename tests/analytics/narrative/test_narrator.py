"""The narrator: short, correct English, and nothing that the verifier would refuse."""

import re
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.narrative import figures, narrator
from analytics.narrative.facts import facts_of
from analytics.narrative.summary import narrated
from analytics.narrative.verifier import findings
from analytics.progress import ProgressParams, progress_v3
from analytics.recommend import RecommendParams, recommend_v3
from analytics.training import training_of
from models.domain.insights import (
    E1rmDocument,
    Fact,
    ProgressDocument,
    RecommendationsDocument,
    RecordsDocument,
)
from tests.analytics.histories import AWorkout, history, progressing
from tests.analytics.narrative.samples import FACTS, fact

PLAIN_NAMES = (
    "Squat (Barbell)",
    "Bench Press (Barbell)",
    "Pull Up",
    "21s Curl",
    "Good Morning",
    "Développé couché",
    "深蹲",
)
ODD_NAMES = (
    "Up 5 kg",
    "e1RM",
    "4",
    "record",
    "100%",
    "Row, rose 3%",
    "week",
    "a",
    "You",
    "-",
    "No. 7 (new)",
    "half squat",
)


@st.composite
def random_facts(draw: st.DrawFn, names: tuple[str, ...]) -> tuple[Fact, ...]:
    """The facts of a random week, in the shapes that `facts_of` makes."""
    start = draw(st.dates(date(2001, 1, 1), date(2100, 1, 1)).map(lambda day: day - timedelta(days=day.weekday())))
    on, week = (start + timedelta(days=draw(st.integers(0, 6)))).isoformat(), figures.iso_week(start)
    whole, tenths = st.integers(1, 99_999), st.integers(1, 9_999).map(lambda n: n / 10)
    lift, other = draw(st.permutations(names).map(lambda mixed: mixed[:2]))
    facts = [
        fact("date.week", "", None, "date", period=start.isoformat()),
        fact("sessions.week", "", draw(st.integers(1, 20)), "sessions", period=week),
        fact("hard_sets.week", "", draw(st.integers(0, 300)), "hard sets", period=week),
        fact("window.weeks", "", 4, "weeks", period=week),
        fact("tonnage.week", "", draw(whole), "kg", period=week),
        *draw(_changed("tonnage", "", whole, week)),
    ]
    if draw(st.booleans()):
        metric = draw(st.sampled_from(["e1rm", "load", "set_volume", "exercise_volume"]))
        previous = draw(tenths)
        facts += [
            fact("records.week", "", draw(st.integers(1, 50)), "records", period=week),
            fact(f"{metric}.record", lift, round(previous + draw(tenths), 1), "kg", "up", period=on),
            fact(f"{metric}.previous", lift, previous, "kg", "up", period=on),
            fact("reps.record", lift, draw(st.integers(1, 12)), "reps", period=on),
        ]
    facts += [fact("e1rm.week", other, draw(tenths), "kg", period=week), *draw(_changed("e1rm", other, tenths, week))]
    facts.append(fact("form.today", "", draw(st.integers(-2000, 2000)) / 10, "points", period=on))
    low = draw(tenths)
    facts += [
        fact("load.next", lift, draw(tenths), "kg", period="next"),
        fact("reps.next", lift, draw(st.integers(1, 12)), "reps", period="next"),
        fact("e1rm.low", lift, low, "kg", period="next"),
        fact("e1rm.high", lift, round(low + draw(tenths), 1), "kg", period="next"),
        fact("interval.coverage", "", 80, "%", period="next"),
    ]
    return tuple(facts)


@st.composite
def _changed(draw: st.DrawFn, metric: str, subject: str, values: Any, week: str) -> list[Fact]:
    if draw(st.booleans()):
        return []
    percent = draw(st.integers(-300, 300)) / 10
    direction = "same" if percent == 0 else "up" if percent > 0 else "down"
    change = fact(f"{metric}.change", subject, abs(percent), "%", direction, week)
    return (
        [change] if metric == "e1rm" else [fact(f"{metric}.before", subject, draw(values), "kg", period=week), change]
    )


@settings(max_examples=100, deadline=None)
@given(random_facts(PLAIN_NAMES))
def test_its_text_is_always_verified(facts: tuple[Fact, ...]) -> None:
    text = narrator.narrate(facts)
    assert findings(text, facts) == ()
    assert 4 <= len(list(narrator.sentences(facts))) <= 6
    assert not re.search(r"\b1 (?:\w+ )?(?:sessions|sets|reps|records|weeks)\b", text)


@settings(max_examples=100, deadline=None)
@given(random_facts(ODD_NAMES))
def test_whatever_an_exercise_is_called_what_is_published_is_verified(facts: tuple[Fact, ...]) -> None:
    assert findings(narrated(facts), facts) == ()


def test_the_week_reads_like_this() -> None:
    assert narrator.narrate(FACTS) == (
        "In the week of 16 November 2026 you completed 4 sessions with 62 hard sets and a tonnage of 31,240 kg."
        " Your tonnage rose 12% against a mean of 27,893 kg in the 4 weeks before."
        " You set 3 records, among them Squat (Barbell) with a record e1RM of 150.5 kg, up from 147.5 kg."
        " Bench Press (Barbell) stood at an e1RM of 102.5 kg, down 1.2% on the 4 weeks before."
        " Your form stands at -12.3 points on 20 November 2026."
        " Next for Squat (Barbell): 120 kg for 5 reps, with an 80% interval for the e1RM from 138 to 156 kg."
    )


def test_no_workouts_and_one_workout_are_told_too() -> None:
    assert narrator.narrate(()) == narrator.NOTHING_YET
    facts = the_facts(AWorkout())
    assert "1 session with 1 hard set and a tonnage of 500 kg." in narrator.narrate(facts)
    assert findings(narrator.narrate(facts), facts) == ()


def test_the_facts_of_a_lifter_make_a_full_text() -> None:
    facts = the_facts(*progressing(60))
    kinds = {one.kind for one in facts}
    assert {"tonnage.change", "e1rm.week", "form.today", "load.next", "interval.coverage"} <= kinds
    assert len({one.id for one in facts}) == len(facts)
    assert findings(narrator.narrate(facts), facts) == ()


def test_a_long_absence_is_a_fact_and_stale_advice_is_none() -> None:
    last = history(*progressing(60)).as_of
    kinds = {one.kind for one in the_facts(*progressing(60), as_of=last + timedelta(days=400))}
    assert "away.days" in kinds
    assert not kinds & {"form.today", "load.next", "reps.next"}


def the_facts(*workouts: AWorkout, as_of: date | None = None) -> tuple[Fact, ...]:
    given_history = history(*workouts, as_of=as_of)
    made = progress_v3(training_of(given_history), ProgressParams()) | recommend_v3(
        training_of(given_history), RecommendParams()
    )
    progress, e1rm, records, advice = (made[name] for name in ("progress", "e1rm", "records", "recommendations"))
    assert isinstance(progress, ProgressDocument)
    assert isinstance(e1rm, E1rmDocument)
    assert isinstance(records, RecordsDocument)
    assert isinstance(advice, RecommendationsDocument)
    return facts_of(progress, e1rm, records, advice)
