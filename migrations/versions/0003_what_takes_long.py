"""What takes long after 0002: checks are validated and indexes built while everybody goes on working.

Compatible with the code before it: nothing changes its meaning. Each statement commits by itself and may be repeated,
so a migration that was interrupted is simply run again. Own exercises from before 0002 get their version, so that the
change feed shows them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

CHECKS = (
    ("workout_revisions", "action"),
    ("set_entries", "load_has_unit"),
    ("runs", "kind"),
    ("set_details", "not_empty"),
    ("workouts", "import"),
)
# Name, table, columns and condition.
INDEXES = (
    ("ix_workouts_changes", "workouts", ["athlete_id", "data_version"], None),
    ("ix_workouts_import", "workouts", ["athlete_id", "import_id"], "import_id IS NOT NULL"),
    ("ix_exercises_changes", "exercises", ["owner_id", "data_version"], "owner_id IS NOT NULL"),
)
# One athlete after the other would be kinder to the clocks; there are few own exercises this old.
NUMBER = """
WITH late AS (
    SELECT id, owner_id, row_number() OVER (PARTITION BY owner_id ORDER BY id) AS place FROM exercises
    WHERE owner_id IS NOT NULL AND data_version IS NULL
), raised AS (
    UPDATE athlete_clocks SET data_version = data_version + (SELECT count(*) FROM late WHERE owner_id = athlete_id)
    WHERE athlete_id IN (SELECT owner_id FROM late) RETURNING athlete_id, data_version
)
UPDATE exercises SET data_version = raised.data_version + 1 - late.place
FROM late JOIN raised ON raised.athlete_id = late.owner_id WHERE exercises.id = late.id
"""


def upgrade() -> None:
    with op.get_context().autocommit_block():
        # Building waits for every transaction that was there before it, a backup for one; it blocks nobody.
        op.execute("SET lock_timeout = 0")
        op.execute(NUMBER)
        for table, name in CHECKS:
            op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT ck_{table}_{name}")
        for name, table, columns, condition in INDEXES:
            # What an interrupted build leaves behind is invalid.
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            where = None if condition is None else sa.text(condition)
            op.create_index(name, table, columns, postgresql_where=where, postgresql_concurrently=True)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '3s'")
    for name, _, _, _ in INDEXES:
        op.execute(f"DROP INDEX IF EXISTS {name}")
