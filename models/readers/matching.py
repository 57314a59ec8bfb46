"""From a file's name of an exercise to the catalogue's: exactly, by alias, or so nearly that no other is meant.

A wrong match is worse than an exercise of the athlete's own. So a name is similar only where every word agrees: those
that differ must be misspellings of no word of their own, or of the few that make no other exercise; equipment that the
name states must be the exercise's. `incline`, `single arm` or `cable` are never lost. See `exercise_words`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

from msgspec import Struct
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from models.domain.catalogue import Catalogue, normalise
from models.domain.exercises import CatalogueExercise, Equipment, Pattern
from models.domain.receipts import Match
from models.readers import exercise_words
from models.readers.exercise_words import EMPTY, MAKES, OPTIONAL, SIDES, Words

THRESHOLD = 0.85
NEAR = 0.6
LEFT_OUT = 0.95
TAIL_LEFT_OUT = 0.9
FEWEST_BEFORE_TAIL = 2
IMPLIED = 0.88
MOST_LEFT_OUT = 2
SHORTEST_CORRECTED = 4
LONG_WORD = 8
REMEMBERED = 10_000
# A curl or an extension with the EZ bar is listed under the barbell where it has no entry of its own.
BAR_WORK = (Pattern.ELBOW_FLEXION, Pattern.ELBOW_EXTENSION)
FREE_STANDING = frozenset(
    {Equipment.BARBELL, Equipment.EZ_BAR, Equipment.DUMBBELL, Equipment.KETTLEBELL, Equipment.CABLE, Equipment.BAND}
)
MACHINES = frozenset({Equipment.MACHINE, Equipment.CABLE, Equipment.SMITH_MACHINE, Equipment.CARDIO_MACHINE})

Entries = tuple[tuple[CatalogueExercise, frozenset[Equipment]], ...]


class Found(Struct, frozen=True, kw_only=True):
    """What a name was found to be: an exercise of the catalogue, or one of the athlete's own (`own_id` if it exists).

    `score` is 1 for a name or alias, and at least THRESHOLD for a similar one; for a custom exercise it belongs to
    `suggestion`, the nearest of the catalogue, and is below THRESHOLD.
    """

    match: Match
    exercise: CatalogueExercise | None = None
    score: float | None = None
    suggestion: CatalogueExercise | None = None
    own_id: int | None = None


def match(name: str, known: Catalogue, own: Mapping[str, int] | None = None) -> Found:
    """The exercise of this name; `own` are the athlete's, by normal name, and come before the catalogue's."""
    if own and (own_id := own.get(normalise(name))) is not None:
        return Found(match=Match.CUSTOM, own_id=own_id)
    if known.digest not in _MATCHERS:
        _MATCHERS[known.digest] = Matcher(known)
    return _MATCHERS[known.digest].match(name)


class Matcher:
    """A catalogue's spellings by their words, and what names were found to be."""

    def __init__(self, known: Catalogue) -> None:
        self._known = known
        self._found: dict[str, Found] = {}
        self._meanings: dict[str, tuple[str, float]] = {}
        self._joined = {spelling.replace(" ", ""): exercise for spelling, exercise in known.by_name.items()}
        self._by_words = _by_words(known)
        self._vocabulary = exercise_words.surface().union(*(spelling.split() for spelling in known.by_name))
        self._by_initial = _by_initial(self._vocabulary - EMPTY)

    def match(self, name: str) -> Found:
        """The catalogue's exercise of this name, if it means one."""
        if name not in self._found:
            if len(self._found) >= REMEMBERED:
                self._found.clear()
            self._found[name] = self._find(name)
        return self._found[name]

    def _find(self, name: str) -> Found:
        if exercise := self._known.resolve(name):
            return Found(match=self._known.match(name), exercise=exercise, score=1.0)
        spelling = normalise(name)
        best, score = self._similar(spelling)
        if best is not None and score >= THRESHOLD:
            return Found(match=Match.SIMILAR, exercise=best, score=round(score, 3))
        suggestion, near = self._nearest(spelling)
        return Found(match=Match.CUSTOM, suggestion=suggestion, score=near)

    def _similar(self, spelling: str) -> tuple[CatalogueExercise | None, float]:
        """The only exercise that the spelling can mean, and how sure that is."""
        if exercise := self._joined.get(spelling.replace(" ", "")):
            return exercise, 1.0
        corrected, certainty = self._corrected(spelling)
        for text, sure in self._without_tail(corrected):
            exercise, score = self._agreeing(exercise_words.read(text))
            if exercise is not None:
                return exercise, score * certainty * sure
        return None, 0.0

    def _agreeing(self, said: Words) -> tuple[CatalogueExercise | None, float]:
        """The only exercise of these words, or of them without the ones that make no other exercise."""
        for fewer, cost in _left_out(said):
            if len(fewer) == 1 and not said.equipment and not self._known.resolve(*fewer):
                continue
            entries = _fitting(said.words - fewer, self._by_words.get(fewer, ()))
            found = [(item, cost * sure) for item, sure in _of_equipment(said, entries)]
            if len({item.id for item, _ in found}) == 1:
                return max(found, key=lambda pair: pair[1])
            if found:
                break
        return None, 0.0

    def _without_tail(self, spelling: str) -> Iterator[tuple[str, float]]:
        """The spelling, then without last words that mean nothing here: the make of a machine, a place, a remark."""
        yield spelling, 1.0
        words = spelling.split()
        known = len(words)
        while known and words[known - 1].isalnum() and words[known - 1] not in self._vocabulary:
            known -= 1
        if FEWEST_BEFORE_TAIL <= known < len(words):
            yield " ".join(words[:known]), TAIL_LEFT_OUT

    def _corrected(self, spelling: str) -> tuple[str, float]:
        """The spelling with unknown words replaced by the one known word that they misspell."""
        words, certainty = spelling.split(), 1.0
        for at, word in enumerate(words):
            if len(word) >= SHORTEST_CORRECTED and word.isalpha() and word not in self._vocabulary:
                meant, similarity = self._meant(word)
                words[at], certainty = meant, certainty * (1 + similarity) / 2
        return " ".join(words), certainty

    def _meant(self, word: str) -> tuple[str, float]:
        """The known word within one slip of this one (two in a long word) if there is only one so near.

        Nobody mistypes a first letter, and `unassisted` is no slip of `assisted`.
        """
        slips = 1 if len(word) < LONG_WORD else 2
        known = self._by_initial.get(word[0], ())
        near = process.extract(word, known, scorer=OSA.distance, score_cutoff=slips, limit=2)
        if not near or (len(near) > 1 and near[0][1] == near[1][1]):
            return word, 1.0
        return near[0][0], OSA.normalized_similarity(word, near[0][0])

    def _nearest(self, spelling: str) -> tuple[CatalogueExercise | None, float | None]:
        """The catalogue's nearest spelling, to be suggested and no more."""
        spellings = self._known.by_name.keys()
        near = process.extractOne(spelling, spellings, scorer=fuzz.token_sort_ratio, score_cutoff=NEAR * 100)
        if near is None:
            return None, None
        return self._known.by_name[near[0]], round(min(near[1] / 100, THRESHOLD - 0.01), 3)


