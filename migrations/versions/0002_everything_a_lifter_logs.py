"""Everything a lifter logs: items beside workouts, imports, merges of exercises, and the order of the change feed.

Compatible with the code before it: new tables, new columns that are nullable or have a default, and wider checks. All
of it is one short transaction; what takes long, the migration after it does.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
JSONB = postgresql.JSONB(astext_type=sa.Text())
REFUSE_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change_of_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('loadstone.erasure', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$
"""
NEW_HISTORY = ("athlete_item_revisions", "exercise_revisions")
HISTORY = ("workout_revisions", *NEW_HISTORY)
# Table, name, what it allowed before and what it allows now.
CHECKS = (
    (
        "workout_revisions",
        "action",
        "action IN ('create', 'edit', 'delete')",
        "action IN ('create', 'edit', 'delete', 'restore')",
    ),
    (
        "set_entries",
        "load_has_unit",
        "(load_g IS NULL) = (load_unit IS NULL)",
        "(load_g IS NULL) = (load_unit IS NULL) OR (load_unit IS NULL AND load_mode IS NOT DISTINCT FROM 5)",
    ),
    ("runs", "kind", "kind IN ('analysis', 'summary')", "kind IN ('analysis', 'summary', 'import')"),
    (
        "set_details",
        "not_empty",
        "load_text IS NOT NULL OR note IS NOT NULL",
        "load_text IS NOT NULL OR note IS NOT NULL OR extras IS NOT NULL",
    ),
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '3s'")
    _add_columns()
    _create_items()
    _create_imports()
    _create_exercise_tables()
    for table, name, _, now in CHECKS:
        _replace_check(table, name, now)
    op.create_check_constraint(
        op.f("ck_workouts_import"),
        "workouts",
        "(import_id IS NULL) = (import_version IS NULL)",
        postgresql_not_valid=True,
    )
    op.execute("ALTER TABLE set_entries ALTER CONSTRAINT fk_set_entries_exercises DEFERRABLE INITIALLY IMMEDIATE")
    op.execute(REFUSE_FUNCTION)
    for table in NEW_HISTORY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change_of_history()"
        )
    for table in HISTORY:
        op.execute(
            f"CREATE TRIGGER {table}_never_truncated BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_history()"
        )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '3s'")
    op.execute("DROP TRIGGER workout_revisions_never_truncated ON workout_revisions")
    op.execute("ALTER TABLE set_entries ALTER CONSTRAINT fk_set_entries_exercises NOT DEFERRABLE")
    op.drop_constraint(op.f("ck_workouts_import"), "workouts")
    for table in ("exercise_revisions", "exercise_merges", "import_chunks", "import_parts", "imports"):
        op.drop_table(table)
    op.drop_table("athlete_item_revisions")
    op.drop_table("athlete_items")
    op.execute("ALTER TABLE workout_revisions DISABLE TRIGGER USER")
    op.execute("UPDATE workout_revisions SET action = 'edit' WHERE action = 'restore'")
    op.execute("ALTER TABLE workout_revisions ENABLE TRIGGER USER")
    op.execute("DELETE FROM runs WHERE kind = 'import'")
    op.execute("UPDATE set_entries SET load_g = NULL WHERE load_unit IS NULL")
    op.execute("DELETE FROM set_details WHERE load_text IS NULL AND note IS NULL")
    for table, name, before, _ in CHECKS:
        _replace_check(table, name, before)
        op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT ck_{table}_{name}")
    for table, columns in _columns().items():
        for column in columns:
            op.drop_column(table, column.name)


def _columns() -> dict[str, tuple[sa.Column[object], ...]]:
    return {
        "accounts": (sa.Column("settings_version", sa.BigInteger(), server_default="0", nullable=False),),
        "exercises": (
            sa.Column("joint_tags", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
            sa.Column("substitutions", postgresql.ARRAY(sa.Integer()), server_default=sa.text("'{}'"), nullable=False),
            sa.Column("data_version", sa.BigInteger(), nullable=True),
        ),
        "set_details": (sa.Column("extras", JSONB, nullable=True),),
        "workouts": (
            sa.Column("import_id", sa.Uuid(), nullable=True),
            sa.Column("import_version", sa.BigInteger(), nullable=True),
        ),
    }


def _add_columns() -> None:
    for table, columns in _columns().items():
        for column in columns:
            op.add_column(table, column)


def _replace_check(table: str, name: str, condition: str) -> None:
    """Rows that are there are looked at later, without the lock."""
    op.drop_constraint(op.f(f"ck_{table}_{name}"), table)
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, condition, postgresql_not_valid=True)


def _athlete(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["athlete_id"], ["accounts.id"], name=op.f(f"fk_{table}_accounts"), ondelete="CASCADE"
    )


