#!/bin/sh
# Creates and updates both databases. Safe to run again: an existing database is only updated.
set -eu

tool() { temporal-sql-tool --plugin postgres12 --ep "$POSTGRES_SEEDS" -p "$DB_PORT" -u "$POSTGRES_USER" --pw "$SQL_PASSWORD" "$@"; }

setup() {
  database=$1
  schema=$2
  tool --db "$database" create || echo "$database exists"
  tool --db "$database" setup-schema -v 0.0 || echo "$database has a schema"
  tool --db "$database" update-schema --schema-name "postgresql/v12/$schema"
}

setup temporal temporal
setup temporal_visibility visibility
