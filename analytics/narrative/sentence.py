"""One sentence beside the facts: what its numbers, directions, dates and records say that no fact states."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise

from analytics.narrative.citing import Citing, is_aside, is_day, metric_of, role_of
from analytics.narrative.facts import ATHLETE
from analytics.narrative.mentions import Kind, Mention
from models.domain.insights import Fact

_RECORD_ROLES = {"record", "previous"}
_LEADS_ON = re.compile(r"^\W*(?:(?:and|but|while|by|is|was|a|an|the|at|with|of|it|that's)\W+)*$", re.I)


class Sentence(Citing):
    """What is claimed beyond the facts; every finding is a sentence that a writer can act on."""

    def findings(self) -> Iterator[str]:
        yield from (f"`{refused.text}`: {refused.values[0]}." for refused in self._of(Kind.REFUSED))
        yield from (f"No fact here states `{cited.mention.text}`." for cited in self.cited if not cited.facts)
        yield from (f"No fact here has the date `{on.text}`." for on in self._of(Kind.DATE) if not self._is_dated(on))
        yield from self._directions()
        yield from self._changes()
        yield from self._borrowed()
        yield from self._records()
        yield from self._unowned()
        yield from self._words()

    def _is_dated(self, on: Mention) -> bool:
        """The week's own date after `week of`; else the day of all that the sentence counts, see `_fits_date`."""
        if self._is_of_a_week(on):
            return any(fact.kind == "date.week" and is_day(fact, on) for fact in self.facts)
        return any(is_day(fact, on) for cited in self.cited for fact in cited.facts)

    def _directions(self) -> Iterator[str]:
        for word in self._of(Kind.DIRECTION):
            stated = self._directions_stated(word)
            if not stated or any(word.values[0] not in each for each in stated):
                yield f"No fact cited here says `{word.text}`."

    def _directions_stated(self, word: Mention) -> list[set[str]]:
        """What each number of the word's clause says about a direction; without one, the change of what is named."""
        clause = self._clause(word)
        here = [cited for cited in self.cited if self._clause(cited.mention) == clause and not is_aside(cited.facts)]
        if here:
            return [directions for cited in here if (directions := self._directions_of(cited.facts))]
        subject, metric = self._subject(word), self._metric(word)
        if not self._is_about(word, subject, metric):
            return []
        whose = ATHLETE if subject is None else subject.values[0]
        named = ("e1rm",) if metric is None else metric.values
        changes = {fact.direction for fact in self.facts if fact.subject == whose and _is_change(fact, named)}
        return [{direction} for direction in changes if direction]

    def _is_about(self, word: Mention, subject: Mention | None, metric: Mention | None) -> bool:
        """Whether a subject or metric is named for a word: in its clause, or earlier where the clause goes on."""
        clause = self._clause(word)
        near = [owner for owner in (subject, metric) if owner is not None and self._clause(owner) == clause]
        return bool(near) or ((subject or metric) is not None and self._leads_on(word))

    def _leads_on(self, mention: Mention) -> bool:
        ends = [end.end for end in self._of(Kind.CLAUSE_END) if end.end <= mention.start]
        return _LEADS_ON.match(self.text[ends[-1] if ends else 0 : mention.start]) is not None

    def _directions_of(self, facts: Sequence[Fact]) -> set[str]:
        """The directions of facts, and of the change beside a value of a week."""
        beside = {
            other.direction
            for fact in facts
            for other in self.facts
            if _is_change(other, (metric_of(fact),))
            and other.subject == fact.subject
            and role_of(fact) in {"week", "before", "change"}
        }
        own = {fact.direction for fact in facts}
        return {direction for direction in own | beside if direction is not None}

    def _changes(self) -> Iterator[str]:
        """A change needs, in its clause, a word for its direction, and what it is a change of in it or before it."""
        for cited in self.cited:
            if not any(role_of(fact) == "change" for fact in cited.facts):
                continue
            clause = self._clause(cited.mention)
            near = self._within(Kind.DIRECTION, clause)
            owned = any(self._clause(owner) == clause for owner in self._owners(cited.mention))
            if not near or not (owned or self._leads_on(near[0]) or self._leads_on(cited.mention)):
                yield f"`{cited.mention.text}` is a change, and its direction or of what it is one is not said."

    def _borrowed(self) -> Iterator[str]:
        """A number must not be read with the direction of a clause beside its own."""
        said = {word.values[0] for word in self._of(Kind.DIRECTION)}
        for cited in self.cited:
            own = self._within(Kind.DIRECTION, self._clause(cited.mention))
            directions = self._directions_of(cited.facts)
            if said and not own and (cited.mention.unit == "points" or (directions and not said <= directions)):
                yield f"`{cited.mention.text}` stands beside a direction that is not its own."

    def _records(self) -> Iterator[str]:
        for word in self._of(Kind.RECORD):
            subject, metric = self._subject(word), self._metric(word)
            whose = ATHLETE if subject is None else subject.values[0]
            beside = [
                cited
                for cited in self.cited
                if cited.mention.unit == "kg" and any(fact.subject == whose for fact in cited.facts)
            ]
            if any(role_of(fact) not in _RECORD_ROLES for cited in beside for fact in cited.facts[:1]):
                yield f"A number beside `{word.text}` is no record."
            named = beside or metric is not None
            held = [fact for fact in self.facts if fact.subject == whose and role_of(fact) == "record"]
            fitting = [fact for fact in held if metric is None or metric_of(fact) in metric.values]
            if not fitting or (whose == ATHLETE and not named):
                yield f"No fact says `{word.text}` here."

    def _unowned(self) -> Iterator[str]:
        """Whoever and whatever a sentence names must be what one of its numbers, directions or records is about."""
        claims = [m for m in self.found if m.kind in {Kind.NUMBER, Kind.DIRECTION, Kind.RECORD}]
        owners = [owner for claim in claims for owner in self._owners(claim)]
        for named in (*self._of(Kind.SUBJECT), *self._of(Kind.METRIC)) if claims else ():
            near = [owner for owner in owners if self._clause(owner) == self._clause(named)]
            if not any(owner.kind is named.kind and set(owner.values) & set(named.values) for owner in near):
                yield f"Nothing that is stated here is of `{named.text}`."

    def _words(self) -> Iterator[str]:
        numbers = self._of(Kind.NUMBER)
        for first, second in pairwise(numbers):
            if self.text[first.end : second.start].strip().lower() == "of":
                yield f"`{first.text} of {second.text}` says so many of each."
        if self.facts:
            yield from (f"`{word.text}` turns round what is stated." for word in self._of(Kind.NEGATION))
        if re.search(r"\bthis (?:\w+ )?week\b", self.text, re.I) and not _is_current(self.facts):
            yield "The week is no longer this week."
        for word in self._of(Kind.REFERENCE):
            said = {fact.kind for cited in self.cited for fact in cited.facts}
            if word.values and not said & {"tonnage.before", "tonnage.change"}:
                yield f"No fact here is a `{word.text}`."


def _is_change(fact: Fact, metrics: Sequence[str]) -> bool:
    return role_of(fact) == "change" and metric_of(fact) in metrics


def _is_current(facts: Sequence[Fact]) -> bool:
    """Whether today, of which the form is, lies in the week that is told."""
    start = next((date.fromisoformat(fact.period) for fact in facts if fact.kind == "date.week"), None)
    today = next((date.fromisoformat(fact.period) for fact in facts if fact.kind == "form.today"), None)
    return start is not None and today is not None and start <= today <= start + timedelta(days=6)