def _create_items() -> None:
    op.create_table(
        "athlete_items",
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("data_version", sa.BigInteger(), nullable=False),
        sa.Column("schema_version", sa.SmallInteger(), nullable=False),
        sa.Column("record", sa.JSON(), nullable=True),
        sa.Column("create_digest", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("deleted_at", INSTANT, nullable=True),
        sa.CheckConstraint("(deleted_at IS NULL) = (record IS NOT NULL)", name=op.f("ck_athlete_items_record")),
        _athlete("athlete_items"),
        sa.PrimaryKeyConstraint("athlete_id", "kind", "id", name=op.f("pk_athlete_items")),
    )
    op.create_index("ix_athlete_items_changes", "athlete_items", ["athlete_id", "data_version"])
    op.create_table(
        "athlete_item_revisions",
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("data_version", sa.BigInteger(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("schema_version", sa.SmallInteger(), nullable=False),
        sa.Column("record", sa.JSON(), nullable=True),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("action IN ('create', 'edit', 'delete')", name=op.f("ck_athlete_item_revisions_action")),
        sa.CheckConstraint("(action = 'delete') = (record IS NULL)", name=op.f("ck_athlete_item_revisions_record")),
        sa.ForeignKeyConstraint(
            ["athlete_id", "kind", "item_id"],
            ["athlete_items.athlete_id", "athlete_items.kind", "athlete_items.id"],
            name=op.f("fk_athlete_item_revisions_athlete_items"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "athlete_id", "kind", "item_id", "data_version", name=op.f("pk_athlete_item_revisions")
        ),
    )


def _create_imports() -> None:
    op.create_table(
        "imports",
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("phase", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=True),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("unit_given", sa.SmallInteger(), nullable=True),
        sa.Column("unit", sa.SmallInteger(), nullable=True),
        sa.Column("receipt", JSONB, nullable=True),
        sa.Column("outcome", JSONB, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("published_at", INSTANT, nullable=True),
        sa.Column("undone_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "phase IN ('uploaded', 'asking', 'staged', 'published', 'undone', 'refused')",
            name=op.f("ck_imports_phase"),
        ),
        sa.CheckConstraint("unit_given IN (1, 2) AND unit IN (1, 2)", name=op.f("ck_imports_unit")),
        sa.CheckConstraint(
            "(phase IN ('published', 'undone')) = (published_at IS NOT NULL)", name=op.f("ck_imports_published")
        ),
        sa.CheckConstraint("(phase = 'undone') = (undone_at IS NOT NULL)", name=op.f("ck_imports_undone")),
        sa.ForeignKeyConstraint(
            ["athlete_id", "id"], ["runs.athlete_id", "runs.id"], name=op.f("fk_imports_runs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("athlete_id", "id", name=op.f("pk_imports")),
    )
    for table, extra in (("import_parts", ()), ("import_chunks", ("workouts", "sets"))):
        op.create_table(
            table,
            sa.Column("athlete_id", sa.Uuid(), nullable=False),
            sa.Column("import_id", sa.Uuid(), nullable=False),
            sa.Column("position", sa.SmallInteger(), nullable=False),
            *(sa.Column(name, sa.Integer(), nullable=False) for name in extra),
            sa.Column("content", sa.LargeBinary(), nullable=False),
            sa.ForeignKeyConstraint(
                ["athlete_id", "import_id"],
                ["imports.athlete_id", "imports.id"],
                name=op.f(f"fk_{table}_imports"),
                ondelete="CASCADE",
            ),
            sa.PrimaryKeyConstraint("athlete_id", "import_id", "position", name=op.f(f"pk_{table}")),
        )


def _create_exercise_tables() -> None:
    op.create_table(
        "exercise_merges",
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("exercise_id", sa.Integer(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("data_version", sa.BigInteger(), nullable=False),
        sa.Column("merged_at", INSTANT, nullable=False),
        sa.Column("undone_at", INSTANT, nullable=True),
        sa.CheckConstraint("exercise_id <> target_id", name=op.f("ck_exercise_merges_itself")),
        _athlete("exercise_merges"),
        sa.ForeignKeyConstraint(
            ["exercise_id"], ["exercises.id"], name=op.f("fk_exercise_merges_exercises"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["target_id"], ["exercises.id"], name="fk_exercise_merges_target"),
        sa.PrimaryKeyConstraint("athlete_id", "exercise_id", name=op.f("pk_exercise_merges")),
    )
    op.create_index("ix_exercise_merges_changes", "exercise_merges", ["athlete_id", "data_version"])
    op.create_table(
        "exercise_revisions",
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("exercise_id", sa.Integer(), nullable=False),
        sa.Column("data_version", sa.BigInteger(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("action IN ('create', 'edit')", name=op.f("ck_exercise_revisions_action")),
        _athlete("exercise_revisions"),
        sa.ForeignKeyConstraint(
            ["exercise_id"], ["exercises.id"], name=op.f("fk_exercise_revisions_exercises"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("athlete_id", "exercise_id", "data_version", name=op.f("pk_exercise_revisions")),
    )
