#!/bin/bash
# bench/run.py in an Odoo shell, on the database bench, which it fills the first time.
DB=bench exec "$(dirname "$0")/shell.sh" <"$(dirname "$0")/../bench/run.py"
