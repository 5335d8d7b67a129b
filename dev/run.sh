#!/bin/bash
# Today's cadence (or DATE's) on demo data, delivered to a mail catcher; then the UI, unless ONCE is set.
source "$(dirname "$0")/lib.sh"
PORT=${PORT:-8069}
URL=http://127.0.0.1:$PORT
[[ -z ${DATE:-} || ($DATE =~ ^[0-9]{4}-[0-9]{2}-[0-9]{2}$ && -n $(date -d "$DATE" +%F 2>/dev/null)) ]] || die "DATE=$DATE is no day: write 2026-02-28"
[[ $PORT =~ ^[0-9]+$ ]] || die "PORT=$PORT is no number"
answers() { (exec 3<>"/dev/tcp/127.0.0.1/$PORT") 2>/dev/null; }
[[ -n ${ONCE:-} ]] || ! answers || die "port $PORT is busy: choose another one, make run PORT=8070"

need_everything
exec 7>"$STATE/run.lock"
flock -n 7 || die "another make run is going on in this clone"
need_run_database
start_catcher "$STATE/mails"
write_conf run "smtp_server = 127.0.0.1" "smtp_port = $CADENCE_SMTP_PORT" "http_port = $PORT"
CADENCE_URL=$URL odoo shell -d "$RUN_DB" --no-http --log-level=warn <"$ROOT/dev/run.py"
[[ -z ${ONCE:-} ]] || exit 0

python -m odoo server -c "$CONF" -d "$RUN_DB" --max-cron-threads=1 --logfile="$STATE/log/server.log" 2>>"$STATE/log/server.err" &
server=$!
STARTED+=($server)
until answers; do kill -0 $server 2>/dev/null || die "Odoo did not start: see $STATE/log/server.log"; sleep 0.3; done
echo
echo "  $URL   login admin, password admin"
echo "  mails in $STATE/mails, log in $STATE/log/server.log, Ctrl-C stops"
wait $server
