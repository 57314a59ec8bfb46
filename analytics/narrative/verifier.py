"""The verifier (promise 3): refuses every number, unit, direction, date and record that the facts do not state.

It reads sentence by sentence and knows a closed vocabulary of plain English: any other word is refused. A number must
be a fact's value exactly, with its unit, for the subject and metric it is said of, and as what it is (now, next, or
what it is compared with). A direction must be that of the change that its clause tells. What it cannot place it
refuses: a text refused too much costs a retry, a wrong number costs trust.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from analytics.narrative import names
from analytics.narrative import vocabulary as words
from analytics.narrative.facts import ATHLETE
from analytics.narrative.mentions import SUBJECT_BASE
from analytics.narrative.sentence import Sentence
from models.domain.insights import Fact

# Raised with every change of what the verifier accepts.
VERSION = 3

_SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s+|\n+")
_IDIOMS = words.whole_words(words.IDIOMS)
_MARKS = set(" \n.,;:!?()'’‘%-–—−×")
_MAX_SUBJECTS = 1000


def findings(text: str, facts: Sequence[Fact]) -> tuple[str, ...]:
    """What the text says without a fact, one sentence a finding; empty where it may be published."""
    private = tuple(
        f"The character {letter!a} is not plain English." for letter in sorted(set(text)) if _private(letter)
    )
    if private or not text.strip():
        return private or ("The text is empty.",)
    masked, subjects = _masked(_IDIOMS.sub(lambda match: " " * len(match.group()), text), facts)
    if strange := tuple(_strange_letters(masked)):
        return strange
    return tuple(
        f"{finding} (in: {_unmasked(sentence, subjects)})"
        for sentence in _SENTENCE_ENDS.split(masked)
        for finding in Sentence(sentence, subjects, facts).findings()
    )


def _masked(text: str, facts: Sequence[Fact]) -> tuple[str, list[str]]:
    """The text with each subject as one private character, the longest names first."""
    subjects = sorted({fact.subject for fact in facts} - {ATHLETE})[:_MAX_SUBJECTS]
    exact, folded = _names(subjects)
    alternatives = sorted({*exact, *folded}, key=len, reverse=True)
    if not alternatives:
        return text, subjects
    pattern = "|".join(_spelling(name, plural=name in folded) for name in alternatives)
    places = {subject: at for at, subject in enumerate(subjects)}

    def mask(match: re.Match[str]) -> str:
        said = match.group().replace("“", '"').replace("”", '"')
        subject = exact.get(said) or folded.get(said.casefold()) or folded.get(said.casefold().removesuffix("s"))
        return match.group() if subject is None else chr(SUBJECT_BASE + places[subject])

    return re.sub(pattern, mask, text, flags=re.IGNORECASE), subjects


def _names(subjects: Sequence[str]) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Subjects by how they are written exactly, and the plain ones, in full or short, by it in any case."""
    exact = {spoken: subject for subject in subjects if (spoken := names.spoken(subject)) is not None}
    meant: dict[str, set[str]] = {}
    for subject in (subject for subject in subjects if names.spoken(subject) == subject):
        for name in {subject, names.short(subject) or subject}:
            meant.setdefault(name.casefold(), set()).add(subject)
    full = {subject.casefold(): subject for subject in subjects}
    told = {name: full[name] if name in full else min(among) for name, among in meant.items() if len(among) == 1}
    return exact, told


def _spelling(name: str, *, plural: bool) -> str:
    if name.startswith('"'):
        return rf"[\"“]{re.escape(name[1:-1])}[\"”]"
    ending = r"(?:s(?!\w)|(?!\w))" if plural else r"(?!\w)"
    return rf"(?<![\w-]){re.escape(name)}{ending}"


def _unmasked(sentence: str, subjects: Sequence[str]) -> str:
    return "".join(subjects[ord(letter) - SUBJECT_BASE] if _private(letter) else letter for letter in sentence)


def _private(letter: str) -> bool:
    return "\ue000" <= letter <= "\uf8ff"


def _strange_letters(masked: str) -> Iterator[str]:
    """Digits and letters of other scripts, invisible characters, signs that compute: they could hide what is said."""
    for letter in sorted(set(masked)):
        plain = letter in _MARKS or (letter.isascii() and letter.isalnum()) or names.is_latin(letter)
        if not (plain or _private(letter)):
            yield f"The character {letter!a} is not plain English."
