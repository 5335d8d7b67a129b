#!/bin/bash
# Linters, then pytest on a fresh copy of a database with the module. ARGS go to pytest; a tests/… path narrows the run.
source "$(dirname "$0")/lib.sh"
lint
need_everything chromium fonts-noto-cjk
exec 7>"$STATE/test.lock"
flock -n 7 || die "another make test is running in this clone"

eval "arguments=(${ARGS:-})"
paths=()
for argument in "${arguments[@]}"; do
    case $argument in tests | tests/*) paths+=("$ADDON/$argument") ;; *) paths+=("$argument") ;; esac
done
[[ " ${paths[*]} " == *" $ADDON/tests"* ]] || paths+=("$ADDON/tests")

need_module_database
# Building the assets takes longer than the tests of a wing, and only these ask for pages.
case " ${paths[*]} " in *"/tests "* | *"/tests/journeys"*) need_assets ;; esac
copy_database "$MODULE_DB" "$TEST_DB"
rm -rf "$STATE/test-mails"
start_catcher "$STATE/test-mails"
write_conf test "smtp_server = 127.0.0.1" "smtp_port = $CADENCE_SMTP_PORT"
export CADENCE_DB=$TEST_DB CADENCE_TEMPLATE_DB=$MODULE_DB HYPOTHESIS_STORAGE_DIRECTORY=$STATE/hypothesis PYTHONDONTWRITEBYTECODE=1

say "Running the tests …"
cd "$STATE"
# The path through the link names the module, see need_folders.
python -m pytest -c "$ADDON/pyproject.toml" --rootdir="$ADDON" -o cache_dir="$STATE/pytest" \
    --odoo-config="$CONF" --odoo-database="$TEST_DB" --odoo-http "${paths[@]}" &
STARTED+=($!)
wait $!
