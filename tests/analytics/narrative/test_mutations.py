"""Whatever is changed in a true text - a number, a unit, a direction, an exercise - makes it a refused one."""

import re

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec import structs

from analytics.narrative import narrator
from analytics.narrative.verifier import findings
from models.domain.insights import Fact
from tests.analytics.narrative.samples import BENCH, FACTS, SQUAT, fact

DAY = "2026-11-18"
LOAD_RECORD = (
    fact("load.record", SQUAT, 130, "kg", "up", DAY),
    fact("load.previous", SQUAT, 127.5, "kg", "up", DAY),
    fact("reps.record", SQUAT, 3, "reps", None, DAY),
)
UNITS = ("kg", "lb", "points", "reps", "sets", "hard sets", "sessions", "days", "weeks", "records", "%", "minutes")
DIRECTIONS = ("rose", "fell", "up", "down", "held steady", "unchanged", "doubled", "collapsed")
# A direction's mirror image: the same word, or another of the same meaning, is no mutation.
MEANS = {"rose": "up", "up": "up", "fell": "down", "down": "down", "held steady": "same", "unchanged": "same"}
NUMBER = re.compile(r"(?<![\w-])-?\d[\d,]*(?:\.\d+)?")
UNIT = re.compile(rf"(?<=\d )(?:{'|'.join(sorted(UNITS[:-1], key=len, reverse=True))})s?\b|%")
DIRECTION = re.compile(rf"\b(?:{'|'.join(DIRECTIONS)})\b")
EXERCISE = re.compile("|".join(map(re.escape, (SQUAT, BENCH))))
PATTERNS = {"number": NUMBER, "unit": UNIT, "direction": DIRECTION, "exercise": EXERCISE}


@st.composite
def true_texts(draw: st.DrawFn) -> tuple[str, tuple[Fact, ...]]:
    """A narrator's text of facts whose values all differ, each direction and kind of record among them."""
    facts = [one for one in FACTS if one.kind not in {"e1rm.record", "e1rm.previous"}]
    if draw(st.booleans()):
        facts += LOAD_RECORD
    else:
        facts += [one for one in FACTS if one.kind in {"e1rm.record", "e1rm.previous"}]
    directions = {kind: draw(st.sampled_from(["up", "down", "same"])) for kind in ("tonnage.change", "e1rm.change")}
    made = [structs.replace(one, direction=directions.get(one.kind, one.direction)) for one in facts]
    made = [structs.replace(one, value=0) if one.direction == "same" else one for one in made]
    return narrator.narrate(made), tuple(made)


@settings(max_examples=300, deadline=None)
@given(true_texts(), st.sampled_from(sorted(PATTERNS)), st.data())
def test_a_mutation_is_always_refused(true: tuple[str, tuple[Fact, ...]], kind: str, data: st.DataObject) -> None:
    text, facts = true
    assert findings(text, facts) == ()
    places = list(PATTERNS[kind].finditer(text))
    assume(places)
    place = data.draw(st.sampled_from(places))
    instead = data.draw(_instead(kind, place.group()))
    assert findings(text[: place.start()] + instead + text[place.end() :], facts) != ()


def _instead(kind: str, said: str) -> st.SearchStrategy[str]:
    if kind == "number":
        value = float(said.replace(",", ""))
        others = st.integers(-99_999, 99_999).map(lambda n: n / 10)
        return others.filter(lambda other: other != value).map(lambda other: f"{other:,g}")
    if kind == "unit":
        return st.sampled_from(UNITS).filter(lambda unit: unit.removesuffix("s") != said.removesuffix("s"))
    if kind == "direction":
        return st.sampled_from(DIRECTIONS).filter(lambda word: MEANS.get(word) != MEANS[said])
    return st.sampled_from([SQUAT, BENCH, "Deadlift (Barbell)", "Front Squat"]).filter(lambda name: name != said)
