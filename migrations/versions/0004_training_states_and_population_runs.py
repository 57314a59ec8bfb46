"""What an analysis need not read again, work on many athletes at once, and the diffs and promotions of steps.

Compatible with the code before it: new tables only.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
JSONB = postgresql.JSONB(astext_type=sa.Text())
TABLES = ("training_states", "population_runs", "population_chunks", "step_diffs", "promotions")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '3s'")
    _create_states()
    _create_population_runs()
    _create_population_chunks()
    _create_diffs()
    _create_promotions()


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '3s'")
    for table in reversed(TABLES):
        op.drop_table(table)


def _create_states() -> None:
    op.create_table(
        "training_states",
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("layout", sa.SmallInteger(), nullable=False),
        sa.Column("data_version", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("written_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["athlete_id"], ["accounts.id"], name=op.f("fk_training_states_accounts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("athlete_id", name=op.f("pk_training_states")),
    )


def _create_population_runs() -> None:
    op.create_table(
        "population_runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("trigger", sa.String(), nullable=False),
        sa.Column("requested_by", sa.String(), nullable=False),
        sa.Column("steps", JSONB, nullable=True),
        sa.Column("athletes", JSONB, nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("cancel_requested_at", INSTANT, nullable=True),
        sa.Column("problem", JSONB, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("started_at", INSTANT, nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "status IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')",
            name=op.f("ck_population_runs_status"),
        ),
        sa.CheckConstraint(
            "(ended_at IS NOT NULL) = (status IN ('succeeded', 'failed', 'cancelled'))",
            name=op.f("ck_population_runs_ended"),
        ),
        sa.CheckConstraint("(status = 'failed') = (problem IS NOT NULL)", name=op.f("ck_population_runs_problem")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_population_runs")),
    )
    op.create_index(
        "ix_population_runs_open", "population_runs", ["created_at"], postgresql_where=sa.text("ended_at IS NULL")
    )


def _create_population_chunks() -> None:
    op.create_table(
        "population_chunks",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("first_id", sa.Uuid(), nullable=False),
        sa.Column("last_id", sa.Uuid(), nullable=False),
        sa.Column("athletes", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("changed", sa.Integer(), nullable=True),
        sa.Column("unchanged", sa.Integer(), nullable=True),
        sa.Column("failed", sa.Integer(), nullable=True),
        sa.Column("sets", sa.BigInteger(), nullable=True),
        sa.Column("problem", JSONB, nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.CheckConstraint("status IN ('queued', 'succeeded', 'failed')", name=op.f("ck_population_chunks_status")),
        sa.CheckConstraint("(status = 'queued') = (ended_at IS NULL)", name=op.f("ck_population_chunks_ended")),
        sa.ForeignKeyConstraint(
            ["run_id"], ["population_runs.id"], name=op.f("fk_population_chunks_population_runs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "position", name=op.f("pk_population_chunks")),
    )


def _create_diffs() -> None:
    op.create_table(
        "step_diffs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("from_version", sa.SmallInteger(), nullable=True),
        sa.Column("to_version", sa.SmallInteger(), nullable=False),
        sa.Column("to_code", sa.String(), nullable=False),
        sa.Column("git_revision", sa.String(), nullable=False),
        sa.Column("athletes", sa.Integer(), nullable=False),
        sa.Column("athletes_changed", sa.Integer(), nullable=False),
        sa.Column("figures", JSONB, nullable=False),
        sa.Column("report", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_diffs")),
    )
    op.create_index("ix_step_diffs_step", "step_diffs", ["step", "from_version", "to_version", "created_at"])


def _create_promotions() -> None:
    op.create_table(
        "promotions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pipeline", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("from_version", sa.SmallInteger(), nullable=True),
        sa.Column("to_version", sa.SmallInteger(), nullable=False),
        sa.Column("diff_id", sa.Uuid(), nullable=False),
        sa.Column("population_run_id", sa.Uuid(), nullable=True),
        sa.Column("promoted_by", sa.String(), nullable=False),
        sa.Column("promoted_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["diff_id"], ["step_diffs.id"], name=op.f("fk_promotions_step_diffs")),
        sa.ForeignKeyConstraint(
            ["population_run_id"], ["population_runs.id"], name=op.f("fk_promotions_population_runs")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promotions")),
    )
    op.create_index("ix_promotions_step", "promotions", ["pipeline", "step", "promoted_at"])
