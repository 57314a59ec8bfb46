"""The verifier (promise 3): refuses every number, unit, direction, date and record that the facts do not state.

It reads sentence by sentence and knows no other language than plain English. A number must be a fact's value exactly,
with its unit, for the subject and metric named last before it, and as what it is (now, or what it is compared with). A
direction word must agree with a fact cited in its clause. What it cannot place it refuses: a text refused too much
costs a retry, a wrong number costs trust.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date

from msgspec import Struct

from analytics.narrative import vocabulary as words
from analytics.narrative.facts import ANY, ATHLETE
from analytics.narrative.mentions import SUBJECT_BASE, Kind, Mention, mentions
from models.domain.insights import Fact

# Raised with every change of what the verifier accepts.
VERSION = 2

_REFERENCE_ROLES = {"previous", "before"}
_INTERVAL_ROLES = {"low", "high"}
_MEASURED = {"kg", "%", "points"}
_SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s+|\n+")
_IDIOMS = words.whole_words(words.IDIOMS)
_LIFT = words.whole_words(words.LIFTS)
_ALLOWED_MARKS = set("’‘“”–—−×…€°·≈≤≥±\n")
_MAX_SUBJECTS = 1000


class Cited(Struct, frozen=True):
    """A number of a sentence, and the facts that it may be."""

    mention: Mention
    clause: int
    facts: tuple[Fact, ...]


def findings(text: str, facts: Sequence[Fact]) -> tuple[str, ...]:
    """What the text says without a fact, one sentence a finding; empty where it may be published."""
    names = _names(facts)
    masked, subjects = _masked(_IDIOMS.sub(lambda match: " " * len(match.group()), text), names)
    strange = tuple(_strange_letters(masked, len(subjects)))
    if strange or not masked.strip():
        return strange or ("The text is empty.",)
    return tuple(
        f"{finding} (in: {_unmasked(sentence, subjects)})"
        for sentence in _SENTENCE_ENDS.split(masked)
        for finding in _Sentence(mentions(sentence, subjects), facts).findings()
    )


class _Sentence:
    """One sentence's mentions beside the facts."""

    def __init__(self, found: Sequence[Mention], facts: Sequence[Fact]) -> None:
        self.found = found
        self.facts = facts
        self.cited = [self._cite(mention) for mention in found if mention.kind is Kind.NUMBER]

    def findings(self) -> Iterator[str]:
        yield from (f"`{refused.text}`: {refused.values[0]}." for refused in self._of(Kind.REFUSED))
        for cited in self.cited:
            if not cited.facts:
                yield f"No fact here states `{cited.mention.text}`."
            elif not self._agrees_in_direction(cited):
                yield f"`{cited.mention.text}` is a change, and its direction is not said, or not the fact's."
        yield from (f"No fact has the date `{on.text}`." for on in self._of(Kind.DATE) if not self._is_dated(on))
        yield from self._directions()
        yield from self._records()
        yield from self._negations()

    def _of(self, kind: Kind) -> list[Mention]:
        return [mention for mention in self.found if mention.kind is kind]

    def _cite(self, mention: Mention) -> Cited:
        facts = tuple(fact for fact in self.facts if self._may_be(fact, mention))
        return Cited(mention, self._clause(mention), facts)

    def _may_be(self, fact: Fact, mention: Mention) -> bool:
        return (
            fact.value is not None
            and fact.value == mention.number
            and fact.unit == mention.unit
            and (fact.subject == ANY or fact.subject in self._subjects(mention))
            and self._fits_metric(fact, mention)
            and self._fits_role(fact, mention)
        )

    def _subjects(self, mention: Mention) -> tuple[str, ...]:
        """Of whom a mention speaks: the subject before it, else the first after it; the athlete where that is apart."""
        before = [subject for subject in self._of(Kind.SUBJECT) if subject.start < mention.start]
        if before:
            return before[-1].values
        after = [subject for subject in self._of(Kind.SUBJECT) if subject.start > mention.start]
        if not after:
            return (ATHLETE,)
        apart = self._clause(after[0]) != self._clause(mention)
        return (ATHLETE, *after[0].values) if apart else after[0].values

    def _metrics(self, mention: Mention) -> tuple[str, ...]:
        before = [metric for metric in self._of(Kind.METRIC) if metric.start < mention.start]
        return before[-1].values if before else ()

    def _fits_metric(self, fact: Fact, mention: Mention) -> bool:
        metrics = self._metrics(mention)
        free = fact.subject == ANY or fact.unit not in _MEASURED or not metrics
        return free or _metric(fact) in metrics

    def _fits_role(self, fact: Fact, mention: Mention) -> bool:
        """What is compared with stands after a word such as `from` or `against`; nothing else does."""
        if fact.subject == ANY or _role(fact) in _INTERVAL_ROLES:
            return True
        earlier = [other.end for other in self._of(Kind.NUMBER) if other.end <= mention.start]
        gap_start = earlier[-1] if earlier else 0
        compared = any(gap_start <= word.start < mention.start for word in self._of(Kind.REFERENCE))
        return compared == (_role(fact) in _REFERENCE_ROLES)

    def _clause(self, mention: Mention) -> int:
        return sum(end.start < mention.start for end in self._of(Kind.CLAUSE_END))

    def _agrees_in_direction(self, cited: Cited) -> bool:
        """A change needs a word for its direction: in its clause, or the last one before."""
        changes = {fact.direction for fact in cited.facts if _role(fact) == "change"}
        if not changes or any(_role(fact) != "change" for fact in cited.facts):
            return True
        said = self._of(Kind.DIRECTION)
        near = [word for word in said if self._clause(word) == cited.clause]
        near = near or [word for word in said if word.start < cited.mention.start][-1:]
        return any(word.values[0] in changes for word in near)

    def _directions(self) -> Iterator[str]:
        for word in self._of(Kind.DIRECTION):
            if word.values[0] not in self._directions_stated(word):
                yield f"No fact cited here says `{word.text}`."

    def _directions_stated(self, word: Mention) -> set[str | None]:
        """The directions of the facts cited in the word's clause; else of its subject's and metric's changes."""
        here = _directions(
            fact for cited in self.cited if cited.clause == self._clause(word) for fact in _directed(cited.facts)
        )
        if here:
            return here
        subjects, metrics = self._subjects(word), self._metrics(word)
        named = subjects != (ATHLETE,) or bool(metrics)
        return _directions(
            fact
            for fact in self.facts
            if named and fact.subject in subjects and (not metrics or _metric(fact) in metrics)
        )

    def _records(self) -> Iterator[str]:
        for word in self._of(Kind.RECORD):
            subjects = self._subjects(word)
            whose = {fact.subject for fact in self.facts if _role(fact) == "record"}
            if not whose.intersection(subjects):
                yield f"No fact says `{word.text}` here."
            for cited in self.cited:
                near = cited.clause == self._clause(word) and cited.mention.unit == "kg" and cited.facts
                if near and not any(_role(fact) in {"record", "previous"} for fact in cited.facts):
                    yield f"`{cited.mention.text}` is no record."

    def _negations(self) -> Iterator[str]:
        stated = [*self.cited, *self._of(Kind.DIRECTION), *self._of(Kind.RECORD)]
        for word in self._of(Kind.NEGATION) if stated else ():
            yield f"`{word.text}` turns round what the sentence states."

    def _is_dated(self, mention: Mention) -> bool:
        year, month, day = mention.date or (None, 0, None)
        subjects = (ANY, *self._subjects(mention))
        compared = bool(self._of(Kind.REFERENCE))
        return any(
            (year in {None, on.year}) and month == on.month and day in {None, on.day}
            for fact in self.facts
            if fact.subject in subjects and (compared or _role(fact) not in _REFERENCE_ROLES)
            for on in _days(fact.period)
        )


