"""The numbers of a sentence: whose each one is, of what metric, and which facts it may be."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property

from msgspec import Struct, structs

from analytics.narrative import vocabulary
from analytics.narrative.facts import ATHLETE, group
from analytics.narrative.mentions import Kind, Mention, mentions
from models.domain.insights import Fact

_REFERENCE_ROLES = {"previous", "before"}
_NEXT_ROLES = {"next", "low", "high"}
_ASIDE = {"window.weeks", "interval.coverage"}
_COUNTED = {"sessions.week", "hard_sets.week", "records.week"}
# These may be told without the name of their metric: nothing else of their subject has the unit.
_NAMED_BY_ITSELF = {*_ASIDE, *_COUNTED, "away.days", "load.next", "reps.next", "reps.record", "e1rm.change"}
_LOADS = {"load", "reps"}
_PARTNERS = {
    "e1rm.low": ("e1rm.high",),
    "e1rm.high": ("e1rm.low",),
    "interval.coverage": ("e1rm.low", "e1rm.high"),
    "reps.record": ("load.record",),
}
_COMPARED_WITH = re.compile(
    r"(?:on|against|than|versus|vs|compared (?:with|to)|(?:mean|average) (?:of|in)) the (?:(?:previous|prior) )?$", re.I
)
_IN_THE = re.compile(r"^ (?:in|of) the $", re.I)
_EARLIER = re.compile(r" (?:before|earlier|prior)\b", re.I)
_COMPARING = re.compile(vocabulary.COMPARING, re.I)
_PAST = re.compile(r" (?:before|earlier|previously)\b", re.I)
_WINDOW_AFTER = re.compile(r" (?:in|of) the (?:\w+ weeks before|(?:previous|prior) \w+ weeks)\b", re.I)
_WEEK_OF = re.compile(r"\bweek (?:of|starting|beginning)(?: on)? $", re.I)


class Cited(Struct, frozen=True):
    """A number of a sentence, and the facts that it may be."""

    mention: Mention
    facts: tuple[Fact, ...]


class Citing:
    """One sentence's mentions beside the facts. Subjects stand in it as private characters."""

    def __init__(self, text: str, subjects: Sequence[str], facts: Sequence[Fact]) -> None:
        self.text = text
        self.found = mentions(text, subjects)
        self.facts = facts

    @cached_property
    def cited(self) -> tuple[Cited, ...]:
        """The numbers, each with the facts that it may be; those of one exercise are of one record, week or advice."""
        alone = [
            Cited(mention, tuple(fact for fact in self.facts if self._may_be(fact, mention)))
            for mention in self._of(Kind.NUMBER)
        ]
        return tuple(structs.replace(one, facts=tuple(self._of_one_group(one, alone))) for one in alone)

    def _of_one_group(self, one: Cited, cited: Sequence[Cited]) -> Iterator[Fact]:
        for fact in one.facts:
            beside = [other for other in cited if {said.subject for said in other.facts} == {fact.subject}]
            grouped = fact.subject == ATHLETE or all(
                any(group(said) == group(fact) for said in other.facts) for other in beside
            )
            if grouped and self._has_its_partner(fact, cited):
                yield fact

    def _has_its_partner(self, fact: Fact, cited: Sequence[Cited]) -> bool:
        """Ends of an interval come as a pair, a coverage with both, a record's reps with its load."""
        said = [other for one in cited for other in one.facts]
        return all(
            any(other.kind == kind and (fact.subject == ATHLETE or group(other) == group(fact)) for other in said)
            for kind in _PARTNERS.get(fact.kind, ())
        )

    def _may_be(self, fact: Fact, mention: Mention) -> bool:
        return (
            fact.value is not None
            and fact.value == mention.number
            and fact.unit == mention.unit
            and fact.subject in self._subjects(mention, fact)
            and self._fits_metric(fact, mention)
            and self._fits_role(fact, mention)
            and self._fits_place(fact, mention)
            and all(self._fits_date(fact, on) for on in self._of(Kind.DATE))
        )

    def _of(self, kind: Kind) -> list[Mention]:
        return [mention for mention in self.found if mention.kind is kind]

    def _clause(self, mention: Mention) -> int:
        return sum(end.start < mention.start for end in self._of(Kind.CLAUSE_END))

    def _within(self, kind: Kind, clause: int) -> list[Mention]:
        return [mention for mention in self._of(kind) if self._clause(mention) == clause]

    def _subject(self, mention: Mention) -> Mention | None:
        """Of whom a mention speaks: the subject before it, else the first after it in its clause; null: the athlete."""
        subjects = self._of(Kind.SUBJECT)
        before = [subject for subject in subjects if subject.start < mention.start]
        if before:
            turned = re.search(r"\byour?\b", self.text[before[-1].end : mention.start], re.I)
            return None if turned else before[-1]
        after = [subject for subject in subjects if self._clause(subject) == self._clause(mention)]
        return after[0] if after else None

    def _subjects(self, mention: Mention, fact: Fact) -> tuple[str, ...]:
        subject = self._subject(mention)
        if subject is None or fact.kind in _ASIDE:
            return (ATHLETE,)
        return subject.values

    def _metric(self, mention: Mention) -> Mention | None:
        """Of which metric a mention is: the last before it in its clause or the first after, else the last before."""
        metrics = self._of(Kind.METRIC)
        here = [metric for metric in metrics if self._clause(metric) == self._clause(mention)]
        if before := [metric for metric in here if metric.start < mention.start]:
            return before[-1]
        if here:
            return here[0]
        earlier = [metric for metric in metrics if metric.start < mention.start][-1:]
        turned = any(
            subject.start < mention.start and earlier[0].end <= subject.start
            for subject in self._of(Kind.SUBJECT)
            if earlier
        )
        return earlier[0] if earlier and not turned else None

    def _fits_metric(self, fact: Fact, mention: Mention) -> bool:
        metric = self._metric(mention)
        if metric is None or fact.kind in _ASIDE:
            return fact.kind in _NAMED_BY_ITSELF
        if metric_of(fact) in _LOADS and set(metric.values) & _LOADS:
            return True
        apart = self._clause(metric) != self._clause(mention) and fact.kind in _NAMED_BY_ITSELF
        counted = fact.kind in _COUNTED and metric.start > mention.start
        return apart or counted or metric_of(fact) in metric.values or fact.unit in {"days", "records"}

    def _fits_role(self, fact: Fact, mention: Mention) -> bool:
        """What is compared with stands after a word such as `from` or `against`; nothing else does."""
        if fact.kind == "window.weeks" or role_of(fact) in {"low", "high", "coverage"}:
            return True
        words = [word for word in self._of(Kind.REFERENCE) if self._gap_start(mention) <= word.start < mention.start]
        past = _PAST.match(self.text, mention.end) is not None and role_of(fact) != "change"
        if role_of(fact) not in _REFERENCE_ROLES:
            return not words and not past
        comparing = any(_COMPARING.fullmatch(word.text) for word in words)
        told_when = role_of(fact) == "previous" or _WINDOW_AFTER.match(self.text, mention.end) is not None
        directed = bool(self._within(Kind.DIRECTION, self._clause(mention)))
        return comparing or (bool(words) and told_when and not directed)

    def _gap_start(self, mention: Mention) -> int:
        """Where the number before a mention ends."""
        return max((other.end for other in self._of(Kind.NUMBER) if other.end <= mention.start), default=0)

    def _fits_place(self, fact: Fact, mention: Mention) -> bool:
        """Next things beside `next`, intervals beside `interval`, and the few facts that have one place only."""
        after, clause = self.text[mention.end :], self._clause(mention)
        if fact.kind == "window.weeks":
            return self._is_window(mention)
        if fact.kind == "interval.coverage":
            return re.match(r"[ -](?:interval|range)\b", after, re.I) is not None
        if fact.kind == "away.days":
            alone = len(self._of(Kind.NUMBER)) == 1 and not self._of(Kind.SUBJECT)
            return alone and bool(self._of(Kind.LAST)) and after.lower().startswith(" ago")
        if fact.kind == "records.week":
            return not (self._within(Kind.SUBJECT, clause) or self._within(Kind.METRIC, clause))
        if role_of(fact) in {"low", "high"}:
            told = self._of(Kind.INTERVAL) and self._of(Kind.NEXT)
            return bool(told) and self._in_a_pair(mention, high=role_of(fact) == "high")
        return (role_of(fact) in _NEXT_ROLES) == bool(self._of(Kind.NEXT))

    def _is_window(self, mention: Mention) -> bool:
        """`the 4 weeks before` or `the previous 4 weeks`, and only as what a change is compared with."""
        before, after = self.text[: mention.start], self.text[mention.end :]
        earlier = re.search(r"\b(?:previous|prior) $", before, re.I) or _EARLIER.match(after)
        numbers = [number for number in self._of(Kind.NUMBER) if number.end <= mention.start]
        gap = self.text[numbers[-1].end : mention.start] if numbers else ""
        reference = bool(numbers) and any(fact.kind == "tonnage.before" for fact in self._values(numbers[-1]))
        compared = _COMPARED_WITH.search(before) or (reference and _IN_THE.match(gap))
        directed = self._within(Kind.DIRECTION, self._clause(mention))
        return bool(earlier and compared and (directed or reference))

    def _values(self, mention: Mention) -> Iterator[Fact]:
        return (fact for fact in self.facts if (fact.value, fact.unit) == (mention.number, mention.unit))

    def _in_a_pair(self, mention: Mention, *, high: bool) -> bool:
        """Whether the other end stands right beside it: `138 to 156 kg`."""
        numbers = self._of(Kind.NUMBER)
        at = numbers.index(mention) + (-1 if high else 1)
        if not 0 <= at < len(numbers):
            return False
        first, second = sorted((numbers[at], mention), key=lambda number: number.start)
        joined = re.fullmatch(r" (?:to|and) | ?[-–—] ?", self.text[first.end : second.start])
        role = "low" if high else "high"
        return joined is not None and any(fact.kind == f"e1rm.{role}" for fact in self._values(numbers[at]))

    def _fits_date(self, fact: Fact, on: Mention) -> bool:
        if self._is_of_a_week(on):
            return role_of(fact) not in {*_NEXT_ROLES, "today", "days"}
        return is_day(fact, on) or fact.kind == "window.weeks"

    def _owners(self, mention: Mention) -> list[Mention]:
        return [owner for owner in (self._subject(mention), self._metric(mention)) if owner is not None]

    def _is_of_a_week(self, on: Mention) -> bool:
        return _WEEK_OF.search(self.text[: on.start]) is not None


def metric_of(fact: Fact) -> str:
    """`e1rm` of `e1rm.week`."""
    return fact.kind.split(".")[0]


def role_of(fact: Fact) -> str:
    """`week` of `e1rm.week`."""
    return fact.kind.split(".")[-1]


def is_aside(facts: Sequence[Fact]) -> bool:
    """Whether a number says nothing by itself: the weeks compared with, the coverage of an interval."""
    return bool(facts) and all(fact.kind in _ASIDE for fact in facts)


def is_day(fact: Fact, on: Mention) -> bool:
    """Whether the fact is of the day that is mentioned."""
    year, month, day = on.date or (None, 0, 0)
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", fact.period, re.ASCII):
        return False
    said = date.fromisoformat(fact.period)
    return (month, day) == (said.month, said.day) and year in {None, said.year}
