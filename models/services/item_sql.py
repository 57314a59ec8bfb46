"""The statements of writing an item, each one round trip: the clock first, then the item, its revision and the event.

$1 athlete, $2 kind, $3 id, $4 actor, $5 now, $6 schema version, $7 record, $8 custom exercise ids; $9 is the create's
digest or the version that an edit or delete expects.
"""

from models.domain.events import Topic

_RAISE = """
UPDATE athlete_clocks SET data_version = data_version + 1, changed_at = $5 WHERE athlete_id = $1"""
_OWN_EXERCISES = """
    AND cardinality($8::int[]) = (SELECT count(*) FROM exercises WHERE owner_id = $1 AND id = ANY ($8))"""
_THIS = "athlete_id = $1 AND kind = $2 AND id = $3"
_LIVE = f"{_THIS} AND deleted_at IS NULL AND ($9::bigint IS NULL OR athlete_items.data_version = $9)"
# A refused write leaves the clock alone, unless it was refused by one that it waited for: then it is rolled back.
_RAISE_FOR_LIVE = f"{_RAISE}\n    AND EXISTS (SELECT FROM athlete_items WHERE {_LIVE})"


def _history(action: str) -> str:
    return f"""
revision AS (
    INSERT INTO athlete_item_revisions
        (athlete_id, kind, item_id, data_version, action, schema_version, record, recorded_at, actor_id)
    SELECT $1, $2, $3, item.data_version, '{action}', $6, $7::json, $5, $4 FROM item
), event AS (
    INSERT INTO outbox (athlete_id, topic, created_at) SELECT $1, '{Topic.ATHLETE_CHANGED}', $5 FROM item
)
SELECT data_version, created_at FROM item
"""


CREATE = f"""
WITH clock AS ({_RAISE}
    AND NOT EXISTS (SELECT FROM athlete_items WHERE {_THIS}){_OWN_EXERCISES}
    RETURNING data_version
), item AS (
    INSERT INTO athlete_items
        (athlete_id, kind, id, data_version, schema_version, record, create_digest, created_at, updated_at)
    SELECT $1, $2, $3, clock.data_version, $6, $7::json, $9, $5, $5 FROM clock
    RETURNING data_version, created_at
), {_history("create")}"""

EDIT = f"""
WITH clock AS ({_RAISE_FOR_LIVE}{_OWN_EXERCISES}
    RETURNING data_version
), item AS (
    UPDATE athlete_items SET data_version = clock.data_version, updated_at = $5, schema_version = $6, record = $7::json
    FROM clock WHERE {_LIVE}
    RETURNING athlete_items.data_version, created_at
), {_history("edit")}"""

DELETE = f"""
WITH clock AS ({_RAISE_FOR_LIVE}{_OWN_EXERCISES}
    RETURNING data_version
), item AS (
    UPDATE athlete_items SET data_version = clock.data_version, updated_at = $5, deleted_at = $5, record = $7::json
    FROM clock WHERE {_LIVE}
    RETURNING athlete_items.data_version, created_at
), {_history("delete")}"""

OWN_CUSTOM = "SELECT id FROM exercises WHERE owner_id = $1 AND id = ANY ($2::int[])"
