"""The statements of reanalyses: each a compare-and-set that raises the revision with the change."""

QUEUED = """
SELECT id FROM population_runs WHERE status = 'queued' AND ended_at IS NULL
AND steps IS NOT DISTINCT FROM $1::jsonb AND athletes IS NOT DISTINCT FROM $2::jsonb ORDER BY created_at, id LIMIT 1
"""
UNKNOWN = """
SELECT id FROM unnest($1::uuid[]) AS id
WHERE NOT EXISTS (SELECT FROM athlete_clocks WHERE athlete_clocks.athlete_id = id) ORDER BY id
"""
INSERT = """
INSERT INTO population_runs (id, trigger, requested_by, steps, athletes, status, created_at)
VALUES ($1, $2, $3, $4::jsonb, $5::jsonb, 'queued', $6)
"""
HOLD = "SELECT status FROM population_runs WHERE id = $1 FOR UPDATE"
CANCEL = """
UPDATE population_runs SET cancel_requested_at = coalesce(cancel_requested_at, $2), revision = revision + 1,
    status = CASE status WHEN 'queued' THEN 'cancelled' ELSE status END,
    ended_at = CASE status WHEN 'queued' THEN $2 END
WHERE id = $1 AND ended_at IS NULL
"""
START = """
UPDATE population_runs SET status = 'running', started_at = $2, revision = revision + 1
WHERE id = $1 AND status = 'queued' RETURNING id
"""
ADD_CHUNKS = """
INSERT INTO population_chunks (run_id, position, first_id, last_id, athletes, status)
SELECT $1, $2 + number, first_id, last_id, athletes, 'queued'
FROM unnest($3::uuid[], $4::uuid[], $5::int[]) WITH ORDINALITY AS chunk (first_id, last_id, athletes, number)
"""
DUE = "SELECT position FROM population_chunks WHERE run_id = $1 AND status = 'queued' ORDER BY position LIMIT $2"
TRY_CHUNK = """
UPDATE population_chunks AS chunk SET attempts = least(attempts + 1, 30000)
FROM population_runs AS run
WHERE run.id = chunk.run_id AND run.status = 'running' AND run.cancel_requested_at IS NULL
AND chunk.run_id = $1 AND chunk.position = $2 AND chunk.status = 'queued' RETURNING chunk.position
"""
HOLD_CHUNK = """
SELECT chunk.position FROM population_chunks AS chunk JOIN population_runs AS run ON run.id = chunk.run_id
WHERE chunk.run_id = $1 AND chunk.position = $2 AND chunk.status = 'queued'
AND run.status = 'running' AND run.cancel_requested_at IS NULL FOR UPDATE OF chunk
"""
END_CHUNK = """
UPDATE population_chunks SET status = $3, changed = $4, unchanged = $5, failed = $6, sets = $7, problem = $8::jsonb,
    ended_at = $9
WHERE run_id = $1 AND position = $2 AND status = 'queued'
"""
SHRINK = "UPDATE population_chunks SET last_id = $3, athletes = $4 WHERE run_id = $1 AND position = $2"
LAST_POSITION = "SELECT max(position) FROM population_chunks WHERE run_id = $1"
TOUCH = "UPDATE population_runs SET revision = revision + 1 WHERE id = $1"
FAILED_CHUNKS = """
SELECT count(*) AS chunks, coalesce(sum(athletes), 0) AS athletes
FROM population_chunks WHERE run_id = $1 AND status = 'failed'
"""
END = """
UPDATE population_runs SET status = $2, problem = $3::jsonb, ended_at = $4, revision = revision + 1
WHERE id = $1 AND ended_at IS NULL
"""
