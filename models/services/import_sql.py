"""The statements of imports. Whoever changes one locks the import, its run and the athlete's clock, in this order."""

INSERT = """
INSERT INTO imports
    (athlete_id, id, phase, file_name, size_bytes, sha256, time_zone, unit_given, created_at, updated_at)
VALUES ($1, $2, 'uploaded', $3, $4, $5, $6, $7, $8, $8)
"""
HOLD = "SELECT phase, time_zone, unit_given, unit FROM imports WHERE athlete_id = $1 AND id = $2 FOR UPDATE"
HOLD_NOW = HOLD + " NOWAIT"
HOLD_RUN = "SELECT status, requested_by FROM runs WHERE athlete_id = $1 AND id = $2 FOR UPDATE"
# $2 the import, $3 its workflow: one job after the other, as they were asked for.
DUE = """
SELECT run.id, run.trigger, import.phase FROM runs AS run
JOIN imports AS import ON import.athlete_id = run.athlete_id AND import.id = $2
WHERE run.athlete_id = $1 AND run.kind = 'import' AND run.workflow_id = $3 AND run.status IN ('queued', 'running')
ORDER BY run.created_at, run.id LIMIT 1
"""
START = """
UPDATE runs SET status = 'running', started_at = coalesce(started_at, $3), revision = revision + 1
WHERE athlete_id = $1 AND id = $2 AND status = 'queued'
"""
SUCCEED = """
UPDATE runs SET status = 'succeeded', ended_at = $3, data_version = $4, revision = revision + 1
WHERE athlete_id = $1 AND id = $2
"""
FAIL = """
UPDATE runs SET status = 'failed', ended_at = $3, problem = $4::jsonb, waiting_for = NULL, revision = revision + 1
WHERE athlete_id = $1 AND id = $2
"""
CANCEL = """
UPDATE runs SET status = 'cancelled', ended_at = $3, waiting_for = NULL, revision = revision + 1
WHERE athlete_id = $1 AND id = $2
"""
ASK = """
UPDATE runs SET status = 'waiting', waiting_for = $3::jsonb, revision = revision + 1 WHERE athlete_id = $1 AND id = $2
"""
RESUME = """
UPDATE runs SET status = 'queued', waiting_for = NULL, revision = revision + 1
WHERE athlete_id = $1 AND id = $2 AND status = 'waiting'
"""
MOVE = "UPDATE imports SET phase = $3, updated_at = $4 WHERE athlete_id = $1 AND id = $2"
ANSWER = "UPDATE imports SET phase = 'uploaded', unit_given = $3, updated_at = $4 WHERE athlete_id = $1 AND id = $2"
STAGE = "UPDATE imports SET phase = 'staged', unit = $3, updated_at = $4 WHERE athlete_id = $1 AND id = $2"
PUBLISH = """
UPDATE imports SET phase = 'published', receipt = $3::jsonb, updated_at = $4, published_at = $4
WHERE athlete_id = $1 AND id = $2
"""
WISH = "UPDATE imports SET unit_given = $3, updated_at = $4 WHERE athlete_id = $1 AND id = $2"
CORRECT = "UPDATE imports SET unit = $3, outcome = $4::jsonb, updated_at = $5 WHERE athlete_id = $1 AND id = $2"
UNDO = """
UPDATE imports SET phase = 'undone', outcome = $3::jsonb, updated_at = $4, undone_at = $4
WHERE athlete_id = $1 AND id = $2
"""
FORGET_CHUNKS = "DELETE FROM import_chunks WHERE athlete_id = $1 AND import_id = $2"
FORGET_PARTS = "DELETE FROM import_parts WHERE athlete_id = $1 AND import_id = $2"
# The newest run that was asked for with this trigger and has not failed.
ASKED_FOR = """
SELECT id, status FROM runs
WHERE athlete_id = $1 AND kind = 'import' AND workflow_id = $2 AND trigger = $3
AND status IN ('queued', 'running', 'succeeded')
ORDER BY created_at DESC, id DESC LIMIT 1
"""

LOCK_CLOCK = "SELECT data_version FROM athlete_clocks WHERE athlete_id = $1 FOR UPDATE"
RECORDED = "UPDATE athlete_clocks SET data_version = $2, changed_at = $3, last_recorded_at = $3 WHERE athlete_id = $1"
CHANGED = "UPDATE athlete_clocks SET data_version = $2, changed_at = $3 WHERE athlete_id = $1"
KNOWN_SOURCES = """
SELECT source_app, source_key FROM workouts WHERE athlete_id = $1 AND (source_app, source_key) IN
    (SELECT * FROM unnest($2::text[], $3::text[]))
"""
# `released`: the tombstone of an import that was undone, which keeps its id but not what it stood for. What the athlete
# deleted has moved on from its import.
KNOWN_IDS = """
SELECT id, deleted_at IS NOT NULL AND source_app IS NULL AND coalesce(data_version = import_version, false) AS released
FROM workouts WHERE athlete_id = $1 AND id = ANY ($2::uuid[])
"""
UNTOUCHED = """
SELECT workout.id, workout.created_at, revision.schema_version, revision.record::text AS record
FROM workouts AS workout JOIN workout_revisions AS revision
    ON revision.athlete_id = workout.athlete_id AND revision.workout_id = workout.id
    AND revision.data_version = workout.data_version
WHERE workout.athlete_id = $1 AND workout.import_id = $2 AND workout.deleted_at IS NULL
    AND workout.data_version = workout.import_version AND workout.id > $3
ORDER BY workout.id LIMIT $4
"""
TOUCHED = """
SELECT id, deleted_at IS NOT NULL AS deleted FROM workouts
WHERE athlete_id = $1 AND import_id = $2 AND data_version <> import_version ORDER BY id
"""
REPLACE = """
UPDATE workouts SET data_version = new.version, import_version = new.version, updated_at = $2, representation = $3,
    body = new.body, bodyweight_g = new.bodyweight_g, bodyweight_unit = new.bodyweight_unit,
    bodyweight_text = new.bodyweight_text
FROM unnest($4::uuid[], $5::bigint[], $6::bytea[], $7::int[], $8::smallint[], $9::text[])
    AS new (id, version, body, bodyweight_g, bodyweight_unit, bodyweight_text)
WHERE workouts.athlete_id = $1 AND workouts.id = new.id
"""
CLEAR_SETS = "DELETE FROM set_entries WHERE athlete_id = $1 AND workout_id = ANY ($2::uuid[])"
# $3 the clock, $4 now, $5 the actor, $6 the schema version. The tombstones let go of their source.
BURY = """
WITH doomed AS (
    SELECT id, $3 + row_number() OVER (ORDER BY data_version) AS version FROM workouts
    WHERE athlete_id = $1 AND import_id = $2 AND deleted_at IS NULL AND data_version = import_version
), buried AS (
    UPDATE workouts SET data_version = doomed.version, import_version = doomed.version, updated_at = $4,
        deleted_at = $4, body = NULL, source_app = NULL, source_key = NULL
    FROM doomed WHERE workouts.athlete_id = $1 AND workouts.id = doomed.id
    RETURNING workouts.id, workouts.data_version
)
INSERT INTO workout_revisions
    (athlete_id, workout_id, data_version, action, schema_version, record, recorded_at, actor_id)
SELECT $1, id, data_version, 'delete', $6, NULL, $4, $5 FROM buried RETURNING workout_id
"""
