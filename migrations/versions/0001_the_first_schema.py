"""The first schema.

Compatible with the code before it: there is none.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# History is only ever added to. Erasure of an account deletes it, and says so by this setting in its transaction.
REFUSE_FUNCTION = """
CREATE FUNCTION refuse_change_of_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('loadstone.erasure', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'workout_revisions are append-only';
END $$
"""
REFUSE_TRIGGER = """
CREATE TRIGGER workout_revisions_append_only BEFORE UPDATE OR DELETE ON workout_revisions
FOR EACH ROW EXECUTE FUNCTION refuse_change_of_history()
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '3s'")
    op.create_table(
        "accounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("display_name", sa.String(), nullable=True),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("mass_unit", sa.SmallInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("email = lower(email) AND position('@' in email) > 1", name=op.f("ck_accounts_email")),
        sa.CheckConstraint("role IN ('athlete', 'coach', 'admin')", name=op.f("ck_accounts_role")),
        sa.CheckConstraint("mass_unit IN (1, 2)", name=op.f("ck_accounts_mass_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("email", name=op.f("uq_accounts_email")),
    )
    op.create_table(
        "pipelines",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", "position", name=op.f("pk_pipelines")),
    )
    op.create_index("uq_pipelines_step", "pipelines", ["name", "step"], unique=True)
    op.create_table(
        "athlete_clocks",
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("data_version", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("last_recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempted_version", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("analysed_version", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("analysed_on", sa.Date(), nullable=True),
        sa.Column("analysed_pipeline", sa.String(), nullable=True),
        sa.CheckConstraint("analysed_version <= attempted_version", name=op.f("ck_athlete_clocks_analysed")),
        sa.CheckConstraint("attempted_version <= data_version", name=op.f("ck_athlete_clocks_attempted")),
        sa.ForeignKeyConstraint(
            ["athlete_id"], ["accounts.id"], name=op.f("fk_athlete_clocks_accounts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("athlete_id", name=op.f("pk_athlete_clocks")),
    )
    op.create_index(
        "ix_athlete_clocks_lagging",
        "athlete_clocks",
        ["changed_at"],
        unique=False,
        postgresql_where="attempted_version < data_version",
    )
    op.create_index("ix_athlete_clocks_last_recorded_at", "athlete_clocks", ["last_recorded_at"], unique=False)
    op.execute("CREATE SEQUENCE custom_exercise_ids AS integer START WITH 10000 MINVALUE 10000")
    op.create_table(
        "exercises",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("public_id", sa.Uuid(), nullable=True),
        sa.Column("slug", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("aliases", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("muscles", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("pattern", sa.String(), nullable=False),
        sa.Column("equipment", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("mechanics", sa.String(), nullable=True),
        sa.Column("load_mode", sa.SmallInteger(), nullable=False),
        sa.Column("unilateral", sa.Boolean(), nullable=False),
        sa.Column("implements", sa.SmallInteger(), nullable=False),
        sa.Column("bodyweight_permille", sa.Integer(), nullable=False),
        sa.CheckConstraint("(owner_id IS NULL) = (id < 10000)", name=op.f("ck_exercises_custom_id")),
        sa.CheckConstraint("(owner_id IS NULL) = (public_id IS NULL)", name=op.f("ck_exercises_custom_public_id")),
        sa.CheckConstraint("(owner_id IS NULL) = (slug IS NOT NULL)", name=op.f("ck_exercises_catalogue_slug")),
        sa.CheckConstraint("bodyweight_permille BETWEEN 0 AND 1000", name=op.f("ck_exercises_bodyweight")),
        sa.CheckConstraint("implements IN (1, 2)", name=op.f("ck_exercises_implements")),
        sa.CheckConstraint("load_mode BETWEEN 1 AND 5", name=op.f("ck_exercises_load_mode")),
        sa.ForeignKeyConstraint(["owner_id"], ["accounts.id"], name=op.f("fk_exercises_accounts"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exercises")),
    )
    op.create_index("uq_exercises_owner_name", "exercises", ["owner_id", sa.literal_column("lower(name)")], unique=True)
    op.create_index("uq_exercises_owner_public_id", "exercises", ["owner_id", "public_id"], unique=True)
    op.create_index("uq_exercises_slug", "exercises", ["slug"], unique=True, postgresql_where="owner_id IS NULL")
    op.create_table(
        "idempotency_keys",
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("request_digest", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.Column("location", sa.String(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["athlete_id"], ["accounts.id"], name=op.f("fk_idempotency_keys_accounts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("athlete_id", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_table(
        "outbox",
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["athlete_id"], ["accounts.id"], name=op.f("fk_outbox_accounts"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("athlete_id", "id", name=op.f("pk_outbox")),
    )
    op.create_index("ix_outbox_id", "outbox", ["id"], unique=False)
    op.create_table(
        "refresh_tokens",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_refresh_tokens_accounts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_refresh_tokens")),
    )
    op.create_table(
        "runs",
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("trigger", sa.String(), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=True),
        sa.Column("data_version", sa.BigInteger(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.Column("waiting_for", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("problem", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(ended_at IS NOT NULL) = (status IN ('succeeded', 'failed', 'cancelled', 'superseded'))",
            name=op.f("ck_runs_ended"),
        ),
        sa.CheckConstraint("(status = 'failed') = (problem IS NOT NULL)", name=op.f("ck_runs_problem")),
        sa.CheckConstraint("(status = 'waiting') = (waiting_for IS NOT NULL)", name=op.f("ck_runs_waiting")),
        sa.CheckConstraint("kind IN ('analysis', 'summary')", name=op.f("ck_runs_kind")),
        sa.CheckConstraint(
            "status IN ('queued', 'running', 'waiting', 'succeeded', 'failed', 'cancelled', 'superseded')",
            name=op.f("ck_runs_status"),
        ),
        sa.ForeignKeyConstraint(["athlete_id"], ["accounts.id"], name=op.f("fk_runs_accounts"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("athlete_id", "id", name=op.f("pk_runs")),
    )
    op.create_index(
        "ix_runs_newest",
        "runs",
        ["athlete_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index("ix_runs_open", "runs", ["athlete_id", "kind"], unique=False, postgresql_where="ended_at IS NULL")
    op.create_table(
        "workouts",
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("performed_on", sa.Date(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("notes", sa.String(), nullable=True),
        sa.Column("session_rpe_tenths", sa.SmallInteger(), nullable=True),
        sa.Column("bodyweight_unit", sa.SmallInteger(), nullable=True),
        sa.Column("bodyweight_g", sa.Integer(), nullable=True),
        sa.Column("bodyweight_text", sa.String(), nullable=True),
        sa.Column("source_app", sa.String(), nullable=True),
        sa.Column("source_key", sa.String(), nullable=True),
        sa.Column("data_version", sa.BigInteger(), nullable=False),
        sa.Column("create_digest", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("representation", sa.SmallInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(bodyweight_g IS NULL) = (bodyweight_unit IS NULL)", name=op.f("ck_workouts_bodyweight_has_unit")
        ),
        sa.CheckConstraint("(source_app IS NULL) = (source_key IS NULL)", name=op.f("ck_workouts_source")),
        sa.CheckConstraint(
            "bodyweight_g BETWEEN 0 AND 650000 AND bodyweight_unit IN (1, 2)", name=op.f("ck_workouts_bodyweight")
        ),
        sa.CheckConstraint("data_version > 0", name=op.f("ck_workouts_data_version")),
        sa.CheckConstraint("ended_at >= started_at", name=op.f("ck_workouts_ends_after_start")),
        sa.CheckConstraint("session_rpe_tenths BETWEEN 0 AND 100", name=op.f("ck_workouts_session_rpe")),
        sa.ForeignKeyConstraint(["athlete_id"], ["accounts.id"], name=op.f("fk_workouts_accounts"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("athlete_id", "id", name=op.f("pk_workouts")),
    )
    op.create_index(
        "ix_workouts_newest",
        "workouts",
        ["athlete_id", sa.literal_column("started_at DESC"), sa.literal_column("id DESC")],
        unique=False,
        postgresql_where="deleted_at IS NULL",
    )
    op.create_index(
        "uq_workouts_source",
        "workouts",
        ["athlete_id", "source_app", "source_key"],
        unique=True,
        postgresql_where="source_app IS NOT NULL",
    )
    op.create_table(
        "set_entries",
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("workout_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("performed_on", sa.Date(), nullable=False),
        sa.Column("exercise_id", sa.Integer(), nullable=False),
        sa.Column("load_g", sa.Integer(), nullable=True),
        sa.Column("duration_ms", sa.Integer(), nullable=True),
        sa.Column("distance_mm", sa.Integer(), nullable=True),
        sa.Column("rest_s", sa.Integer(), nullable=True),
        sa.Column("load_unit", sa.SmallInteger(), nullable=True),
        sa.Column("load_mode", sa.SmallInteger(), nullable=True),
        sa.Column("reps", sa.SmallInteger(), nullable=True),
        sa.Column("rpe_tenths", sa.SmallInteger(), nullable=True),
        sa.Column("rir_tenths", sa.SmallInteger(), nullable=True),
        sa.Column("superset", sa.SmallInteger(), nullable=True),
        sa.Column("side", sa.SmallInteger(), nullable=True),
        sa.CheckConstraint("(load_g IS NULL) = (load_unit IS NULL)", name=op.f("ck_set_entries_load_has_unit")),
        sa.CheckConstraint(
            "duration_ms >= 0 AND distance_mm >= 0 AND rest_s >= 0", name=op.f("ck_set_entries_extents")
        ),
        sa.CheckConstraint(
            "kind BETWEEN 1 AND 10 AND load_mode BETWEEN 1 AND 5 AND side BETWEEN 1 AND 3",
            name=op.f("ck_set_entries_codes"),
        ),
        sa.CheckConstraint("load_g BETWEEN 0 AND 1200000 AND load_unit IN (1, 2)", name=op.f("ck_set_entries_load")),
        sa.CheckConstraint("position >= 0", name=op.f("ck_set_entries_position")),
        sa.CheckConstraint(
            "reps BETWEEN 0 AND 10000 AND superset BETWEEN 1 AND 1000", name=op.f("ck_set_entries_counts")
        ),
        sa.CheckConstraint(
            "rpe_tenths BETWEEN 0 AND 100 AND rir_tenths BETWEEN 0 AND 300", name=op.f("ck_set_entries_effort")
        ),
        sa.CheckConstraint("rpe_tenths IS NULL OR rir_tenths IS NULL", name=op.f("ck_set_entries_one_effort")),
        sa.ForeignKeyConstraint(
            ["athlete_id", "workout_id"],
            ["workouts.athlete_id", "workouts.id"],
            name=op.f("fk_set_entries_workouts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["exercise_id"], ["exercises.id"], name=op.f("fk_set_entries_exercises")),
        sa.PrimaryKeyConstraint("athlete_id", "workout_id", "position", name=op.f("pk_set_entries")),
    )
    op.create_table(
        "step_runs",
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("data_version", sa.BigInteger(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("params", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("inputs", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("output_digest", sa.String(), nullable=True),
        sa.Column("documents", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("git_revision", sa.String(), nullable=False),
        sa.Column("lock_digest", sa.String(), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.CheckConstraint("(status = 'failed') = (problem IS NOT NULL)", name=op.f("ck_step_runs_problem")),
        sa.CheckConstraint("(status = 'running') = (ended_at IS NULL)", name=op.f("ck_step_runs_ended")),
        sa.CheckConstraint("(status = 'succeeded') = (output_digest IS NOT NULL)", name=op.f("ck_step_runs_digest")),
        sa.CheckConstraint("status IN ('running', 'succeeded', 'failed')", name=op.f("ck_step_runs_status")),
        sa.ForeignKeyConstraint(
            ["athlete_id", "run_id"], ["runs.athlete_id", "runs.id"], name=op.f("fk_step_runs_runs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("athlete_id", "id", name=op.f("pk_step_runs")),
    )
    op.create_index("uq_step_runs_run_step", "step_runs", ["athlete_id", "run_id", "step"], unique=True)
    op.create_table(
        "workout_revisions",
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("workout_id", sa.Uuid(), nullable=False),
        sa.Column("data_version", sa.BigInteger(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("schema_version", sa.SmallInteger(), nullable=False),
        sa.Column("record", sa.JSON(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(action = 'delete') = (record IS NULL)", name=op.f("ck_workout_revisions_record")),
        sa.CheckConstraint("action IN ('create', 'edit', 'delete')", name=op.f("ck_workout_revisions_action")),
        sa.ForeignKeyConstraint(
            ["athlete_id", "workout_id"],
            ["workouts.athlete_id", "workouts.id"],
            name=op.f("fk_workout_revisions_workouts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("athlete_id", "workout_id", "data_version", name=op.f("pk_workout_revisions")),
    )
    op.create_index("uq_workout_revisions_clock", "workout_revisions", ["athlete_id", "data_version"], unique=True)
    op.create_table(
        "set_details",
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("workout_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("load_text", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.CheckConstraint("load_text IS NOT NULL OR note IS NOT NULL", name=op.f("ck_set_details_not_empty")),
        sa.ForeignKeyConstraint(
            ["athlete_id", "workout_id", "position"],
            ["set_entries.athlete_id", "set_entries.workout_id", "set_entries.position"],
            name=op.f("fk_set_details_set_entries"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("athlete_id", "workout_id", "position", name=op.f("pk_set_details")),
    )
    op.create_table(
        "step_documents",
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("step_run_id", sa.Uuid(), nullable=False),
        sa.Column("data_version", sa.BigInteger(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["athlete_id", "step_run_id"],
            ["step_runs.athlete_id", "step_runs.id"],
            name=op.f("fk_step_documents_step_runs"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["athlete_id"], ["accounts.id"], name=op.f("fk_step_documents_accounts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("athlete_id", "name", name=op.f("pk_step_documents")),
    )
    op.create_index(
        "ix_step_documents_analysed",
        "step_documents",
        ["written_at"],
        unique=False,
        postgresql_where=sa.text("name = 'progress'"),
    )
    op.execute(REFUSE_FUNCTION)
    op.execute(REFUSE_TRIGGER)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '3s'")
    op.execute("DROP TRIGGER workout_revisions_append_only ON workout_revisions")
    op.drop_index("ix_step_documents_analysed", table_name="step_documents")
    op.drop_table("step_documents")
    op.drop_table("set_details")
    op.drop_index("uq_workout_revisions_clock", table_name="workout_revisions")
    op.drop_table("workout_revisions")
    op.drop_index("uq_step_runs_run_step", table_name="step_runs")
    op.drop_table("step_runs")
    op.drop_table("set_entries")
    op.drop_index("uq_workouts_source", table_name="workouts", postgresql_where="source_app IS NOT NULL")
    op.drop_index("ix_workouts_newest", table_name="workouts", postgresql_where="deleted_at IS NULL")
    op.drop_table("workouts")
    op.drop_index("ix_runs_open", table_name="runs", postgresql_where="ended_at IS NULL")
    op.drop_index("ix_runs_newest", table_name="runs")
    op.drop_table("runs")
    op.drop_table("refresh_tokens")
    op.drop_index("ix_outbox_id", table_name="outbox")
    op.drop_table("outbox")
    op.drop_table("idempotency_keys")
    op.drop_index("uq_exercises_slug", table_name="exercises", postgresql_where="owner_id IS NULL")
    op.drop_index("uq_exercises_owner_public_id", table_name="exercises")
    op.drop_index("uq_exercises_owner_name", table_name="exercises")
    op.drop_table("exercises")
    op.drop_index("ix_athlete_clocks_last_recorded_at", table_name="athlete_clocks")
    op.drop_index(
        "ix_athlete_clocks_lagging", table_name="athlete_clocks", postgresql_where="attempted_version < data_version"
    )
    op.drop_table("athlete_clocks")
    op.drop_index("uq_pipelines_step", table_name="pipelines")
    op.drop_table("pipelines")
    op.drop_table("accounts")
    op.execute("DROP SEQUENCE custom_exercise_ids")
    op.execute("DROP FUNCTION refuse_change_of_history")
