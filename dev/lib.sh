# Shared by the commands of this folder; sourced, so that each of them reads as its steps.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
MODULE=mass_mailing_cadence
CACHE=${CADENCE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/mailing-cadence}  # shared by clones: Odoo, Python, the base database
STATE=${CADENCE_STATE:-$ROOT/.dev}                                       # of this clone: PostgreSQL, filestore, mails, logs
STARTED=()                                                               # processes to end on exit
unset MAKEFLAGS MFLAGS MAKELEVEL

say() { echo "» $*" >&2; }
die() { echo "✗ $*" >&2; exit 1; }
short_hash() { sha1sum | cut -c1-12; }

# quietly LOG COMMAND…: its output goes into a log, whose place is told when the command fails.
quietly() {
    local log=$STATE/log/$1.log status=0
    shift
    "$@" >"$log" 2>&1 </dev/null || status=$?
    ((status == 0)) || die "failed: $(tail -n 40 "$log" | grep -E '[^[:space:]]' | tail -n 1 | cut -c1-300) (more in $log)"
}

# with_lock FILE COMMAND…: one at a time, also over clones where the file is in the cache. What stays behind closes fd 8.
with_lock() {
    exec 8>"$1"
    flock -n 8 || { say "Waiting for another command that is setting up …"; flock 8; }
    "${@:2}"  # no `||`, which would switch `set -e` off in it
    exec 8>&-
}

cleanup() {
    local status=$? pid
    trap - EXIT INT TERM
    for pid in "${STARTED[@]}"; do kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null || true; done
    stop_postgres
    exit $status
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

source "$ROOT/dev/setup.sh"
source "$ROOT/dev/linters.sh"
source "$ROOT/dev/database.sh"
