#!/bin/bash
# The simulation of tests/simulation on many seeds, by two processes; a seed alone (SEED=17) is also shortened when it fails.
source "$(dirname "$0")/lib.sh"
need_everything
need_module_database
write_conf simulate
export CADENCE_TEMPLATE_DB=$MODULE_DB PYTHONHASHSEED=0 PYTHONDONTWRITEBYTECODE=1
cd "$STATE"

simulate() { python "$ROOT/dev/simulate.py" --days "${DAYS:-20}" --people "${PEOPLE:-120}" --without "${WITHOUT:-}" "$@"; }

if [[ -n ${SEED:-} ]]; then
    simulate --first "$SEED" --seeds 1 --shrink &
    STARTED+=($!)
else
    JOBS=${JOBS:-2}
    for ((job = 0; job < JOBS; job++)); do
        simulate --first $((${FIRST:-1} + job)) --seeds $((${SEEDS:-200} - job)) --step "$JOBS" &
        STARTED+=($!)
    done
fi
failed=0
for process in "${STARTED[@]}"; do wait "$process" || failed=1; done
exit $failed
