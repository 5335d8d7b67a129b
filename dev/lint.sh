#!/bin/bash
# lint.sh [ruff] [pylint] [prettier] [format]: all checks, or those that are named; `format` writes what prettier wants.
source "$(dirname "$0")/lib.sh"
lint "$@"
