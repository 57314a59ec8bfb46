"""The profile: everything in it is optional."""

import msgspec
import pytest

from models.domain import profile
from models.domain.field_profiles import Level
from models.domain.profile import ProfileDraft
from tests.factories import NOW


def test_nothing_stated_is_a_beginner() -> None:
    assert msgspec.convert({}, ProfileDraft).level is Level.BEGINNER


@pytest.mark.parametrize(("year", "expected"), [(2021, []), (2022, ["$.birth_year"])])
def test_a_birth_year_is_of_somebody_who_trains(year: int, expected: list[str]) -> None:
    faults = profile.faults(ProfileDraft(birth_year=year), NOW)
    assert [fault.path for fault in faults] == expected


@pytest.mark.parametrize(
    "body",
    [
        {"birth_year": 1899},
        {"sex": "x"},
        {"level": None},
        {"field_overrides": {"set.colour": "shown"}},
        {"field_overrides": {"set.exercise_id": "hidden"}},
        {"field_overrides": {"set.rpe": True}},
    ],
)
def test_what_is_not_known_is_refused(body: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(body, ProfileDraft)
