#!/bin/bash
# The scripts of bench/ in an Odoo shell, on databases which they fill the first time; an empty script only creates one.
DB=bench "$(dirname "$0")/shell.sh" <"$(dirname "$0")/../bench/run.py"
DB=bench_send "$(dirname "$0")/shell.sh" <"$(dirname "$0")/../bench/send.py"
DB=bench_small "$(dirname "$0")/shell.sh" <"$(dirname "$0")/../bench/intake.py"
DB=bench_senders "$(dirname "$0")/shell.sh" <"$(dirname "$0")/../bench/senders.py"
DB=bench_follow_small "$(dirname "$0")/shell.sh" </dev/null
DB=bench_follow "$(dirname "$0")/shell.sh" <"$(dirname "$0")/../bench/follow_up.py"
DB=bench_screens LEDGER=12000000 "$(dirname "$0")/shell.sh" <"$(dirname "$0")/../bench/screens.py"
DB=bench_follow exec "$(dirname "$0")/shell.sh" <"$(dirname "$0")/../bench/results.py"
