"""Search forgives spelling, order and abbreviations, and puts first what was meant."""

import time

import pytest

from models.domain import catalogue
from models.readers import exercise_search


def best(typed: str) -> list[str]:
    asked, known = exercise_search.query(typed), exercise_search.of_catalogue()
    ranked = {number: exercise_search.rank(asked, known[number]) for number in exercise_search.candidates(asked)}
    by_id = catalogue.load().by_id
    order = sorted((-score, by_id[number].name) for number, score in ranked.items() if score)
    return [name for _, name in order]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("benhc pres", "Bench Press (Barbell)"),
        ("squats", "Squat (Barbell)"),
        ("sqat", "Squat (Barbell)"),
        ("rdl", "Romanian Deadlift (Barbell)"),
        ("ohp", "Overhead Press (Barbell)"),
        ("db row", "Bent Over One Arm Row (Dumbbell)"),
        ("deadlfit", "Deadlift (Barbell)"),
        ("press bench", "Bench Press (Barbell)"),
        ("lat pul", "Lat Pulldown (Cable)"),
        ("tricep pushdwn", "Triceps Pushdown (Cable - Straight Bar)"),
        ("hip thurst", "Hip Thrust (Barbell)"),
        ("pull up", "Pull Up"),
        ("pullup", "Pull Up"),
        ("kniebeuge", "Squat (Barbell)"),
        ("卧推", "Bench Press (Barbell)"),
        ("press de banca", "Bench Press (Barbell)"),
    ],
)
def test_what_was_meant_comes_first(typed: str, first: str) -> None:
    assert best(typed)[0] == first


@pytest.mark.parametrize("typed", ["", "  ", "%", "🏋️", "no-such-thing", "qqqqq"])
def test_what_is_like_nothing_finds_nothing(typed: str) -> None:
    assert best(typed) == []


def test_every_word_must_be_answered() -> None:
    assert all("Squat" in name and "Kettlebell" in name for name in best("kettlebell squat"))


def test_an_exact_name_ranks_above_an_alias_and_an_alias_above_a_beginning() -> None:
    asked = exercise_search.query("squat")
    exact, alias, begins = [
        exercise_search.rank(asked, exercise_search.spellings(name, others))
        for name, others in (("Squat", ()), ("Knee Bend", ("Squat",)), ("Squat Jump", ()))
    ]
    assert 1000 == exact > alias > begins > 0


def test_an_exercise_of_the_athletes_own_is_found_by_words_the_catalogue_lacks() -> None:
    own = exercise_search.spellings("Yoke Walk")
    assert exercise_search.rank(exercise_search.query("yoek walk", [own]), own) > 0


def test_a_search_takes_less_than_ten_milliseconds() -> None:
    best("warm")
    typed = ["benhc pres", "curl", "incline dumbbell bench press", "squat barbell", "sentadilla"]
    started = time.process_time()
    for words in typed:
        best(words)
    assert (time.process_time() - started) / len(typed) < 0.010
