#!/bin/bash
# bench/run.* with Odoo's Python first in PATH, PG* set, and a database with the module (no demo data) to copy.
source "$(dirname "$0")/lib.sh"
need_everything
need_module_database
export CADENCE_TEMPLATE_DB=$MODULE_DB CADENCE_ADDON=$ADDON STATE
eval "arguments=(${ARGS:-})"
cd "$STATE"
if [[ -f $ROOT/bench/run.sh ]]; then
    bash "$ROOT/bench/run.sh" "${arguments[@]}"
elif [[ -f $ROOT/bench/run.py ]]; then
    python "$ROOT/bench/run.py" "${arguments[@]}"
else
    die "there is no bench/run.sh or bench/run.py"
fi
