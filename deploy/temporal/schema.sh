#!/bin/sh
# Creates Temporal's two databases and brings their schemas to the version of this image. Safe to run again.
set -eu

schema=/etc/temporal/schema/postgresql/v12
for database in temporal visibility; do
    name=temporal
    test "$database" = temporal || name=temporal_visibility
    tool="temporal-sql-tool --plugin postgres12 --ep $POSTGRES_SEEDS --port $DB_PORT --user $POSTGRES_USER --db $name"
    $tool create
    $tool setup-schema --version 0.0
    $tool update-schema --schema-dir "$schema/$database/versioned"
done