def _directed(facts: Sequence[Fact]) -> Iterator[Fact]:
    return (fact for fact in facts if fact.direction is not None)


def _directions(facts: Iterator[Fact]) -> set[str | None]:
    return {fact.direction for fact in facts if fact.direction is not None}


def _metric(fact: Fact) -> str:
    return fact.kind.split(".")[0]


def _role(fact: Fact) -> str:
    return fact.kind.split(".")[-1]


def _days(period: str) -> Iterator[date]:
    """The dates that a period names; ISO weeks and words name none."""
    for part in period.split("/"):
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", part, re.ASCII):
            yield date.fromisoformat(part)


def _names(facts: Sequence[Fact]) -> dict[str, tuple[str, ...]]:
    """How a text may name each subject: in full, without the equipment, by its lift's word; ambiguous ones as all."""
    named: dict[str, list[str]] = {}
    subjects = sorted({fact.subject for fact in facts} - {ATHLETE, ANY})[:_MAX_SUBJECTS]
    for subject in subjects:
        plain = re.sub(r"\s*\([^)]*\)", "", subject).strip()
        for name in {subject, plain, *(match.group().lower() for match in _LIFT.finditer(plain))}:
            if len(name) >= 3 or name == subject:
                named.setdefault(name.casefold(), []).append(subject)
    return {name: (name_of,) if (name_of := _exactly(name, among)) else tuple(among) for name, among in named.items()}


def _exactly(name: str, among: Sequence[str]) -> str | None:
    return next((subject for subject in among if subject.casefold() == name), None)


def _masked(text: str, names: dict[str, tuple[str, ...]]) -> tuple[str, list[tuple[str, ...]]]:
    """The text with each subject as one private character, the longest names first."""
    ordered = sorted(names, key=len, reverse=True)
    if not ordered or any(ord(letter) in range(SUBJECT_BASE, SUBJECT_BASE + len(ordered)) for letter in text):
        return text, []
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?:s(?!\w)|(?!\w))" for name in ordered), re.IGNORECASE)
    places = {name: at for at, name in enumerate(ordered)}

    def mask(match: re.Match[str]) -> str:
        said = match.group().casefold()
        return chr(SUBJECT_BASE + places[said if said in places else said.removesuffix("s")])

    return pattern.sub(mask, text), [names[name] for name in ordered]


def _unmasked(sentence: str, subjects: Sequence[tuple[str, ...]]) -> str:
    return "".join(
        subjects[ord(letter) - SUBJECT_BASE][0] if ord(letter) - SUBJECT_BASE in range(len(subjects)) else letter
        for letter in sentence
    )


def _strange_letters(masked: str, subjects: int) -> Iterator[str]:
    """Digits and letters of other scripts, invisible characters: they could hide what is said."""
    for letter in sorted(set(masked)):
        is_subject = ord(letter) - SUBJECT_BASE in range(subjects)
        if not (is_subject or letter in _ALLOWED_MARKS or 32 <= ord(letter) < 127 or _is_latin(letter)):
            yield f"The character {letter!a} is not plain English."


def _is_latin(letter: str) -> bool:
    """An accented Latin letter, as in names; no ligature, no mathematical alphabet."""
    return (
        letter.isalpha()
        and unicodedata.name(letter, "").startswith("LATIN")
        and len(letter.casefold()) == 1
        and (unicodedata.normalize("NFKC", letter) == letter)
    )
