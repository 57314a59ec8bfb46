"""Names of exercises are matched where no other can be meant, and otherwise only suggested."""

import pytest

from models.domain import catalogue
from models.domain.receipts import Match
from models.readers.matching import THRESHOLD, Found, match


def found(name: str) -> Found:
    return match(name, catalogue.load())


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Incline Hummer Curl", "incline-hammer-curl-dumbbell"),
        ("Pullover (Barbbell)", "pullover-barbell"),
        ("Standing Dumbbell Hammer Curl", "hammer-curl-dumbbell"),
        ("27-Russian Twist", "russian-twist"),
        ("Plank 1:00", "plank"),
        ("Cable One Arm Tricep Extension", "single-arm-triceps-extension-cable"),
        ("Machine Calf Raise (Seated)", "seated-calf-raise-machine"),
        ("Legpress", "leg-press"),
        ("Slow Lat Pulldown", "lat-pulldown-cable"),
        ("Hip Trust", "hip-thrust-barbell"),
        ("Life Fitness Leg Press", "leg-press"),
        ("Custom Bench Press (Barbell)", "bench-press-barbell"),
        ("Seated Row (Oldtown)", "seated-row-cable"),
        ("Alzate Laterali con Manubri da Seduti", "seated-lateral-raise-dumbbell"),
        ("杠铃卧推", "bench-press-barbell"),
        ("上斜哑铃卧推", "incline-bench-press-dumbbell"),
    ],
)
def test_a_spelling_that_can_mean_only_one_exercise_is_similar(name: str, slug: str) -> None:
    item = found(name)
    assert item.match is Match.SIMILAR
    assert item.exercise is not None
    assert item.exercise.slug == slug
    assert item.score is not None
    assert THRESHOLD <= item.score <= 1


@pytest.mark.parametrize(
    "name",
    [
        "Machine Face Pull",
        "Decline Arnold Press",
        "Front Goblet Squat",
        "Incline Hip Thrust (Barbell)",
        "Kettlebell Bench Dip",
        "Smith Machine Pull Up",
        "Yoke Walk",
        "Log Carry",
        "Single Arm Deadlift (Barbell)",
        "Underhand Lateral Raise",
        "Cable Deadlift",
        "Half Squat",
        "1/2 Squat",
        "1/4 Squat (Barbell)",
        "Unassisted Pull Up",
        "Right Squat",
        "Hammer Strength Deadlift",
    ],
)
def test_a_word_that_makes_another_exercise_is_never_lost(name: str) -> None:
    item = found(name)
    assert (item.match, item.exercise) == (Match.CUSTOM, None)
    assert item.score is None or item.score < THRESHOLD


def test_what_is_not_matched_is_suggested_with_its_score() -> None:
    item = found("Arnold Press Bosu Ball")
    assert item.match is Match.CUSTOM
    assert item.suggestion is not None
    assert item.suggestion.slug == "arnold-press-dumbbell"
    assert item.score is not None


@pytest.mark.parametrize("name", ["", "🏋️", "90-90", "xyzzy", "\u4e00", "a" * 200])
def test_what_is_like_nothing_has_no_suggestion(name: str) -> None:
    assert found(name) == Found(match=Match.CUSTOM)


def test_the_athletes_own_exercise_comes_before_the_catalogues() -> None:
    own = {"squat": 10_001, "sled": 10_002}
    known = catalogue.load()
    assert match("Squats", known, own) == Found(match=Match.CUSTOM, own_id=10_001)
    assert match(" SLEDS", known, own).own_id == 10_002
    assert match("Bench Press", known, own).match is Match.ALIAS


def test_names_and_aliases_are_certain() -> None:
    for name, expected in (("Squat (Barbell)", Match.EXACT), ("Back Squats", Match.ALIAS)):
        item = found(name)
        assert (item.match, item.score, item.suggestion) == (expected, 1.0, None)


def test_every_spelling_of_the_catalogue_finds_its_own_exercise() -> None:
    for exercise in catalogue.load().exercises:
        for name in (exercise.name, *exercise.aliases):
            assert found(name).exercise is exercise, name
