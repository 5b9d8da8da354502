#!/usr/bin/env bash
# A pgbouncer in transaction mode in front of our PostgreSQL, from Debian's package.   pgbouncer.sh start | stop
#   PGBOUNCER_PORT=6442  PG_PORT=5442     prints the URI of the database called latchkey behind it
set -euo pipefail

PGBOUNCER_PORT=${PGBOUNCER_PORT:-6442} PG_PORT=${PG_PORT:-5442}
FOLDER=${E2E_STATE:-/tmp}/pgbouncer-$PGBOUNCER_PORT

# pgbouncer refuses to run as root.
if [ "$(id -u)" = 0 ]; then
  FOLDER=/var/lib/postgresql/latchkey-e2e-pgbouncer-$PGBOUNCER_PORT
  as_postgres() { (cd / && runuser -u postgres -- "$@"); }
else
  as_postgres() { "$@"; }
fi
pid() { as_postgres cat "$FOLDER/pid" 2>/dev/null || true; }
alive() { [ -n "$(pid)" ] && kill -0 "$(pid)" 2>/dev/null; }

start() {
  stop
  as_postgres mkdir -p "$FOLDER"
  as_postgres tee "$FOLDER/ini" >/dev/null <<INI
[databases]
* = host=127.0.0.1 port=$PG_PORT user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = $PGBOUNCER_PORT
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 4
max_client_conn = 100
ignore_startup_parameters = extra_float_digits
logfile = $FOLDER/log
pidfile = $FOLDER/pid
INI
  as_postgres /usr/sbin/pgbouncer -q -d "$FOLDER/ini"
  for _ in $(seq 100); do
    psql -h 127.0.0.1 -p "$PGBOUNCER_PORT" -U postgres -XAtqc 'select 1' latchkey >/dev/null 2>&1 && break
    sleep 0.1
  done
  echo "postgresql://postgres@127.0.0.1:$PGBOUNCER_PORT/latchkey"
}

stop() {
  alive || return 0
  kill "$(pid)"
  for _ in $(seq 100); do
    alive || break
    sleep 0.1
  done
}

case ${1:-} in
  start | stop) "$1" ;;
  *) sed -n '2,3s/^# \{0,1\}//p' "$0"; exit 64 ;;
esac
