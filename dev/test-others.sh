#!/bin/bash
# Odoo's and OCA's own tests, without this module and with it: prints which fail only with it, and fails if one does.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/others.sh"
need_everything chromium fonts-noto-cjk
need_module_database

new=0
for suite in ${SUITES:-$ODOO_SUITES $OCA_SUITES}; do
    if [[ " $ODOO_SUITES " != *" $suite "* ]] && ! need_oca_suite "$suite"; then
        say "$suite: $(tail -n 1 "$STATE/log/oca.log")"
        new=1
        continue
    fi
    version=$(suite_version "$suite")
    # Without this module the result is the same until the suite or Odoo changes.
    kept=$CACHE/others/$suite-$({ echo "$version"; base_key; declare -f run_suite; } | short_hash)
    for with in without with; do
        if [[ $with == without && -f $kept.txt ]]; then
            mkdir -p "$STATE/others"
            for kind in txt sum; do cp "$kept.$kind" "$STATE/others/$suite-without.$kind"; done
            continue
        fi
        say "Testing $suite $with this module …"
        run_suite "$suite" "$with" || new=1
    done
    if [[ ! -f $STATE/others/$suite-without.sum || ! -f $STATE/others/$suite-with.sum ]]; then
        say "$suite did not run: see $STATE/log"
        new=1
        continue
    fi
    mkdir -p "$CACHE/others"
    for kind in txt sum; do cp "$STATE/others/$suite-without.$kind" "$kept.$kind"; done
    echo "$suite ($version): without $(cat "$STATE/others/$suite-without.sum"); with $(cat "$STATE/others/$suite-with.sum")"
    while read -r sign test; do
        case $sign in +) echo "  fails with this module only: $test"; new=1 ;; -) echo "  fails without it only: $test" ;; esac
    done < <(diff --old-line-format='- %L' --new-line-format='+ %L' --unchanged-line-format='' \
        "$STATE/others/$suite-without.txt" "$STATE/others/$suite-with.txt" || true)
done
exit $new
