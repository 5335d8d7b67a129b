#!/bin/bash
source "$(dirname "$0")/lib.sh"
need_folders
need_packages python3-venv
need_odoo
need_python
python "$ROOT/dev/description.py"
