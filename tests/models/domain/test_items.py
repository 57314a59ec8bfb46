"""Every noun: what was entered comes back exactly, and its canonical record is stable."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from models import ids
from models.domain import items
from models.domain.changes import ChangeKind
from models.domain.errors import Invalid
from models.domain.items import ItemOut, Noun, Stamp
from models.domain.nouns import NOUNS, NOUNS_BY_KIND
from tests.factories import NOW
from tests.stated import STATED

STAMP = Stamp(data_version=3, id=ids.new(), created_at=NOW, updated_at=NOW + timedelta(hours=1))
EACH = pytest.mark.parametrize(("kind", "body", "other", "refused", "path"), STATED.values(), ids=STATED)


def drafted(noun: Noun, body: dict[str, Any]) -> Any:
    return msgspec.json.decode(msgspec.json.encode(body), type=noun.draft)


def read_back(noun: Noun, draft: Any) -> dict[str, Any]:
    record = items.decode(noun, items.encode(noun, draft), noun.schema_version)
    return msgspec.json.decode(items.body(noun, record, STAMP))


@EACH
def test_what_was_entered_comes_back_exactly(
    kind: str, body: dict[str, Any], other: dict[str, Any], refused: dict[str, Any], path: str
) -> None:
    noun = NOUNS_BY_KIND[kind]
    draft = drafted(noun, body)
    items.check(noun, draft, now=NOW + timedelta(days=1))
    assert items.draft_of(noun, read_back(noun, draft)) == draft


@EACH
def test_a_broken_rule_is_named_by_its_path(
    kind: str, body: dict[str, Any], other: dict[str, Any], refused: dict[str, Any], path: str
) -> None:
    noun = NOUNS_BY_KIND[kind]
    draft = drafted(noun, refused)
    if path == "$.exercise_ids[0]":
        assert list(noun.exercises(draft)) == [(path, 9_999)]
        return
    with pytest.raises(Invalid) as raised:
        items.check(noun, draft, now=NOW + timedelta(days=1))
    assert [fault.path for fault in raised.value.faults] == [path]


@EACH
def test_what_is_not_known_is_refused(
    kind: str, body: dict[str, Any], other: dict[str, Any], refused: dict[str, Any], path: str
) -> None:
    with pytest.raises(msgspec.ValidationError):
        drafted(NOUNS_BY_KIND[kind], {**body, "colour": "red"})


@pytest.mark.parametrize("noun", NOUNS, ids=lambda noun: noun.kind)
def test_a_noun_is_whole(noun: Noun) -> None:
    assert issubclass(noun.out, ItemOut)
    assert set(noun.draft.__struct_fields__) <= set(noun.out.__struct_fields__)
    assert noun.out.__struct_defaults__ == ()
    assert noun.draft.__struct_config__.forbid_unknown_fields
    assert noun.record.__struct_config__.omit_defaults
    assert not noun.record.__struct_config__.forbid_unknown_fields
    assert noun.kind in list(ChangeKind)
    assert len(noun.upcasters) == noun.schema_version - 1


def test_the_canonical_record_does_not_depend_on_the_order_of_keys() -> None:
    noun = NOUNS_BY_KIND["profile"]
    ways = [{"set.rpe": "shown", "set.rir": "hidden"}, {"set.rir": "hidden", "set.rpe": "shown"}]
    first, second = (items.encode(noun, drafted(noun, {"field_overrides": way})) for way in ways)
    assert first == second


def test_exercises_are_renumbered_where_a_noun_names_them() -> None:
    for segment, expected in (("goals", ["$.target.exercise_id"]), ("exclusions", ["$.exercise_ids[0]"])):
        noun = NOUNS_BY_KIND[STATED[segment][0]]
        moved = noun.renumbered(drafted(noun, STATED[segment][1]), lambda number: number + 1)
        assert list(noun.exercises(moved)) == [(expected[0], 101)]
    plain = NOUNS_BY_KIND["measurement"]
    draft = drafted(plain, STATED["measurements"][1])
    assert plain.renumbered(draft, lambda number: number + 1) == draft


def test_a_record_of_a_version_that_this_code_does_not_know_is_refused() -> None:
    noun = NOUNS_BY_KIND["goal"]
    with pytest.raises(ValueError, match="No upcaster"):
        items.decode(noun, b"{}", 2)


def test_an_older_record_is_brought_up_to_todays_shape() -> None:
    def rename(fields: dict[str, Any]) -> dict[str, Any]:
        return {**fields, "start_on": fields["begins_on"]}

    noun = msgspec.structs.replace(NOUNS_BY_KIND["goal"], schema_version=2, upcasters=(rename,))
    old = b'{"begins_on":"2026-11-01","target":{"kind":"frequency","sessions_per_week":3}}'
    assert items.decode(noun, old, 1).start_on.isoformat() == "2026-11-01"
