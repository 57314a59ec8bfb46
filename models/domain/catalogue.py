"""The exercise catalogue: packaged data, and the way from a name, spelled as stated, to one of its exercises.

Bodyweight fractions: push-ups by Ebben 2011 (J Strength Cond Res 25(10)); the others are the mass of the segments
that move, by Winter 2009 (head, arms and trunk 0.68, a leg 0.16, a shank with its foot 0.06).
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache
from importlib import resources

import msgspec
from msgspec import Struct

from models.domain.bounds import Title
from models.domain.exercises import CatalogueExercise, CatalogueId
from models.domain.receipts import Match

_BLANKS = re.compile(r"[\W_]+")
_JOINED = re.compile(r"\b(push|pull|chin|sit|step|skull) (up|down|over|crusher)\b")
_SUFFIX = re.compile(r"(?P<rest>.+) \((?P<equipment>[^()]+)\)")
_WORDS = {
    "dumbell": "dumbbell",
    "dumbel": "dumbbell",
    "db": "dumbbell",
    "barbel": "barbell",
    "kb": "kettlebell",
    "flye": "fly",
    "flies": "fly",
    "tbar": "t bar",
    "ezbar": "ez bar",
}


class Language(StrEnum):
    """The languages in which common apps name exercises, English aside."""

    GERMAN = "de"
    FRENCH = "fr"
    SPANISH = "es"
    ITALIAN = "it"
    PORTUGUESE = "pt"
    TURKISH = "tr"
    CHINESE = "zh"


class LocalNames(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The names of one exercise in other languages."""

    id: CatalogueId
    names: dict[Language, tuple[Title, ...]]


class Catalogue(Struct, frozen=True, kw_only=True):
    """The exercises in the order of their ids; `digest` is the sha256 of the canonical bytes, other names included."""

    exercises: tuple[CatalogueExercise, ...]
    local_names: Mapping[int, tuple[str, ...]]
    digest: str
    by_id: Mapping[int, CatalogueExercise]
    by_name: Mapping[str, CatalogueExercise]

    def resolve(self, name: str) -> CatalogueExercise | None:
        """The exercise of exactly this name or alias, details of spelling aside; never a guess."""
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
    folder = resources.files("models").joinpath("data")
    return build(
        msgspec.json.decode(folder.joinpath("exercises.json").read_bytes(), type=tuple[CatalogueExercise, ...]),
        msgspec.json.decode(folder.joinpath("exercise_names.json").read_bytes(), type=tuple[LocalNames, ...]),
    )


def build(exercises: tuple[CatalogueExercise, ...], names: tuple[LocalNames, ...] = ()) -> Catalogue:
    """A catalogue of these exercises. A spelling that several claim belongs to the first; no name or alias may be."""
    ordered = tuple(sorted(exercises, key=lambda exercise: exercise.id))
    local_names = {item.id: tuple(name for group in item.names.values() for name in group) for item in names}
    by_name: dict[str, CatalogueExercise] = {}
    for spellings in (stated_spellings, turned_spellings):
        for exercise in ordered:
            for spelling in spellings(exercise):
                by_name.setdefault(spelling, exercise)
    for exercise in ordered:
        for name in local_names.get(exercise.id, ()):
            by_name.setdefault(normalise(name), exercise)
    return Catalogue(
        exercises=ordered,
        local_names=local_names,
        digest=hashlib.sha256(msgspec.json.encode((ordered, names), order="deterministic")).hexdigest(),
        by_id={exercise.id: exercise for exercise in ordered},
        by_name=by_name,
    )


def stated_spellings(exercise: CatalogueExercise) -> Iterator[str]:
    """Its name and aliases in their normal form."""
    return (normalise(name) for name in (exercise.name, *exercise.aliases))


def turned_spellings(exercise: CatalogueExercise) -> Iterator[str]:
    """`Bench Press (Barbell)` is also written `Barbell Bench Press`."""
    for name in (exercise.name, *exercise.aliases):
        if turned := _SUFFIX.fullmatch(name):
            yield normalise(f"{turned['equipment']} {turned['rest']}")


def normalise(name: str) -> str:
    """The name without case, accents, punctuation, plurals and usual misspellings.

    >>> normalise("Bench Press (Barbell)"), normalise(" bench  press - BARBEL ")
    ('bench press barbell', 'bench press barbell')
    >>> normalise("Push-Ups"), normalise("Triceps Pull Down"), normalise("Crunches")
    ('pushup', 'tricep pulldown', 'crunch')
    """
    plain = unicodedata.normalize("NFKD", name).casefold().replace("'", "").replace("\u2019", "")
    words = _BLANKS.sub(" ", "".join(mark for mark in plain if not unicodedata.combining(mark))).split()
    return _JOINED.sub(r"\1\2", " ".join(_word(word) for word in words))


def _word(word: str) -> str:
    single = word
    if word.endswith(("ches", "sses")):
        single = word[:-2]
    elif len(word) > 2 and word.endswith("s") and not word.endswith("ss"):
        single = word[:-1]
    return _WORDS.get(word, _WORDS.get(single, single))
