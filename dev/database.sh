# The PostgreSQL of this clone and the databases in it.
#   base    Odoo with Email Marketing, CRM and Contacts, no demo data: made once, kept in the cache for other clones
#   module  base and this module, assets built: what tests and `make shell DB=…` copy
#   run     base and this module with its demo data: what `make run` shows

CLONE=$(echo "$ROOT" | short_hash)

own_postgres() { [[ -z ${CADENCE_PG_FOREIGN-${PGHOST-}${PGPORT-}} ]]; }
postgres_package() { if own_postgres; then echo postgresql; else echo postgresql-client; fi; }

postgres_bin() {
    local initdb
    initdb=$(compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -V | tail -n 1) || initdb=$(type -P initdb) || return 1
    dirname "$initdb"
}

# PostgreSQL refuses to run as root.
as_postgres() {
    if ((EUID == 0)); then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}

start_postgres() {
    if own_postgres; then
        BIN=$(postgres_bin)
        PG=$STATE/pg
        # Another user cannot reach into folders such as /root, and a socket's path holds 107 characters.
        if ((${#PG} > 90)) || ! as_postgres test -x "$STATE" 2>/dev/null; then PG=/var/tmp/mailing-cadence-$CLONE/pg; fi
        with_lock "$STATE/setup.lock" start_cluster
        export PGHOST=$PG PGPORT=5432 PGUSER=odoo CADENCE_PG_FOREIGN=
        SUFFIX=
    else
        export PGHOST=${PGHOST:-/var/run/postgresql} PGPORT=${PGPORT:-5432} PGUSER=${PGUSER:-$(id -un)}
        [[ $PGUSER != postgres ]] || die "Odoo refuses to work as the database user postgres: set PGUSER to another role"
        [[ $(sql "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user" 2>/dev/null) == t ]] \
            || die "no PostgreSQL that lets $PGUSER create databases answers at $PGHOST, port $PGPORT"
        SUFFIX=_$CLONE
    fi
    BASE_DB=cadence_base$SUFFIX MODULE_DB=cadence_module$SUFFIX RUN_DB=cadence$SUFFIX TEST_DB=cadence_test$SUFFIX
}

start_cluster() {
    # Whoever uses the cluster holds a shared lock; the last one stops it.
    exec 9>"$STATE/users.lock"
    flock -s 9
    [[ -d $PG ]] || make_cluster
    as_postgres "$BIN/pg_ctl" -D "$PG" status >/dev/null 2>&1 && return
    # Data that can be made anew: no waiting for the disk. The socket's folder is closed to other users.
    quietly postgres as_postgres "$BIN/pg_ctl" -D "$PG" -l "$PG/server.log" -w -t 120 start \
        -o "-k '$PG' -p 5432 -c listen_addresses='' -c fsync=off -c shared_buffers=512MB -c max_wal_size=4GB" 8>&- 9>&-
}

make_cluster() {
    say "Making a PostgreSQL cluster in $PG …"
    rm -rf "$PG.new"
    mkdir -p "$PG.new"
    chmod 755 "$(dirname "$PG")"
    ((EUID != 0)) || chown postgres: "$PG.new"
    quietly postgres as_postgres "$BIN/initdb" -D "$PG.new" -U odoo -A trust -E UTF8 --locale=C.UTF-8
    mv "$PG.new" "$PG"
}

stop_postgres() {
    [[ -n ${PG:-} ]] && flock -n -x 9 2>/dev/null || return 0
    as_postgres "$BIN/pg_ctl" -D "$PG" -m fast stop >/dev/null 2>&1 9>&- || true
}

sql() { psql -X -q -t -A -v ON_ERROR_STOP=1 -d "${2:-postgres}" -c "$1"; }

# write_conf NAME [LINE…]: the configuration of a command, in $STATE/NAME.conf
write_conf() {
    local name=$1 addons=$ODOO/odoo/addons
    shift
    [[ ! -d $ODOO/addons/web ]] || addons+=,$ODOO/addons
    CONF=$STATE/$name.conf
    printf '%s\n' '[options]' "db_host = $PGHOST" "db_port = $PGPORT" "db_user = $PGUSER" "data_dir = $STATE/data" \
        "addons_path = $addons,$ADDONS" "screenshots = $STATE/screenshots" "http_interface = 127.0.0.1" \
        "max_cron_threads = 0" "log_handler = py.warnings:ERROR" "$@" >"$CONF"
    export CADENCE_ODOO_CONF=$CONF
}

odoo() { python -m odoo "$1" -c "$CONF" "${@:2}"; }

# odoo_step DATABASE ARGUMENT…: run the server for an installation or upgrade; an error in its log is a failure too.
odoo_step() {
    local log=$STATE/log/$1.log
    if ! odoo server -d "$1" --no-http --stop-after-init --log-level=warn "${@:2}" >"$log" 2>&1 </dev/null \
            || grep -qE ' (ERROR|CRITICAL) ' "$log"; then
        grep -E '^[A-Za-z_.]*(Error|Exception|Warning)|(ERROR|CRITICAL) ' "$log" | tail -n 5 | cut -c1-400 >&2
        die "Odoo failed on the database $1: the whole story is in $log"
    fi
}

database_exists() { [[ $(sql "SELECT count(*) FROM pg_database WHERE datname = '$1'") == 1 ]]; }

drop_database() {
    dropdb --if-exists --force "$1" 2>/dev/null
    rm -rf "$STATE/data/filestore/${1:?}"
}

copy_database() {
    drop_database "$2"
    createdb -T "$1" "$2"
    mkdir -p "$STATE/data/filestore"
    [[ ! -d $STATE/data/filestore/$1 ]] || cp -r "$STATE/data/filestore/$1" "$STATE/data/filestore/$2"
}

# build_database NAME KEY BUILDER: call `BUILDER NAME` unless the database was built from the same key.
build_database() {
    [[ $(database_key "$1") == "$2" && -d $STATE/data/filestore/$1 ]] && return
    drop_database "$1"
    "$3" "$1"
    set_database_key "$1" "$2"
}

database_key() { sql "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '$1'"; }
set_database_key() { sql "COMMENT ON DATABASE \"$1\" IS '$2'"; }

base_key() {
    {
        sed '/^# Tests and development/q' "$ROOT/dev/requirements.txt"
        cat "$ODOO/odoo/release.py"
        declare -f make_base warm_assets
        cat "$CACHE/odoo-19/.ready" 2>/dev/null || true
        [[ -z ${ODOO_PATH:-} ]] || { echo "$ODOO"; git -C "$ODOO" rev-parse HEAD 2>/dev/null || true; }
        psql --version
    } | short_hash
}

make_base() {
    local kept
    kept=$CACHE/base-$(base_key)
    if [[ -d $kept ]]; then
        say "Copying the base database from the cache …"
        createdb -T template0 -E UTF8 -l C "$1"
        quietly restore pg_restore --no-owner -j 2 -d "$1" "$kept/database.dump"
        mkdir -p "$STATE/data/filestore/$1"
        tar -xf "$kept/filestore.tar" -C "$STATE/data/filestore/$1"
        return
    fi
    say "Making the base database with Odoo's Email Marketing (1 or 2 minutes) …"
    # Loading zh_CN alone would deactivate English in a new database.
    odoo_step "$1" -i mass_mailing_crm,contacts --load-language=en_US,zh_CN --without-demo
    warm_assets "$1"
    local new
    new=$(mktemp -d "$kept.XXXXXX")
    quietly dump pg_dump -Fc -Z1 -f "$new/database.dump" "$1"
    tar -cf "$new/filestore.tar" -C "$STATE/data/filestore/$1" .
    mv -T "$new" "$kept" 2>/dev/null || rm -rf "$new"
}

# warm_assets DATABASE [BUNDLE…]: build them, or all there are. The first page would do it, which on a small machine
# outlasts a tour's time limit. The base's are all built once; on top of it the module only changes those that it adds to.
warm_assets() {
    local build='env["ir.qweb"]._pregenerate_assets_bundles()'
    (($# == 1)) || build="[(b.js(), b.css()) for name in '${*:2}'.split()
        for b in [env['ir.qweb']._get_asset_bundle(name, js=True, css=True)]]"
    odoo shell -d "$1" --no-http >"$STATE/log/assets.log" 2>&1 <<<"$build"$'\nenv.cr.commit()' \
        || die "the web assets failed: see $STATE/log/assets.log"
}

# Changes with everything that an installed module is made of.
source_key() {
    (cd "$ROOT" && find . \( -name '.?*' -o -name __pycache__ -o -path ./tests -o -path ./bench -o -path ./dev \) -prune -o \
        -type f ! -name '*.md' -print0 | sort -z | xargs -0 sha1sum; database_key "$BASE_DB") | short_hash
}

need_module_database() {
    with_lock "$STATE/setup.lock" build_database "$MODULE_DB" "$(source_key)" make_module
}

make_module() {
    say "Installing the module …"
    copy_database "$BASE_DB" "$1"
    odoo_step "$1" -i "$MODULE" --without-demo
}

need_assets() { with_lock "$STATE/setup.lock" build_assets "$STATE/data/filestore/$MODULE_DB/.assets"; }

# The mark lies in the filestore, which goes with the database.
build_assets() {
    [[ ! -e $1 ]] || return 0
    say "Building the web assets …"
    warm_assets "$MODULE_DB" web.assets_{web,tests,unit_tests_setup,unit_tests}
    touch "$1"
}

# The data of `make run` outlive changes of the source: the module is upgraded, not installed anew.
need_run_database() {
    with_lock "$STATE/setup.lock" update_run_database "$(source_key)"
}

update_run_database() {
    local key
    key=$(database_key "$RUN_DB")
    [[ $key != "$1" ]] || return 0
    if [[ -n $key ]]; then
        say "Upgrading the module …"
        odoo_step "$RUN_DB" -u "$MODULE"
    else
        say "Installing the module with its demo data …"
        copy_database "$BASE_DB" "$RUN_DB"
        # Demo data are only loaded on top of modules that have theirs; we want ours alone.
        sql "UPDATE ir_module_module SET demo = true WHERE state = 'installed'" "$RUN_DB"
        odoo_step "$RUN_DB" -i "$MODULE" --with-demo
        [[ $(sql "SELECT demo FROM ir_module_module WHERE name = '$MODULE'" "$RUN_DB") == t ]] \
            || die "the demo data failed to load: see $STATE/log/$RUN_DB.log"
        sql "UPDATE ir_module_module SET demo = false WHERE name != '$MODULE'" "$RUN_DB"
        say "Building the web assets …"
        warm_assets "$RUN_DB" web.assets_web
    fi
    set_database_key "$RUN_DB" "$1"
}

# start_catcher FOLDER: a mail server on loopback that writes each mail it gets into the folder.
start_catcher() {
    local port
    mkdir -p "$1"
    exec {port}< <(exec python "$ROOT/dev/catcher.py" "$1" 2>"$STATE/log/catcher.log")
    STARTED+=($!)
    read -r -t 20 CADENCE_SMTP_PORT <&"$port" || die "the mail catcher did not start: see $STATE/log/catcher.log"
    export CADENCE_SMTP_PORT CADENCE_SMTP_DIR=$1
}
