"""What a sentence mentions: numbers with units, dates, subjects, metrics and directions, each at its place."""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import pairwise

from msgspec import Struct

from analytics.narrative import vocabulary as words
from analytics.narrative.figures import MONTHS

SUBJECT_BASE = 0xE000


class Kind(StrEnum):
    NUMBER = "number"
    DATE = "date"
    SUBJECT = "subject"
    METRIC = "metric"
    DIRECTION = "direction"
    RECORD = "record"
    REFERENCE = "reference"
    NEXT = "next"
    LAST = "last"
    INTERVAL = "interval"
    CLAUSE_END = "clause end"
    NEGATION = "negation"
    REFUSED = "refused"


class Mention(Struct, frozen=True, kw_only=True):
    """`values` are a metric's names, a subject, a direction, a reason; `date` is (year, month, day)."""

    kind: Kind
    start: int
    end: int
    text: str
    values: tuple[str, ...] = ()
    number: float | None = None
    unit: str | None = None
    date: tuple[int | None, int, int] | None = None


_MONTH = "|".join(MONTHS)
_UNIT = "|".join(f"(?P<unit{at}>{spelling})" for at, (_, spelling) in enumerate(words.UNITS))
_UNIT_AFTER = re.compile(rf"[\s-]*(?:{_UNIT})(?!\w)", re.IGNORECASE)
_DATES = (
    re.compile(r"(?<![\w-])(?P<year>\d{4})-(?P<number>\d{2})-(?P<day>\d{2})(?![\w-])"),
    words.whole_words(rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<month>{_MONTH})(?:,? (?P<year>\d{{4}}))?"),
    words.whole_words(rf"(?P<month>{_MONTH}) (?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<year>\d{{4}}))?"),
)
_DIGITS = re.compile(r"(?P<sign>(?<![\w)])[\-−])?(?P<digits>\d(?:[\d.,]*\d)?)")
_WORD_NUMBER = "|".join((*words.SMALL, *words.TENS, *words.SCALES))
_IN_WORDS = words.whole_words(rf"(?:{_WORD_NUMBER})(?:(?:[\s-]+|\s+and\s+)(?:{_WORD_NUMBER}))*")
_JOINED = re.compile(r"\s*(?:,|and|or|to|-|–|—)\s*", re.IGNORECASE)
_TIMES = re.compile(r"(?<![^\W\d])[x×]\s*$", re.IGNORECASE)
_NOT_EXACT = re.compile(rf"(?<!\w)(?:{words.NOT_EXACT}|[<>~≈≤≥±+])\s*$", re.IGNORECASE)
_METRICS = tuple((names, words.whole_words(pattern)) for names, pattern in words.METRICS)
_SIMPLE: tuple[tuple[Kind, tuple[str, ...], re.Pattern[str]], ...] = (
    (Kind.REFUSED, ("a rate",), words.whole_words(words.RATES)),
    *((Kind.METRIC, names, words.whole_words(pattern)) for names, pattern in words.BARE_UNITS),
    (Kind.LAST, (), words.whole_words(words.LAST)),
    (Kind.NEXT, (), words.whole_words(words.NEXT)),
    (Kind.INTERVAL, (), words.whole_words(words.INTERVAL)),
    (Kind.DIRECTION, ("up",), words.whole_words(words.UP)),
    (Kind.DIRECTION, ("down",), words.whole_words(words.DOWN)),
    (Kind.DIRECTION, ("same",), words.whole_words(words.SAME)),
    (Kind.RECORD, (), words.whole_words(words.RECORD)),
    (Kind.REFERENCE, ("average",), words.whole_words(words.AVERAGE)),
    (Kind.REFERENCE, (), words.whole_words(words.REFERENCE)),
    (Kind.NEGATION, (), words.whole_words(words.NEGATION)),
    (Kind.CLAUSE_END, (), re.compile(words.CLAUSE_ENDS, re.IGNORECASE)),
)
_WORDS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def mentions(sentence: str, subjects: Sequence[str]) -> list[Mention]:
    """Every mention in order. Subjects stand in the sentence as private characters, see `verifier`."""
    found: list[Mention] = []
    left = list(sentence)
    for mention in _candidates(sentence, subjects):
        if all(letter != "\0" for letter in left[mention.start : mention.end]):
            left[mention.start : mention.end] = ["\0"] * (mention.end - mention.start)
            found.append(mention)
    found.extend(_unknown("".join(left)))
    return _inherited(sorted(found, key=lambda mention: (mention.start, mention.end)), sentence)


