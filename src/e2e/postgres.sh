#!/usr/bin/env bash
# A PostgreSQL of our own, from Debian's packages.   postgres.sh start | stop | reset
#   PG_PORT=5442   start makes a cluster if there is none, and an empty database called latchkey; prints its URI.
#   PG_ENVIRONMENT="X=1 …"   variables of the server
set -euo pipefail

PG_PORT=${PG_PORT:-5442}
LATCHKEY_E2E_HOME=${LATCHKEY_E2E_HOME:-$HOME/.cache/latchkey-e2e}

# PostgreSQL refuses to run as root: then the cluster lives in, and runs as, Debian's postgres user.
if [ "$(id -u)" = 0 ]; then
  DATA=/var/lib/postgresql/latchkey-e2e-$PG_PORT
  as_postgres() { (cd / && runuser -u postgres -- "$@"); }
else
  DATA=$LATCHKEY_E2E_HOME/postgres-$PG_PORT
  as_postgres() { "$@"; }
fi

bin() { printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -1; }

start() {
  local variables
  read -ra variables <<<"${PG_ENVIRONMENT:-}"
  as_postgres test -d "$DATA" ||
    as_postgres "$(bin)/initdb" -D "$DATA" -U postgres -A trust -E UTF8 --locale=C >/dev/null
  as_postgres "$(bin)/pg_ctl" -D "$DATA" status >/dev/null ||
    as_postgres env "${variables[@]}" "$(bin)/pg_ctl" -D "$DATA" -w -l "$DATA/server.log" \
      -o "-p $PG_PORT -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off ${PG_OPTIONS:-}" start >/dev/null
  psql -h 127.0.0.1 -p "$PG_PORT" -U postgres -XAtqc "select 1 from pg_database where datname = 'latchkey'" | grep -q 1 ||
    psql -h 127.0.0.1 -p "$PG_PORT" -U postgres -XAtqc 'create database latchkey'
  echo "postgresql://postgres@127.0.0.1:$PG_PORT/latchkey"
}

stop() {
  ! as_postgres "$(bin)/pg_ctl" -D "$DATA" status >/dev/null 2>&1 ||
    as_postgres "$(bin)/pg_ctl" -D "$DATA" -m fast -w stop >/dev/null
}

reset() {
  stop
  as_postgres rm -rf "$DATA"
}

case ${1:-} in
  start | stop | reset) "$1" ;;
  *) sed -n '2,4s/^# \{0,1\}//p' "$0"; exit 64 ;;
esac
