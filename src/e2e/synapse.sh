#!/usr/bin/env bash
# A real Synapse for tests.   synapse.sh install | start | stop | reset
#
#   PORT=8008  SERVER_NAME=localhost  NAME=main       one instance per NAME; several may run side by side
#   AUTH_URL=http://127.0.0.1:8080/  AUTH_SECRET=…    delegated to this auth service; AUTH_URL empty = Synapse's own passwords
#   FORCE_HTTP2=true                                  talk cleartext HTTP/2 to the introspection endpoint
#   DATABASE=sqlite | postgres  PG_PORT=5441          postgres starts a cluster of its own and a database called synapse_NAME
#   USERS="alice:secret bob:hunter2"                  without AUTH_URL: users to create (the first one is an admin)
#   EXTRA=file.yaml                                   appended to homeserver.yaml (top-level keys)
#
# start waits until Synapse answers, then prints its URL. stop ends only what start began. reset also deletes the data.
set -euo pipefail

VERSION=${SYNAPSE_VERSION:-1.163.2}
LATCHKEY_E2E_HOME=${LATCHKEY_E2E_HOME:-$HOME/.cache/latchkey-e2e}
NAME=${NAME:-main} PORT=${PORT:-8008} SERVER_NAME=${SERVER_NAME:-localhost}
AUTH_URL=${AUTH_URL:-} AUTH_SECRET=${AUTH_SECRET:-} FORCE_HTTP2=${FORCE_HTTP2:-false}
DATABASE=${DATABASE:-sqlite} PG_PORT=${PG_PORT:-5441} USERS=${USERS:-}
VENV=$LATCHKEY_E2E_HOME/synapse-$VERSION
DIR=$LATCHKEY_E2E_HOME/synapse/$NAME
URL=http://127.0.0.1:$PORT

# PostgreSQL refuses to run as root: then the cluster lives in, and runs as, Debian's postgres user.
if [ "$(id -u)" = 0 ]; then
  PGDATA=/var/lib/postgresql/latchkey-e2e-$PG_PORT
  as_postgres() { (cd / && runuser -u postgres -- "$@"); }
else
  PGDATA=$LATCHKEY_E2E_HOME/postgres-$PG_PORT
  as_postgres() { "$@"; }
