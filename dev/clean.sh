#!/bin/bash
source "$(dirname "$0")/lib.sh"
need_folders
if own_postgres; then
    exec 9>"$STATE/users.lock"
    flock -n -x 9 || die "another command of this clone is running: stop it first"
    PG=$STATE/pg
    [[ ! -d /var/tmp/mailing-cadence-$CLONE ]] || PG=/var/tmp/mailing-cadence-$CLONE/pg
    BIN=$(postgres_bin) && stop_postgres
    rm -rf "/var/tmp/mailing-cadence-$CLONE"
else
    start_postgres
    for database in "$BASE_DB" "$MODULE_DB" "$RUN_DB" "$TEST_DB"; do drop_database "$database"; done
fi
unset PG
rm -rf "${STATE:?}" "${ADDONS:?}"
say "Forgotten: databases, mails and logs of this clone. The downloads stay in $CACHE"