_MATCHERS: dict[str, Matcher] = {}


def _by_words(known: Catalogue) -> Mapping[frozenset[str], Entries]:
    """Each exercise with the equipment that a spelling of it states, by the spelling's other words."""
    entries: defaultdict[frozenset[str], list[tuple[CatalogueExercise, frozenset[Equipment]]]] = defaultdict(list)
    for spelling, exercise in known.by_name.items():
        said = exercise_words.read(spelling)
        entries[said.words].append((exercise, said.equipment))
    return {words: tuple(group) for words, group in entries.items() if words}


def _by_initial(vocabulary: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    words: defaultdict[str, list[str]] = defaultdict(list)
    for word in vocabulary:
        words[word[0]].append(word)
    return {letter: tuple(group) for letter, group in words.items()}


def _fitting(left_out: frozenset[str], entries: Entries) -> Entries:
    """Those of which the left-out words can be said: one stands with free weights, a rope hangs from a cable."""
    if "standing" in left_out:
        entries = tuple(entry for entry in entries if entry[0].equipment[0] in FREE_STANDING)
    if "rope" in left_out:
        entries = tuple(entry for entry in entries if Equipment.CABLE in entry[0].equipment)
    if left_out & MAKES:
        entries = tuple(entry for entry in entries if MACHINES.intersection(entry[0].equipment))
    if left_out & SIDES:
        entries = tuple(entry for entry in entries if entry[0].unilateral)
    return entries


def _of_equipment(said: Words, entries: Entries) -> Iterator[tuple[CatalogueExercise, float]]:
    """Exercises whose equipment is the one said; where none is said, those that are named without any."""
    if said.equipment:
        return _with_equipment(said, entries)
    if plain := [exercise for exercise, stated in entries if not stated]:
        return ((exercise, 1.0) for exercise in plain)
    return ((exercise, IMPLIED) for exercise, _ in entries)


def _with_equipment(said: Words, entries: Entries) -> Iterator[tuple[CatalogueExercise, float]]:
    same = [exercise for exercise, _ in entries if said.equipment.issubset(exercise.equipment)]
    if stated := [exercise for exercise, stated in entries if said.equipment == stated]:
        yield from ((exercise, 1.0) for exercise in stated)
    elif same:
        yield from ((exercise, 1.0) for exercise in same)
    elif said.equipment == frozenset((Equipment.EZ_BAR,)):
        barbell = [item for item, _ in entries if Equipment.BARBELL in item.equipment and item.pattern in BAR_WORK]
        yield from ((exercise, IMPLIED) for exercise in barbell)


def _left_out(said: Words) -> Iterator[tuple[frozenset[str], float]]:
    """The words, then without some that make no other exercise; the more are left out, the less sure.

    Numbers are counted as one: lists are numbered, times and weights noted.
    """
    optional = sorted(said.words & (OPTIONAL | MAKES))
    for words, cost in ((said.words, 1.0), (said.words - said.numbers, LEFT_OUT))[: 2 if said.numbers else 1]:
        for count in range(min(len(optional), MOST_LEFT_OUT) + 1):
            for left_out in combinations(optional, count):
                yield words - set(left_out), cost * LEFT_OUT**count
