# Tests of other people's modules on a database with this module or without it, by Odoo's own runner.
#   run_suite SUITE with|without   writes the names of the tests that fail into $STATE/others/SUITE-WITH.txt

ODOO_SUITES="test_mass_mailing mass_mailing mass_mailing_crm test_lint"
OCA_SUITES="mail_tracking mail_tracking_mass_mailing mass_mailing_resend mass_mailing_partner mass_mailing_list_dynamic
    partner_firstname mail_post_defer"

# OCA's modules are packages of PyPI; one that depends on another of them is looked for beside it.
need_oca_suite() {
    local folder=$CACHE/oca-19/$1
    [[ -d $folder ]] && return
    mkdir -p "$CACHE/oca-19"
    say "Downloading OCA's $1 …"
    rm -rf "$folder.new"
    python -m pip install -q --disable-pip-version-check --no-deps --no-compile --target "$folder.new" \
        "odoo-addon-${1//_/-}==19.0.*" >"$STATE/log/oca.log" 2>&1 </dev/null || return 1
    mv -T "$folder.new" "$folder" 2>/dev/null || [[ -d $folder ]]
}

suite_version() {
    [[ " $ODOO_SUITES " == *" $1 "* ]] && echo "of Odoo" && return
    compgen -G "$CACHE/oca-19/$1/*.dist-info" | sed -E 's/.*-(19[^-]*)\.dist-info/\1/'
}

run_suite() {
    local suite=$1 with=$2 database=cadence_others_$BASHPID from=$MODULE_DB log=$STATE/log/others-$1-$2.log port addons libraries=
    [[ $with == with ]] || from=$BASE_DB
    addons=$(sed -n 's/^addons_path = //p' "$CONF")
    [[ " $ODOO_SUITES " == *" $suite "* ]] || addons+=,$(compgen -G "$CACHE/oca-19/*/odoo/addons" | paste -sd,)
    copy_database "$from" "$database"
    port=$(python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    # Odoo's own lint reads Python with a library that Odoo does not ask for; the linters have it.
    [[ $suite != test_lint ]] || { need_linters; libraries=$(compgen -G "$LINT/lib/python*/site-packages"); }
    # Only the tests of a module that is installed or updated now are run at its installation.
    PYTHONPATH=$libraries python -m odoo server -c "$CONF" --addons-path "$addons" -d "$database" -i "$suite" -u "$suite" --test-tags "/$suite" --stop-after-init \
        --http-port "$port" --gevent-port "$((port + 1))" --log-level=info >"$log" 2>&1 </dev/null 9>&- || true
    drop_database "$database"
    grep -qE 'odoo\.tests\.result: ' "$log" || { say "$suite was not tested, see $log"; return 1; }
    mkdir -p "$STATE/others"
    { grep -oE '(FAIL|ERROR): (Subtest )?[A-Za-z]\w*\.\w+' "$log" || true; } | sed -E 's/.* //' | sort -u >"$STATE/others/$suite-$with.txt"
    grep -oE '[0-9]+ failed, [0-9]+ error\(s\) of [0-9]+ tests' "$log" | tail -n 1 >"$STATE/others/$suite-$with.sum"
}
