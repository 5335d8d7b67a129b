#!/bin/bash
# An Odoo shell on the database of `make run`, or on DB, created with the module and no demo data when missing.
source "$(dirname "$0")/lib.sh"
exec {script}<&0
need_everything
if [[ -z ${DB:-} || $DB == "$RUN_DB" ]]; then
    DB=$RUN_DB
    need_run_database
elif ! database_exists "$DB"; then
    need_module_database
    say "Creating the database $DB …"
    copy_database "$MODULE_DB" "$DB"
fi
odoo shell -d "$DB" --no-http --log-level=warn <&"$script"
