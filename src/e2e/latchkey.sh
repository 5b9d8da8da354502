#!/usr/bin/env bash
# A Latchkey under test.   latchkey.sh start | stop | kill | log     (environment: E2E_STATE, LATCHKEY, LATCHKEY_URL, LATCHKEY_CONFIG)
set -euo pipefail

pid_file=$E2E_STATE/latchkey.pid
# One that has ended and was not buried yet has no command line.
alive() { [ -s "$pid_file" ] && tr -d '\0' 2>/dev/null < "/proc/$(cat "$pid_file")/cmdline" | grep -q .; }

start() {
  alive && return
  setsid "$LATCHKEY" server >>"$E2E_STATE/latchkey.log" 2>&1 </dev/null &
  echo $! > "$pid_file"
  for _ in $(seq 300); do
    curl -fs -o /dev/null "$LATCHKEY_URL/${WAIT_FOR:-health/ready}" && return
    alive || break
    sleep 0.2
  done
  tail -40 "$E2E_STATE/latchkey.log" >&2
  echo "Latchkey did not come up" >&2
  exit 1
}

stop() {
  alive || return 0
  kill "-${SIGNAL:-TERM}" "$(cat "$pid_file")"
  for _ in $(seq 300); do
    alive || break
    sleep 0.1
  done
  rm -f "$pid_file"
}

case ${1:-} in
  start | stop) "$1" ;;
  kill) SIGNAL=KILL stop ;;
  log) tail -200 "$E2E_STATE/latchkey.log" ;;
  *) sed -n '2s/^# //p' "$0"; exit 64 ;;
esac
