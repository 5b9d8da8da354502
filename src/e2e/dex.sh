#!/usr/bin/env bash
# A real Dex for tests, built from its Go module.   dex.sh install | start | stop | kill
#   DEX_CONFIG=FILE   its configuration, which names the URL; versions and digests are in dex/
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
FOLDER=${E2E_STATE:-/tmp}
PROGRAM=$(bash "$here/go-program.sh" where dex)

# Is the recorded process still ours? (A pid may have been given to somebody else since.)
alive() { [ -s "$FOLDER/dex.pid" ] && tr '\0' ' ' 2>/dev/null < "/proc/$(cat "$FOLDER/dex.pid")/cmdline" | grep -qF "$PROGRAM"; }

start() {
  local issuer
  stop
  issuer=$(sed -n 's/^issuer: *//p' "$DEX_CONFIG")
  nohup "$PROGRAM" serve "$DEX_CONFIG" >>"$FOLDER/dex.log" 2>&1 </dev/null &
  echo $! > "$FOLDER/dex.pid"
  for _ in $(seq 100); do
    ! curl -fs --cacert "$FOLDER/tls.crt" -o /dev/null "$issuer/.well-known/openid-configuration" || { echo "$issuer"; return; }
    alive || break
    sleep 0.1
  done
  tail -20 "$FOLDER/dex.log" >&2
  echo "Dex did not come up" >&2
  exit 1
}

stop() {
  alive || return 0
  kill "-${SIGNAL:-TERM}" "$(cat "$FOLDER/dex.pid")"
  for _ in $(seq 100); do
    alive || break
    sleep 0.1
  done
  rm -f "$FOLDER/dex.pid"
}

case ${1:-} in
  install) bash "$here/go-program.sh" build dex github.com/dexidp/dex/cmd/dex >/dev/null ;;
  start | stop) "$1" ;;
  kill) SIGNAL=KILL stop ;;
  *) sed -n '2,3s/^# \{0,1\}//p' "$0"; exit 64 ;;
esac