fi
pg_bin() { printf "%s\n" /usr/lib/postgresql/*/bin | sort -V | tail -1; }
sql() { as_postgres psql -h 127.0.0.1 -p "$PG_PORT" -U postgres -d "${2:-postgres}" -XAtqc "$1"; }

need_debian() { # need_debian FILE-OR-COMMAND PACKAGE…
  command -v "$1" >/dev/null 2>&1 || [ -e "$1" ] && return
  shift
  [ "$(id -u)" = 0 ] || { echo "please install: $*" >&2; exit 1; }
  apt-get install -y --no-install-recommends "$@" >&2 || { apt-get update >&2 && apt-get install -y --no-install-recommends "$@" >&2; }
}

# Is the recorded process still ours? (A pid may have been given to somebody else since.)
alive() { [ -s "$DIR/pid" ] && tr "\0" " " 2>/dev/null < "/proc/$(head -1 "$DIR/pid")/cmdline" | grep -qF "$DIR/homeserver.yaml"; }

install() {
  [ -e "$VENV/.complete" ] && return
  need_debian pg_config libpq-dev gcc            # psycopg2 comes as source
  need_debian /usr/lib/postgresql postgresql
  mkdir -p "$LATCHKEY_E2E_HOME"
  python3 -m venv "$VENV" 2>/dev/null || { need_debian /nonexistent python3-venv python3-dev; python3 -m venv "$VENV"; }
  "$VENV/bin/pip" install -q --only-binary matrix-synapse "matrix-synapse[postgres,oidc]==$VERSION" >&2
  touch "$VENV/.complete"
}

start_postgres() {
  if ! as_postgres test -d "$PGDATA"; then
    as_postgres "$(pg_bin)/initdb" -D "$PGDATA" -U postgres -A trust -E UTF8 --locale=C >/dev/null
  fi
  if ! as_postgres "$(pg_bin)/pg_ctl" -D "$PGDATA" status >/dev/null; then
    as_postgres "$(pg_bin)/pg_ctl" -D "$PGDATA" -w -l "$PGDATA/server.log" \
      -o "-p $PG_PORT -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off" start >/dev/null
  fi
  [ -n "$(sql "select 1 from pg_database where datname = 'synapse_$NAME'")" ] || sql "create database synapse_$NAME"
}

write_config() {
  mkdir -p "$DIR"
  [ -s "$DIR/secret" ] || od -An -N24 -tx1 /dev/urandom | tr -d ' \n' > "$DIR/secret"
  local secret; secret=$(cat "$DIR/secret")
  {
    cat <<YAML
server_name: "$SERVER_NAME"
public_baseurl: "http://localhost:$PORT/"
serve_server_wellknown: false
report_stats: false
trusted_key_servers: []
signing_key_path: "$DIR/signing.key"
media_store_path: "$DIR/media"
log_config: "$DIR/log.yaml"
macaroon_secret_key: "$secret"
form_secret: "$secret"
enable_registration: false
listeners:
  - port: $PORT
    bind_addresses: ["127.0.0.1"]
    type: http
    x_forwarded: true
    resources: [{names: [client], compress: false}]
rc_login: &fast
  address: {per_second: 1000, burst_count: 1000}
  account: {per_second: 1000, burst_count: 1000}
  failed_attempts: {per_second: 1000, burst_count: 1000}
rc_message: {per_second: 1000, burst_count: 1000}
YAML
    if [ "$DATABASE" = postgres ]; then cat <<YAML
database:
  name: psycopg2
  args: {host: 127.0.0.1, port: $PG_PORT, user: postgres, dbname: synapse_$NAME, cp_min: 2, cp_max: 5}
YAML
    else cat <<YAML
database: {name: sqlite3, args: {database: "$DIR/homeserver.db"}}
YAML
    fi
    if [ -n "$AUTH_URL" ]; then cat <<YAML
matrix_authentication_service:
  enabled: true
  endpoint: "$AUTH_URL"
  secret: "${AUTH_SECRET:?AUTH_SECRET is needed with AUTH_URL}"
  force_http2: $FORCE_HTTP2
YAML
    else cat <<YAML
registration_shared_secret: "$secret"
bcrypt_rounds: 4
YAML
    fi
    if [ -n "${EXTRA:-}" ]; then cat "$EXTRA"; fi
  } > "$DIR/homeserver.yaml"
  cat > "$DIR/log.yaml" <<YAML
version: 1
formatters: {line: {format: "%(asctime)s %(levelname)s %(name)s - %(message)s"}}
handlers: {file: {class: logging.FileHandler, filename: "$DIR/homeserver.log", formatter: line}}
root: {level: ${LOG_LEVEL:-INFO}, handlers: [file]}
YAML
}

create_users() {
  local pair role=--admin
  for pair in $USERS; do
    "$VENV/bin/register_new_matrix_user" -c "$DIR/homeserver.yaml" -u "${pair%%:*}" -p "${pair#*:}" $role --exists-ok "$URL" >&2
    role=--no-admin
  done
}

start() {
  install
  if alive; then echo "$URL"; return; fi
  [ "$DATABASE" = postgres ] && start_postgres
  write_config
  "$VENV/bin/python" -m synapse.app.homeserver -c "$DIR/homeserver.yaml" --generate-keys >&2
  nohup "$VENV/bin/python" -m synapse.app.homeserver -c "$DIR/homeserver.yaml" >"$DIR/out.log" 2>&1 </dev/null &
  echo $! > "$DIR/pid"
  for _ in $(seq 300); do
    curl -fsS -o /dev/null "$URL/_matrix/client/versions" 2>/dev/null && break
    alive || { cat "$DIR/out.log" >&2; rm -f "$DIR/pid"; exit 1; }
    sleep 0.2
  done
  curl -fsS -o /dev/null "$URL/_matrix/client/versions" || { echo "Synapse did not answer within 60 s, see $DIR/homeserver.log" >&2; exit 1; }
  [ -n "$AUTH_URL" ] || create_users
  echo "$URL"
}

stop() {
  if alive; then
    local pid; pid=$(cat "$DIR/pid")
    kill "$pid"
    for _ in $(seq 100); do alive || break; sleep 0.2; done
  fi
  rm -f "$DIR/pid"
  if [ "$DATABASE" = postgres ] && as_postgres "$(pg_bin)/pg_ctl" -D "$PGDATA" status >/dev/null 2>&1; then
    # other instances may still use the cluster
    [ "$(sql "select count(*) from pg_stat_activity where datname like 'synapse\_%'")" != 0 ] ||
      as_postgres "$(pg_bin)/pg_ctl" -D "$PGDATA" -m fast -w stop >/dev/null
  fi
}

reset() {
  if [ "$DATABASE" = postgres ]; then
    start_postgres
    if alive; then kill "$(cat "$DIR/pid")"; while alive; do sleep 0.2; done; fi
    sql "drop database if exists synapse_$NAME with (force)"
  fi
  stop
  rm -rf "$DIR"
}

case ${1:-} in
  install | start | stop | reset) "$1" ;;
  *) sed -n '2,13s/^# \{0,1\}//p' "$0"; exit 64 ;;
esac
