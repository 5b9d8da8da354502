#!/usr/bin/env bash
# A toxiproxy for tests, built from its Go module.   toxiproxy.sh install | start | stop
#   TOXIPROXY_PORT=8093   where its API listens, which start prints; versions and digests are in toxiproxy/
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
TOXIPROXY_PORT=${TOXIPROXY_PORT:-8093}
FOLDER=${E2E_STATE:-/tmp}
PROGRAM=$(bash "$here/go-program.sh" where toxiproxy)

# Is the recorded process still ours? (A pid may have been given to somebody else since.)
alive() { [ -s "$FOLDER/toxiproxy.pid" ] && tr '\0' ' ' 2>/dev/null < "/proc/$(cat "$FOLDER/toxiproxy.pid")/cmdline" | grep -qF "$PROGRAM"; }

start() {
  stop
  LOG_LEVEL=error nohup "$PROGRAM" -host 127.0.0.1 -port "$TOXIPROXY_PORT" >"$FOLDER/toxiproxy.log" 2>&1 </dev/null &
  echo $! > "$FOLDER/toxiproxy.pid"
  for _ in $(seq 100); do
    curl -fs -o /dev/null "http://127.0.0.1:$TOXIPROXY_PORT/version" && break
    alive || { cat "$FOLDER/toxiproxy.log" >&2; exit 1; }
    sleep 0.1
  done
  echo "http://127.0.0.1:$TOXIPROXY_PORT"
}

stop() {
  alive || return 0
  kill "$(cat "$FOLDER/toxiproxy.pid")"
  for _ in $(seq 100); do
    alive || break
    sleep 0.1
  done
  rm -f "$FOLDER/toxiproxy.pid"
}

case ${1:-} in
  install) bash "$here/go-program.sh" build toxiproxy github.com/Shopify/toxiproxy/v2/cmd/server >/dev/null ;;
  start | stop) "$1" ;;
  *) sed -n '2,3s/^# \{0,1\}//p' "$0"; exit 64 ;;
esac
