"""Bounded scalars: every limit of the product, stated once and enforced wherever a value is decoded."""

from typing import Annotated

from msgspec import Meta

# Text: PostgreSQL's text type cannot hold NUL, so the types refuse it at the door.
_NO_NUL = "^[^\\x00]*$"
Title = Annotated[str, Meta(min_length=1, max_length=200, pattern=_NO_NUL)]
Note = Annotated[str, Meta(min_length=1, max_length=10_000, pattern=_NO_NUL)]
TimeZoneName = Annotated[str, Meta(min_length=1, max_length=64, pattern=_NO_NUL)]

ExerciseId = Annotated[int, Meta(ge=1, le=2_147_483_647)]
Reps = Annotated[int, Meta(ge=0, le=10_000)]
MassValue = Annotated[float, Meta(ge=0, le=5_000)]
Bodyweight = Annotated[float, Meta(gt=0, le=5_000)]
Rpe = Annotated[float, Meta(ge=0, le=10)]
Rir = Annotated[float, Meta(ge=0, le=30)]
DurationSeconds = Annotated[float, Meta(ge=0, le=604_800)]
DistanceMetres = Annotated[float, Meta(ge=0, le=1_000_000)]
RestSeconds = Annotated[int, Meta(ge=0, le=86_400)]
GroupNumber = Annotated[int, Meta(ge=1, le=1_000)]

MAX_LOAD_G = 1_200_000
MIN_BODYWEIGHT_G, MAX_BODYWEIGHT_G = 1_000, 650_000
MAX_SETS = 500
FIRST_CUSTOM_EXERCISE_ID = 10_000