def _candidates(sentence: str, subjects: Sequence[str]) -> Iterator[Mention]:
    """The most particular kinds first: whoever comes first keeps the place."""
    for match in re.finditer(r"[\ue000-\uf8ff](?:['’]s?(?!\w))?", sentence):
        subject = subjects[ord(match.group()[0]) - SUBJECT_BASE]
        yield Mention(kind=Kind.SUBJECT, start=match.start(), end=match.end(), text=subject, values=(subject,))
    yield from _dates(sentence)
    for names, pattern in _METRICS:
        yield from _simple(sentence, Kind.METRIC, names, pattern)
    yield from _numbers(sentence)
    for simple in _SIMPLE:
        yield from _simple(sentence, *simple)


def _simple(sentence: str, kind: Kind, values: tuple[str, ...], pattern: re.Pattern[str]) -> Iterator[Mention]:
    for match in pattern.finditer(sentence):
        yield Mention(kind=kind, start=match.start(), end=match.end(), text=match.group(), values=values)


def _unknown(left: str) -> Iterator[Mention]:
    """The words that nothing above has read and that are on no list."""
    for match in _WORDS.finditer(left):
        if match.group().lower().replace("’", "'") not in words.NEUTRAL:
            yield _refused(match, "a word that no summary needs")


def _dates(sentence: str) -> Iterator[Mention]:
    for pattern in _DATES:
        for match in pattern.finditer(sentence):
            parts = match.groupdict()
            month = parts.get("number") or str(MONTHS.index(parts["month"].capitalize()) + 1)
            on = (int(parts["year"]) if parts["year"] else None, int(month), int(parts["day"]))
            yield Mention(kind=Kind.DATE, start=match.start(), end=match.end(), text=match.group(), date=on)


def _numbers(sentence: str) -> Iterator[Mention]:
    for match in _DIGITS.finditer(sentence):
        sign = -1 if match["sign"] in {"-", "−"} else 1
        value = parsed(match["digits"])
        yield _number(sentence, match, None if value is None else sign * value)
    for match in _IN_WORDS.finditer(sentence):
        yield _number(sentence, match, _spelled(match.group()))


def _number(sentence: str, match: re.Match[str], value: float | None) -> Mention:
    before = sentence[: match.start()]
    if (
        value is None
        or _NOT_EXACT.search(before)
        or (match.start() and before[-1].isalnum() and not _TIMES.search(before))
    ):
        return _refused(match)
    after = _UNIT_AFTER.match(sentence, match.end())
    if after is None and sentence[match.end() : match.end() + 1].isalpha():
        return _refused(match)
    unit, end = (None, match.end()) if after is None else (_unit(after), after.end())
    start = match.start()
    if unit is None and (times := _TIMES.search(before)):
        unit, start = "reps", times.start()
    return Mention(kind=Kind.NUMBER, start=start, end=end, text=sentence[start:end], number=value, unit=unit)


def _refused(match: re.Match[str], reason: str = "a number that is not exact or not readable") -> Mention:
    return Mention(kind=Kind.REFUSED, start=match.start(), end=match.end(), text=match.group(), values=(reason,))


def parsed(digits: str) -> float | None:
    """A number in digits; commas may stand between thousands, a point before decimals, nothing else.

    >>> parsed("31,240.5"), parsed("31240.5"), parsed("31.240,5"), parsed("3,12"), parsed("007")
    (31240.5, 31240.5, None, None, None)
    """
    plain = r"(?:0|[1-9]\d*)(?:\.\d+)?"
    grouped = r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?"
    return float(digits.replace(",", "")) if re.fullmatch(f"{plain}|{grouped}", digits, re.ASCII) else None


def _spelled(text: str) -> float | None:
    """The value of number words, as in `two hundred and twenty-five`; null where they make no number."""
    total, current, least = 0, 0, 10**9
    for word in re.findall(r"[a-z]+", text.lower()):
        if word == "and":
            continue
        if word in words.SCALES:
            scale = words.SCALES[word]
            current = max(current, 1) * scale
            if scale >= 1000:
                total, current = total + current, 0
            least = scale
            continue
        value = words.SMALL.get(word, words.TENS.get(word, 0))
        size = 1 if word in words.SMALL else 10
        if size >= least or (size == 1 and least == 10 and value > 9):
            return None
        current, least = current + value, size
    return float(total + current)


def _unit(match: re.Match[str]) -> str:
    return next(unit for at, (unit, _) in enumerate(words.UNITS) if match[f"unit{at}"])


def _inherited(found: list[Mention], sentence: str) -> list[Mention]:
    """A number without a unit has that of the number that it is listed with: `110 to 120 kg`."""
    result = list(found)
    numbers = [at for at, mention in enumerate(result) if mention.kind is Kind.NUMBER]
    for this, following in reversed(list(pairwise(numbers))):
        between = sentence[result[this].end : result[following].start]
        if result[this].unit is None and _JOINED.fullmatch(between):
            result[this] = _with_unit(result[this], result[following].unit)
    return result


def _with_unit(mention: Mention, unit: str | None) -> Mention:
    return Mention(
        kind=mention.kind, start=mention.start, end=mention.end, text=mention.text, number=mention.number, unit=unit
    )
