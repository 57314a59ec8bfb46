"""Names of exercises are the athletes' own words: none of them can be made to say what the facts do not."""

import pytest
from msgspec import structs

from analytics.narrative import names, narrator, vocabulary
from analytics.narrative.mentions import Kind, mentions
from analytics.narrative.summary import narrated
from analytics.narrative.verifier import findings
from models.domain.insights import Fact
from tests.analytics.narrative.samples import BENCH, FACTS, SQUAT

ADVERSARIAL = ("*", "Up", "100 kg", "rose 80%", "You", "a", "-", "tonnage", "Tonnage rose 12%", "4 sessions")


def renamed(exercise: str, of: str = BENCH) -> tuple[Fact, ...]:
    """The facts, those of one lift under another name."""
    return tuple(structs.replace(one, subject=exercise) if one.subject == of else one for one in FACTS)


@pytest.mark.parametrize("name", ADVERSARIAL)
def test_a_name_that_could_be_a_claim_is_a_name_in_quotation_marks_only(name: str) -> None:
    facts = renamed(name)
    assert names.spoken(name) == f'"{name}"'
    assert findings(f'"{name}" stood at an e1RM of 102.5 kg.', facts) == ()
    assert findings(f"{name} stood at an e1RM of 102.5 kg.", facts) != ()


@pytest.mark.parametrize("name", ADVERSARIAL)
def test_no_name_makes_a_false_sentence_true(name: str) -> None:
    facts = renamed(name)
    said = ("Your tonnage rose 80%.", "Your squat fell 2%.", "You moved 100 kg.", "You completed 5 sessions.")
    assert all(findings(text, facts) for text in said)


def test_a_word_of_direction_stays_one_when_an_exercise_has_its_name() -> None:
    assert findings("Your form is Up.", renamed("Up")) != ()
    assert findings("Your form rose 80%.", renamed("rose 80%")) != ()


@pytest.mark.parametrize("name", ['"', "“", "\u202e", "a\nb", "\ue000", " "])
def test_a_name_that_no_text_can_hold_is_left_out(name: str) -> None:
    facts = tuple(structs.replace(one, subject=name) if one.subject else one for one in FACTS)
    assert names.spoken(name) is None
    assert findings(narrated(facts), facts) == ()


@pytest.mark.parametrize("name", ["Squat (Barbell)", "Pull Up", "Good Morning", "Dip (Assisted)", "Single Leg Curl"])
def test_an_exercise_as_all_call_it_needs_no_quotation_marks(name: str) -> None:
    facts = renamed(name, of=SQUAT)
    assert names.spoken(name) == name
    assert findings(narrator.narrate(facts), facts) == ()


def test_the_longest_name_is_meant() -> None:
    facts = (
        *FACTS,
        *(one for one in renamed("Front Squat (Barbell)", of=SQUAT) if one.subject == "Front Squat (Barbell)"),
    )
    other = tuple(
        structs.replace(one, value=99.5) if (one.subject, one.kind) == ("Front Squat (Barbell)", "e1rm.week") else one
        for one in facts
    )
    assert findings("The front squat stood at an e1RM of 99.5 kg.", other) == ()
    assert findings("The squat stood at an e1RM of 99.5 kg.", other) != ()


def test_a_short_name_that_means_two_exercises_means_none() -> None:
    facts = (*FACTS, *(one for one in renamed("Squat (Smith Machine)", of=SQUAT) if one.subject.endswith("Machine)")))
    assert findings("Squat (Barbell) stood at an e1RM of 150.5 kg.", facts) == ()
    assert findings("The squat stood at an e1RM of 150.5 kg.", facts) != ()


@pytest.mark.parametrize("word", sorted(vocabulary.EXERCISE_WORDS))
def test_no_word_that_means_something_in_a_text_is_a_plain_name(word: str) -> None:
    means_something = all(mention.kind is not Kind.REFUSED for mention in mentions(word, ()))
    assert not (means_something and names.is_plain(word))
