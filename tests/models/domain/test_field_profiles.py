"""Field profiles cover every field, and each level shows what the one before it shows."""

from itertools import pairwise

from msgspec import Struct

from models.domain import field_profiles
from models.domain.field_profiles import FIELDS, Exposure, Field, FieldProfile, Level, effective, may_use
from models.domain.sets import SetDraft, SetKind
from models.domain.workouts import WorkoutDraft

# What a workout cannot be without, what belongs to its value, and what has fields of its own here.
ALWAYS = {"exercise_id", "kind", "started_at", "time_zone", "sets"}


def optional(shape: type[Struct]) -> set[str]:
    return {name for name in shape.__struct_fields__ if name not in ALWAYS and not name.endswith("_unit")}


def shown(profile: FieldProfile) -> set[Field]:
    return {entry.field for entry in profile.fields if entry.shown}


def test_every_optional_field_and_every_kind_of_set_is_listed_once() -> None:
    expected = {f"set.{name}" for name in optional(SetDraft)} | {f"workout.{name}" for name in optional(WorkoutDraft)}
    expected |= {f"set.kind.{kind}" for kind in SetKind}
    listed = [field.value for field, _ in FIELDS]
    assert set(listed) == expected == {field.value for field in Field}
    assert len(listed) == len(set(listed))


def test_each_level_shows_more_than_the_one_before() -> None:
    levels = [shown(profile) for profile in field_profiles.profiles().profiles]
    assert all(before < after for before, after in pairwise(levels))
    assert levels[-1] == set(Field)


def test_an_override_wins_over_the_level_and_is_named() -> None:
    overrides = {Field.SET_TEMPO: Exposure.SHOWN, Field.SET_LOAD: Exposure.HIDDEN}
    by_field = {entry.field: entry for entry in effective(Level.BEGINNER, overrides).fields}
    assert (by_field[Field.SET_TEMPO].shown, by_field[Field.SET_TEMPO].why) == (True, "override")
    assert (by_field[Field.SET_LOAD].shown, by_field[Field.SET_LOAD].why) == (False, "override")
    assert (by_field[Field.SET_REPS].shown, by_field[Field.SET_REPS].why) == (True, "level")


def test_an_override_that_says_what_the_level_says_is_still_the_athletes_choice() -> None:
    entry = effective(Level.ADVANCED, {Field.SET_RPE: Exposure.SHOWN}).fields
    assert [exposure.why for exposure in entry if exposure.field is Field.SET_RPE] == ["override"]


def test_generation_uses_what_is_shown_and_nothing_else() -> None:
    for profile in field_profiles.profiles().profiles:
        assert {field for field in Field if may_use(profile, field)} == shown(profile)
    assert not may_use(effective(Level.ADVANCED, {Field.SET_RIR: Exposure.HIDDEN}), Field.SET_LOAD, Field.SET_RIR)
