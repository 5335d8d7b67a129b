#!/bin/bash
# Linters, then pytest on a fresh copy of a database with the module. ARGS go to pytest; a tests/… path narrows the run
# (and leaves the slow linters to the whole one).
source "$(dirname "$0")/lib.sh"
source "$ROOT/dev/others.sh"
eval "arguments=(${ARGS:-})"
case " ${arguments[*]} " in *" tests/"*) lint ruff ;; *) lint ;; esac
need_everything chromium fonts-noto-cjk
exec 7>"$STATE/test.lock"
flock -n 7 || die "another make test is running in this clone"

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
# All tests: a worker a core, each with a copy of the database, and Odoo's own tests of mailings with the module beside them.
others=
if [[ " ${paths[*]} " == *" $ADDON/tests "* && -z ${ARGS:-} ]]; then
    paths+=(--numprocesses "$(($(nproc) < 4 ? $(nproc) : 4))" --dist loadfile --no-loadscope-reorder)
    (trap - EXIT INT TERM; renice -n 10 $BASHPID >/dev/null; run_suite test_mass_mailing with) &
    others=$!
    STARTED+=("$others")
fi
export CADENCE_DB=$TEST_DB CADENCE_TEMPLATE_DB=$MODULE_DB CADENCE_BASE_DB=$BASE_DB CADENCE_FORKS=$ROOT/dev/pytest/odoo_forks.py \
    HYPOTHESIS_STORAGE_DIRECTORY=$STATE/hypothesis PYTHONDONTWRITEBYTECODE=1

say "Running the tests …"
cd "$STATE"
# The path through the link names the module, see need_folders.
PYTHONPATH=$ROOT/dev/pytest python -m pytest -p worker_filestore -p long_first -p slow_machine -p real_durations -c "$ADDON/pyproject.toml" --rootdir="$ADDON" -o cache_dir="$STATE/pytest" \
    --odoo-config="$CONF" --odoo-database="$TEST_DB" --odoo-http "${paths[@]}" &
pytest=$!
STARTED+=("$pytest")
status=0
wait "$pytest" || status=$?
if [[ -n $others ]]; then
    wait "$others" || status=1
    say "Odoo's test_mass_mailing with this module: $(cat "$STATE/others/test_mass_mailing-with.sum")"
    [[ ! -s $STATE/others/test_mass_mailing-with.txt ]] || { cat "$STATE/others/test_mass_mailing-with.txt"; status=1; }
fi
exit $status
