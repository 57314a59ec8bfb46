"""The catalogue's data files: readable by people, one exercise a line, in the order of the ids, and consistent."""

import json
from collections.abc import Iterator
from importlib import resources
from typing import Any

import pytest

from models.domain import catalogue
from models.domain.catalogue import normalise
from models.domain.exercises import CatalogueExercise, Equipment, JointTag, Muscle, Pattern

FOLDER = resources.files("models").joinpath("data")
TEXTS = {name: FOLDER.joinpath(name).read_text(encoding="utf-8") for name in ("exercises.json", "exercise_names.json")}
NO_JOINT = {"Rotator Cuff Work", "Stretching", "Warm Up", "Foam Rolling", "Cool Down", "Stomach Vacuum"}


def direct(exercise: CatalogueExercise) -> set[Muscle]:
    """The muscles that it is for: those trained directly, or the first where none is."""
    trained = {target.muscle for target in exercise.muscles if target.share == 1}
    return trained or {exercise.muscles[0].muscle}


@pytest.mark.parametrize("name", TEXTS)
def test_each_exercise_has_a_line_of_its_own_in_the_order_of_the_ids(name: str) -> None:
    lines, entries = TEXTS[name].splitlines(), json.loads(TEXTS[name])
    assert (lines[0], lines[-1], len(lines)) == ("[", "]", len(entries) + 2)
    ids = [entry["id"] for entry in entries]
    assert ids == sorted(set(ids))


def test_there_are_more_than_four_hundred_exercises() -> None:
    assert len(catalogue.load().exercises) >= 400


def test_substitutions_exist_and_serve_the_same_purpose() -> None:
    known = catalogue.load()
    for exercise in known.exercises:
        others = [known.by_id[number] for number in exercise.substitutions]
        assert 3 <= len(others) <= 6, exercise.name
        assert len({other.id for other in others} - {exercise.id}) == len(others), exercise.name
        for other in others:
            assert other.pattern is exercise.pattern or direct(other) & direct(exercise), (exercise.name, other.name)


def test_exercises_name_the_joints_that_they_load() -> None:
    for exercise in catalogue.load().exercises:
        tags = exercise.joint_tags
        assert list(tags) == [tag for tag in JointTag if tag in tags], exercise.name
        if exercise.pattern not in (Pattern.OTHER, Pattern.CARDIO, Pattern.CORE) and exercise.name not in NO_JOINT:
            assert tags, exercise.name


@pytest.mark.parametrize(
    ("slug", "loaded", "spared"),
    [
        ("squat-barbell", {JointTag.KNEE, JointTag.SPINE_LOADING}, {JointTag.OVERHEAD}),
        ("leg-press", {JointTag.KNEE}, {JointTag.SPINE_LOADING, JointTag.LOWER_BACK}),
        ("overhead-press-barbell", {JointTag.OVERHEAD, JointTag.SHOULDER}, {JointTag.KNEE}),
        ("romanian-deadlift-barbell", {JointTag.LOWER_BACK}, {JointTag.KNEE, JointTag.SHOULDER}),
        ("hammer-curl-dumbbell", {JointTag.ELBOW}, {JointTag.WRIST}),
        ("hanging-leg-raise", {JointTag.OVERHEAD}, {JointTag.ANKLE}),
    ],
)
def test_well_known_exercises_load_what_they_are_known_to_load(
    slug: str, loaded: set[JointTag], spared: set[JointTag]
) -> None:
    tags = set({exercise.slug: exercise for exercise in catalogue.load().exercises}[slug].joint_tags)
    assert loaded <= tags
    assert not spared & tags


def local() -> Iterator[tuple[int, str]]:
    entries: list[dict[str, Any]] = json.loads(TEXTS["exercise_names.json"])
    for entry in entries:
        for names in entry["names"].values():
            yield from ((entry["id"], name) for name in names)


def test_names_in_other_languages_belong_to_exercises_and_are_not_claimed_twice() -> None:
    known, owners = catalogue.load(), dict[str, int]()
    for number, name in local():
        assert number in known.by_id
        assert owners.setdefault(normalise(name), number) == number, name
        assert known.resolve(name) is known.by_id[number], name


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Bankdrücken (Langhantel)", "bench-press-barbell"),
        ("Développé couché (Haltère)", "bench-press-dumbbell"),
        ("Sentadilla (Barra)", "squat-barbell"),
        ("Stacco Rumeno (Bilanciere)", "romanian-deadlift-barbell"),
        ("Supino Inclinado (Halteres)", "incline-bench-press-dumbbell"),
        ("Yana Açış (Dambıl)", "lateral-raise-dumbbell"),
        ("卧推（杠铃）", "bench-press-barbell"),
        ("引体向上", "pull-up"),
    ],
)
def test_common_exercises_are_known_in_seven_languages(name: str, slug: str) -> None:
    found = catalogue.load().resolve(name)
    assert found is not None
    assert found.slug == slug


def test_bands_and_bodyweight_are_equipment_of_what_says_so() -> None:
    for exercise in catalogue.load().exercises:
        if exercise.name.endswith(" (Band)"):
            assert Equipment.BAND in exercise.equipment, exercise.name
        if exercise.name.endswith(" (Kettlebell)"):
            assert exercise.equipment[0] is Equipment.KETTLEBELL, exercise.name
