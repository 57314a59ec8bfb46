"""Promise 3: what the facts say may be said in many ways; anything else is refused."""

import pytest
from msgspec import structs

from analytics.narrative import narrator
from analytics.narrative.verifier import findings
from models.domain.insights import Fact
from tests.analytics.narrative.samples import FACTS

TRUE = (
    "In the week of 16 November 2026 you completed 4 sessions with 62 hard sets and a tonnage of 31,240 kg.",
    "You trained four workouts and got sixty-two hard sets done.",
    "You moved 31240 kilograms, up 12 percent on the 4 weeks before.",
    "Your tonnage rose 12% against a mean of 27,893 kg in the 4 weeks before.",
    "Your tonnage rose 12% from 27,893 to 31,240 kg.",
    "Tonnage increased.",
    "You set 3 records!",
    "You set 3 records, among them Squat (Barbell) with a record e1RM of 150.5 kg, up from 147.5 kg.",
    "On November 18 your squat set a record e1RM of 150.5 kg.",
    "The squat climbed 2% while the bench press fell 1.2%.",
    "Your squat improved.",
    "Bench Press (Barbell) stood at an e1RM of 102.5 kg, down 1.2% on the 4 weeks before.",
    "Your form stands at -12.3 points on 20 November 2026.",
    "Next for Squat (Barbell): 120 kg for 5 reps, with an 80% interval for the e1RM from 138 to 156 kg.",
    "For the squat, load 120 kg x 5 next time.",
    "Well done, keep it up in the week ahead.",
)

