#!/bin/bash
# Every screen of the demo database in English and Chinese at three widths, as pictures, and what is wider than its screen.
source "$(dirname "$0")/lib.sh"
PORT=${PORT:-8079}
need_everything chromium fonts-noto-cjk
exec 7>"$STATE/screenshots.lock"
flock -n 7 || die "another make screenshots is going on in this clone"
need_run_database
copy_database "$RUN_DB" "${RUN_DB}_screens"
start_catcher "$STATE/screenshot-mails"
write_conf screenshots "smtp_server = 127.0.0.1" "smtp_port = $CADENCE_SMTP_PORT" "http_port = $PORT" "workers = 0"
[[ -n ${DAY_IS_RUN:-} ]] || CADENCE_URL=http://127.0.0.1:$PORT odoo shell -d "${RUN_DB}_screens" --no-http --log-level=warn <"$ROOT/dev/run.py" >&2
python -m odoo server -c "$CONF" -d "${RUN_DB}_screens" --logfile="$STATE/log/screenshots.log" 2>>"$STATE/log/screenshots.err" &
server=$!  # of Python itself: a function would run it in a shell of its own, which alone would be killed
STARTED+=($server)
until (exec 3<>"/dev/tcp/127.0.0.1/$PORT") 2>/dev/null; do kill -0 $server || die "Odoo did not start: see $STATE/log/screenshots.log"; sleep 0.5; done
OUT=$STATE/screenshots/screens
mkdir -p "$OUT"
python "$ROOT/dev/screenshots.py" "http://127.0.0.1:$PORT" "${RUN_DB}_screens" "$OUT" "${SCREENS:-}"
say "The pictures are in $OUT"
# It waits for the browser's websocket when it is asked politely, and its locks with it.
kill -KILL "$server"
