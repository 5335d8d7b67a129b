#!/bin/bash
# Terms to translate, by Odoo's own exporter, merged into the translations there are.
source "$(dirname "$0")/lib.sh"
need_everything
need_module_database
say "Exporting the terms …"
quietly pot python -m odoo i18n export -c "$CONF" -d "$MODULE_DB" -l pot -o "$STATE/$MODULE.pot" "$MODULE"
python "$ROOT/dev/pot.py" "$STATE/$MODULE.pot" "$ROOT/i18n"
