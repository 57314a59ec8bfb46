"""Finding exercises by what somebody types: any order, half a word, a slip of the finger, gym speech."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache

from msgspec import Struct
from rapidfuzz import process
from rapidfuzz.distance import OSA

from models.domain import catalogue
from models.domain.catalogue import normalise
from models.readers import exercise_words

EXACT = 1000
BEGINS = 900
WORDS = 800
LEAST_LIKE = 0.7
SHORTEST_SLIP = 4
# A word that is only the beginning of one of the name counts nearly as much as the whole.
PART = 0.95
# Between names that answer equally well, the one with fewer words besides comes first.
FEWER_WORDS = 40
ALIAS = 5


class Spelling(Struct, frozen=True, kw_only=True):
    """A name or alias that can be found; `cost` is what an alias ranks below a name."""

    text: str
    words: frozenset[str]
    cost: int


class Query(Struct, frozen=True, kw_only=True):
    """What was typed, and how well each known word answers each word of it."""

    text: str
    words: tuple[str, ...]
    likes: tuple[dict[str, float], ...]


def spellings(name: str, others: Iterable[str] = ()) -> tuple[Spelling, ...]:
    """What an exercise can be found by."""
    found = dict.fromkeys(normalise(other) for other in (name, *others))
    return tuple(
        Spelling(text=text, words=_words(text), cost=0 if at == 0 else ALIAS) for at, text in enumerate(found) if text
    )


@cache
def of_catalogue() -> dict[int, tuple[Spelling, ...]]:
    """The spellings of every exercise of the packaged catalogue, by id, prepared once."""
    known = catalogue.load()
    return {
        exercise.id: spellings(exercise.name, (*exercise.aliases, *known.local_names.get(exercise.id, ())))
        for exercise in known.exercises
    }


def query(typed: str, own: Iterable[tuple[Spelling, ...]] = ()) -> Query:
    """A query over the catalogue's words and those of the athlete's own exercises."""
    text = normalise(typed)
    vocabulary = _vocabulary().union(*(spelling.words for group in own for spelling in group))
    words = tuple(dict.fromkeys(text.split()))
    return Query(text=text, words=words, likes=tuple(_likes(word, vocabulary) for word in words))


def candidates(asked: Query) -> frozenset[int]:
    """The ids of the catalogue's exercises that have a word for each word of the query."""
    by_word = _by_word()
    answers = [frozenset[int]().union(*(by_word.get(word, ()) for word in likes)) for likes in asked.likes]
    return frozenset[int].intersection(*answers) if answers else frozenset()


def rank(asked: Query, known: tuple[Spelling, ...]) -> int:
    """How well an exercise answers, from 1 to 1000; 0 if it does not."""
    return max((_rank(asked, spelling) for spelling in known), default=0) if asked.words else 0


def _rank(asked: Query, spelling: Spelling) -> int:
    if asked.text == spelling.text:
        return EXACT - spelling.cost
    answered = 1.0
    for likes in asked.likes:
        best = max((likes[word] for word in spelling.words if word in likes), default=0.0)
        if not best:
            return 0
        answered *= best
    besides = min(len(spelling.words) - len(asked.words), 5)
    begins = spelling.text.startswith(asked.text)
    return max(1, round((BEGINS if begins else WORDS) * answered) - FEWER_WORDS * max(besides, 0) // 5 - spelling.cost)


def _likes(word: str, vocabulary: frozenset[str]) -> dict[str, float]:
    """Each known word that this one is, begins or misspells, and how near it comes."""
    likes = {known: PART for known in vocabulary if known.startswith(word)}
    if len(word) >= SHORTEST_SLIP and not word.isdigit():
        near = process.extract(word, vocabulary, scorer=OSA.normalized_similarity, score_cutoff=LEAST_LIKE, limit=20)
        likes |= {known: max(score**2, likes.get(known, 0.0)) for known, score, _ in near}
    return likes | ({word: 1.0} if word in vocabulary else {})


def _words(text: str) -> frozenset[str]:
    """The words as they are spelled and as they are meant: `rdl` and `romanian deadlift` find each other."""
    said = exercise_words.read(text)
    return frozenset((*text.split(), *said.words, *(kind.value.split("_")[0] for kind in said.equipment)))


@cache
def _by_word() -> dict[str, frozenset[int]]:
    ids: defaultdict[str, set[int]] = defaultdict(set)
    for exercise_id, group in of_catalogue().items():
        for word in frozenset[str]().union(*(spelling.words for spelling in group)):
            ids[word].add(exercise_id)
    return {word: frozenset(group) for word, group in ids.items()}


@cache
def _vocabulary() -> frozenset[str]:
    return frozenset(_by_word())
