#!/bin/bash
# bench/run.py and bench/intake.py in an Odoo shell, on databases which the first fills the first time.
DB=bench "$(dirname "$0")/shell.sh" <"$(dirname "$0")/../bench/run.py"
DB=bench_small exec "$(dirname "$0")/shell.sh" <"$(dirname "$0")/../bench/intake.py"
