#!/bin/bash
# lint.sh [ruff] [pylint] [prettier] [format] [xml]: all checks, or those that are named; the last two write what prettier wants.
source "$(dirname "$0")/lib.sh"
lint "$@"
