"""The catalogue: fixed ids, unambiguous names, sane shares, and names resolved exactly or not at all."""

from collections import defaultdict
from itertools import pairwise

import pytest

from models.domain import catalogue
from models.domain.bounds import FIRST_CUSTOM_EXERCISE_ID
from models.domain.catalogue import Language, LocalNames
from models.domain.exercises import Equipment, LoadMode, Pattern
from models.domain.receipts import Match

FIXED = {
    "squat-barbell": 100,
    "deadlift-barbell": 400,
    "bench-press-barbell": 1000,
    "overhead-press-barbell": 1300,
    "bent-over-row-barbell": 1600,
    "pull-up": 1900,
    "running": 7300,
}


def test_there_are_enough_exercises_of_every_pattern() -> None:
    exercises = catalogue.load().exercises
    assert len(exercises) >= 400
    assert {exercise.pattern for exercise in exercises} == set(Pattern)


def test_ids_and_slugs_are_unique_and_below_the_custom_ones() -> None:
    exercises = catalogue.load().exercises
    assert len({exercise.id for exercise in exercises}) == len({exercise.slug for exercise in exercises})
    assert all(first.id < second.id for first, second in pairwise(exercises))
    assert exercises[-1].id < FIRST_CUSTOM_EXERCISE_ID


def test_ids_never_change() -> None:
    ids = {exercise.slug: exercise.id for exercise in catalogue.load().exercises}
    assert {slug: ids[slug] for slug in FIXED} == FIXED


def test_no_two_exercises_claim_one_name_or_alias() -> None:
    owners: defaultdict[str, set[str]] = defaultdict(set)
    for exercise in catalogue.load().exercises:
        for spelling in catalogue.stated_spellings(exercise):
            owners[spelling].add(exercise.slug)
    assert {spelling: slugs for spelling, slugs in owners.items() if len(slugs) > 1} == {}


def test_no_alias_repeats_what_spelling_rules_already_forgive() -> None:
    for exercise in catalogue.load().exercises:
        spellings = list(catalogue.stated_spellings(exercise))
        assert len(spellings) == len(set(spellings)), exercise.name


def test_shares_are_direct_or_indirect_and_each_muscle_is_named_once() -> None:
    for exercise in catalogue.load().exercises:
        assert {target.share for target in exercise.muscles} <= {1.0, 0.5}, exercise.name
        assert len({target.muscle for target in exercise.muscles}) == len(exercise.muscles), exercise.name


def test_load_modes_fit_the_equipment() -> None:
    for exercise in catalogue.load().exercises:
        if exercise.load_mode in (LoadMode.BODYWEIGHT_PLUS, LoadMode.ASSISTED):
            assert exercise.bodyweight_fraction > 0, exercise.name
        if exercise.load_mode is LoadMode.BAND:
            assert exercise.equipment[0] is Equipment.BAND, exercise.name
        if exercise.implements == 2:
            free = {Equipment.DUMBBELL, Equipment.KETTLEBELL, Equipment.CABLE}
            assert exercise.equipment[0] in free, exercise.name


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Bench Press (Barbell)", "bench-press-barbell"),
        ("  barbell bench-press ", "bench-press-barbell"),
        ("Dumbell Shrugs", "shrug-dumbbell"),
        ("PUSH-UPS", "push-up"),
        ("Tricep Push Up Down", None),
        ("Knee Raise (Captain\u2019s Chair)", "knee-raise-captains-chair"),
        ("Press", None),
        ("", None),
        ("🏋️", None),
    ],
)
def test_a_name_resolves_exactly_or_not_at_all(name: str, slug: str | None) -> None:
    found = catalogue.load().resolve(name)
    assert slug == (found and found.slug)


def test_a_match_says_whether_it_was_the_name_or_an_alias() -> None:
    known = catalogue.load()
    assert [known.match(name) for name in ("squat (barbell)", "Back Squat", "Yoke Walk")] == [
        Match.EXACT,
        Match.ALIAS,
        Match.CUSTOM,
    ]


def test_the_digest_names_the_content() -> None:
    known = catalogue.load()
    digests = {catalogue.build(exercises).digest for exercises in (known.exercises, known.exercises[1:])}
    named = LocalNames(id=100, names={Language.GERMAN: ("Kniebeuge",)})
    assert len(digests | {known.digest, catalogue.build(known.exercises, (named,)).digest}) == 4
    assert catalogue.build(known.exercises[::-1], (named,)) == catalogue.build(known.exercises, (named,))