FALSE = {
    "another number": "You completed 5 sessions with 62 hard sets.",
    "a number of another fact": "You completed 3 sessions.",
    "a digit more": "Your tonnage was 312,400 kg.",
    "a decimal off": "Squat (Barbell) stood at an e1RM of 150.6 kg.",
    "rounded": "Squat (Barbell) stood at an e1RM of 151 kg.",
    "rounded thousands": "You moved 31,000 kg.",
    "thousands in the continental way": "You moved 31.240 kg.",
    "thousands with a space": "You moved 31 240 kg.",
    "misplaced thousands": "You moved 3,1240 kg.",
    "abbreviated thousands": "You moved 31k kg.",
    "scientific": "You moved 3.124e4 kg.",
    "leading zero": "You completed 04 sessions.",
    "another unit": "Squat (Barbell) stood at an e1RM of 150.5 lb.",
    "tonnes": "You moved 31,240 tonnes.",
    "a foreign unit without a number": "All of it in pounds.",
    "sets for hard sets": "You completed 62 sets.",
    "reps for sets": "You completed 62 reps.",
    "no unit": "Your tonnage was 31,240.",
    "points for percent": "Your tonnage rose 12 points.",
    "percent for points": "Your form stands at -12.3%.",
    "percentage points": "Tonnage rose 12 percentage points.",
    "weeks for days": "That is more than in the 4 days before.",
    "direction turned": "Your tonnage fell 12%.",
    "direction turned by another word": "Your tonnage slipped by 12%.",
    "direction turned by an adverb": "Your tonnage was 12% lower.",
    "direction turned for a lift": "Bench Press (Barbell) rose 1.2%.",
    "direction without a number": "Your bench press improved.",
    "direction of nobody": "You got stronger.",
    "direction left out": "Your tonnage was 12% of the mean.",
    "direction borrowed": "The squat climbed 2% and the bench press 1.2%.",
    "held steady": "Your tonnage held steady.",
    "negated": "Your tonnage did not rise 12%.",
    "negated number": "You never completed 4 sessions.",
    "negated record": "You set no records.",
    "contracted negation": "The squat didn't reach 150.5 kg.",
    "swapped subjects": "Squat (Barbell) stood at 102.5 kg and Bench Press (Barbell) at 150.5 kg.",
    "swapped changes": "The squat fell 1.2% while the bench press climbed 2%.",
    "the athlete's number for a lift": "Squat (Barbell) moved 31,240 kg.",
    "a lift's number for the athlete": "You lifted 150.5 kg.",
    "an unknown lift": "Your deadlift stood at an e1RM of 150.5 kg.",
    "an unknown lift beside a known one": "Your squat and your deadlift stood at an e1RM of 150.5 kg.",
    "another metric": "Your squat load was 150.5 kg.",
    "e1RM for load": "The squat's e1RM is 120 kg.",
    "load for the interval": "Load the squat with 138 kg.",
    "form for tonnage": "Your form stands at 31,240 kg.",
    "past for present": "Your tonnage was 27,893 kg.",
    "present for past": "Your tonnage came from 31,240 kg.",
    "swapped ends": "Your tonnage rose 12% from 31,240 to 27,893 kg.",
    "record of another lift": "Bench Press (Barbell) set a record.",
    "record number of another lift": "Bench Press (Barbell) with a record e1RM of 102.5 kg.",
    "what is no record": "A squat record of 120 kg.",
    "personal best of another lift": "Your bench press was a personal best.",
    "PR of another lift": "The bench press got a PR.",
    "another count of records": "You set 4 records.",
    "number word": "You completed five sessions.",
    "number words with a scale": "You moved thirty-two thousand kg.",
    "compound number word": "You did sixty-three hard sets.",
    "sloppy number words": "You did twenty sixty-two hard sets.",
    "doubled": "Your tonnage doubled.",
    "tripled": "Your squat tripled.",
    "twice": "You moved twice the load.",
    "half": "Your tonnage was up by half.",
    "a third": "Your tonnage rose by a third.",
    "two thirds": "Two thirds of the sets were squats.",
    "a quarter": "A quarter of the work was bench press.",
    "a fraction": "You finished 4/5 sessions.",
    "a vulgar fraction": "You did 4½ sessions.",
    "a dozen": "You did a dozen hard sets.",
    "a couple": "You set a couple of records.",
    "tenfold": "Your squat grew tenfold.",
    "times": "The tonnage is 2x that of before.",
    "ordinal": "This was your 3rd session.",
    "ordinal word": "This was your second week.",
    "superlative": "Your heaviest week.",
    "all-time": "An all-time high.",
    "more than exact": "You completed more than 4 sessions.",
    "almost": "You moved almost 31,240 kg.",
    "at least": "You completed at least 4 sessions.",
    "about": "You moved about 31,240 kg.",
    "tilde": "You moved ~31,240 kg.",
    "sign lost": "Your form stands at 12.3 points.",
    "sign added": "You completed -4 sessions.",
    "another date": "In the week of 17 November 2026 you completed 4 sessions.",
    "another year": "In the week of 16 November 2025 you completed 4 sessions.",
    "another month": "In October you completed 4 sessions.",
    "another ISO date": "On 2026-11-19 the squat went well.",
    "another lift's date": "The bench press went well on 18 November.",
    "week number": "In week 47 you completed 4 sessions.",
    "Arabic digits": "You completed ٤ sessions.",
    "full-width digits": "You completed ５ sessions.",
    "mathematical digits": "You completed 𝟒 sessions.",
    "superscript": "You moved 10⁵ kg.",
    "Roman numeral sign": "You completed Ⅳ sessions.",
    "Chinese numeral": "You completed 四 sessions.",
    "invisible character": "You completed 4\u200b0 sessions.",
    "Cyrillic look-alike": "Your tonnage rоse 12%.",
    "letter for digit": "You completed 4O sessions.",
    "range": "You completed 4 to 6 sessions.",
    "range with a dash": "You completed 4-6 sessions.",
    "range of the interval": "The squat's interval is 138-160 kg.",
    "another coverage": "The squat has a 90% interval.",
    "list": "You did 62, 63 and 62 hard sets.",
    "a second sentence": "You completed 4 sessions. You moved 99 kg.",
    "after a true clause": "You completed 4 sessions, and 7 workouts were hard.",
    "time of day": "You trained at 18:30.",
    "the athlete's number for a lift named later": "You moved 31,240 kg of bench press.",
    "the athlete's sets for a lift": "You did 62 hard sets of squats.",
    "months": "It was a good month, the best of the year.",
    "empty": "   ",
}


@pytest.mark.parametrize("text", TRUE)
def test_what_the_facts_say_passes(text: str) -> None:
    assert findings(text, FACTS) == ()


@pytest.mark.parametrize("text", FALSE.values(), ids=FALSE.keys())
def test_what_no_fact_says_is_refused(text: str) -> None:
    assert findings(text, FACTS) != ()


def test_without_facts_no_number_passes() -> None:
    assert findings("You completed 4 sessions.", ()) != ()
    assert findings(narrator.NOTHING_YET, ()) == ()


def test_an_exercise_with_a_number_in_its_name_is_named_in_quotation_marks() -> None:
    facts = renamed("21s Curl (5 kg up)")
    assert findings('"21s Curl (5 kg up)" stood at an e1RM of 102.5 kg.', facts) == ()
    assert findings('"21s Curl (5 kg up)" stood at an e1RM of 21 kg.', facts) != ()
    assert findings("21s Curl (5 kg up) stood at an e1RM of 102.5 kg.", facts) != ()


def renamed(exercise: str) -> tuple[Fact, ...]:
    """The lifts' facts, all of one exercise."""
    return tuple(structs.replace(fact, subject=exercise) for fact in FACTS if fact.subject not in {"", "*"})
