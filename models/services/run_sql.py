"""The statements of runs: each a compare-and-set that raises the revision with the change."""

# The lock orders requests, begins and writes of one athlete: two requests at once queue one run, and a run never states
# a version that is not committed.
CLOCK = """
SELECT clock.data_version, clock.attempted_version, clock.analysed_on, clock.analysed_pipeline, account.time_zone
FROM athlete_clocks AS clock JOIN accounts AS account ON account.id = clock.athlete_id
WHERE clock.athlete_id = $1 FOR NO KEY UPDATE OF clock
"""
# A step that was taken over from an earlier run was never attempted. It counts as none as long as it is what would be
# computed now: of this version of the data ($4), this day ($5) and the active version, its documents still the stored.
OPEN = """
SELECT run.id, run.trigger, EXISTS (
    SELECT FROM step_runs AS step WHERE step.athlete_id = run.athlete_id AND step.run_id = run.id AND (
        step.attempts > 0 OR step.data_version IS DISTINCT FROM $4 OR step.as_of IS DISTINCT FROM $5
        OR NOT EXISTS (
            SELECT FROM pipelines
            WHERE pipelines.name = run.kind AND pipelines.step = step.step AND pipelines.version = step.version
        )
        OR EXISTS (
            SELECT FROM jsonb_each_text(step.documents) AS made (name, digest) WHERE NOT EXISTS (
                SELECT FROM step_documents AS stored WHERE stored.athlete_id = step.athlete_id
                AND stored.name = made.name AND stored.digest = made.digest
            )
        )
    )
) AS has_steps
FROM runs AS run
WHERE run.athlete_id = $1 AND run.kind = $2 AND run.period IS NOT DISTINCT FROM $3 AND run.ended_at IS NULL
ORDER BY run.created_at, run.id FOR UPDATE OF run
"""
OPEN_SUMMARIES = """
SELECT id FROM runs WHERE athlete_id = $1 AND kind = 'summary' AND ended_at IS NULL ORDER BY created_at, id FOR UPDATE
"""
INSERT = """
INSERT INTO runs (athlete_id, id, kind, trigger, requested_by, status, workflow_id, period, created_at)
VALUES ($1, $2, $3, $4, $5, 'queued', $6, $7, $8)
"""
START = """
UPDATE runs SET status = 'running', data_version = $3, as_of = $4, started_at = $5, revision = revision + 1
WHERE athlete_id = $1 AND id = $2 AND status IN ('queued', 'running')
"""
SUPERSEDE = """
UPDATE runs SET status = 'superseded', ended_at = $3, revision = revision + 1
WHERE athlete_id = $1 AND id = ANY ($2::uuid[]) AND ended_at IS NULL
"""
CLOSE_STEPS = """
UPDATE step_runs SET status = 'failed', ended_at = $3, problem = $4::jsonb
WHERE athlete_id = $1 AND run_id = ANY ($2::uuid[]) AND status = 'running'
"""
# A run covers the oldest version that any of its steps read.
FINISH = """
UPDATE runs SET status = $3, ended_at = $4, problem = $5::jsonb, revision = revision + 1,
    data_version = coalesce((
        SELECT min(step.data_version) FROM step_runs AS step WHERE step.athlete_id = $1 AND step.run_id = $2
    ), data_version)
WHERE athlete_id = $1 AND id = $2 AND status = 'running'
RETURNING kind, status, data_version, as_of
"""
ADVANCE = """
UPDATE athlete_clocks SET attempted_version = greatest(attempted_version, $2), analysed_on = $3, analysed_pipeline = $4,
    analysed_version = CASE WHEN $5 THEN greatest(analysed_version, $2) ELSE analysed_version END
WHERE athlete_id = $1
RETURNING analysed_pipeline IS DISTINCT FROM (
    SELECT string_agg(step || '@' || version, ',' ORDER BY position) FROM pipelines WHERE name = $6
)
"""
LAST_TRAINED = "SELECT max(performed_on) FROM workouts WHERE athlete_id = $1 AND deleted_at IS NULL"
ANALYSED = "SELECT data_version, as_of FROM step_documents WHERE athlete_id = $1 AND name = 'progress'"
SUMMARISED = """
SELECT EXISTS (
    SELECT FROM runs WHERE athlete_id = $1 AND kind = 'summary' AND period = $2
    AND status IN ('succeeded', 'failed', 'cancelled') AND (data_version, as_of) >= ($3, $4)
)
"""
QUEUED = """
SELECT id FROM runs WHERE athlete_id = $1 AND kind = $2 AND period IS NOT DISTINCT FROM $3 AND status = 'queued'
ORDER BY created_at, id LIMIT 1
"""
SUMMARY_QUEUED = """
SELECT EXISTS (SELECT FROM runs WHERE athlete_id = $1 AND kind = 'summary' AND status = 'queued')
"""
CANCELLED = (
    "SELECT kind, status, data_version, as_of FROM runs WHERE athlete_id = $1 AND id = $2 AND status = 'cancelled'"
)
FORGET_SUMMARY = "DELETE FROM step_documents WHERE athlete_id = $1 AND name = 'summary'"
