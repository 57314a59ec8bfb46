"""The exercise catalogue: packaged data, and the only way from a name to one of its exercises."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib import resources

import msgspec
from msgspec import Struct

from models.domain.exercises import CatalogueExercise
from models.domain.receipts import Match

_DATA = ("models", "data/exercises.json")
_SEPARATORS = re.compile(r"[^\w&+]+")


class Catalogue(Struct, frozen=True, kw_only=True):
    """The exercises in the order of their ids; `digest` is the sha256 of their canonical bytes."""

    exercises: tuple[CatalogueExercise, ...]
    digest: str
    by_id: Mapping[int, CatalogueExercise]
    by_name: Mapping[str, CatalogueExercise]

    def resolve(self, name: str) -> CatalogueExercise | None:
        """The exercise of exactly this name or alias, spelling details aside; never a guess."""
        return self.by_name.get(normalise(name))

    def match(self, name: str) -> Match:
        """How the name resolves: by the exercise's own name, by an alias, or not at all."""
        exercise = self.resolve(name)
        if exercise is None:
            return Match.CUSTOM
        return Match.EXACT if normalise(exercise.name) == normalise(name) else Match.ALIAS


@cache
def load() -> Catalogue:
    """The packaged catalogue, read and checked once."""
    package, path = _DATA
    exercises = msgspec.json.decode(
        resources.files(package).joinpath(path).read_bytes(), type=tuple[CatalogueExercise, ...]
    )
    return build(exercises)


def build(exercises: tuple[CatalogueExercise, ...]) -> Catalogue:
    """A catalogue of these exercises. Of two that claim one name the lower id has it; the data's test forbids such."""
    ordered = tuple(sorted(exercises, key=lambda exercise: exercise.id))
    by_name: dict[str, CatalogueExercise] = {}
    for exercise in ordered:
        for name in (exercise.name, *exercise.aliases):
            by_name.setdefault(normalise(name), exercise)
    return Catalogue(
        exercises=ordered,
        digest=hashlib.sha256(msgspec.json.encode(ordered, order="deterministic")).hexdigest(),
        by_id={exercise.id: exercise for exercise in ordered},
        by_name=by_name,
    )


def normalise(name: str) -> str:
    """The name without case, accents, punctuation and repeated blanks, so that only spelling details are forgiven.

    >>> normalise("Bench Press (Barbell)"), normalise(" bench  press - BARBELL ")
    ('bench press barbell', 'bench press barbell')
    """
    plain = unicodedata.normalize("NFKD", name).casefold()
    return _SEPARATORS.sub(" ", "".join(mark for mark in plain if not unicodedata.combining(mark))).strip()
