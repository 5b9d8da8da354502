# shellcheck shell=bash
# What the benchmarks share: a Latchkey of their own on a database of its own, both on loopback. Sourced, not run.
# Nothing here judges: figures are printed, ratios against a reference of the same run.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/.." && pwd)
export LATCHKEY=$top/latchkey PG_PORT=${PG_PORT:-5443} PORT=${PORT:-8091}
work=$(mktemp -d)
url=http://127.0.0.1:$PORT
secret=bench-shared-secret
client=01KBENCH000000000000000001

cleanup() {
  if [ -n "${pid:-}" ]; then
    kill "$pid" 2>/dev/null || true
    wait "$pid" || true
  fi
  [ -z "${hs_pid:-}" ] || kill "$hs_pid" 2>/dev/null || true
  "$top/src/e2e/postgres.sh" stop || true
  rm -rf "$work"
}
trap cleanup EXIT

configure() {
  "$LATCHKEY" --version >/dev/null
  "$top/src/e2e/postgres.sh" reset
  local database
  database=$("$top/src/e2e/postgres.sh" start)
  "$LATCHKEY" config generate -o "$work/generated.yaml"
  sed -i '/^http:/,/^[a-z]*:/{/^http:/d;/^[a-z]*:/!d}' "$work/generated.yaml"
  cat > "$work/bench.yaml" <<YAML
http:
  public_base: $url/
  listeners:
    - name: web
      resources: [{name: discovery}, {name: human}, {name: oauth}, {name: assets}, {name: health}]
      binds: [{address: "127.0.0.1:$PORT"}]
database: {uri: "$database"}
matrix: {homeserver: localhost, endpoint: "http://127.0.0.1:$((PORT + 1))/", secret: $secret}
rate_limiting: {login: {per_ip: {burst: 1000000, per_second: 100000}, per_account: {burst: 1000000, per_second: 100000}}}
latchkey: {rate_limiting: {login: {per_account_and_ip: {burst: 1000000, per_second: 100000}}, upstream: {burst: 1000000, per_second: 100000}}}
clients:
  - client_id: $client
    client_auth_method: none
    redirect_uris: ["http://localhost:8095/callback"]
YAML
  export LATCHKEY_CONFIG=$work/generated.yaml:$work/bench.yaml
}

# A homeserver that says yes to everything.
start_homeserver() {
  python3 - "$((PORT + 1))" <<'PY' &
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
class Yes(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def answer(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200); self.send_header("Content-Length", "2"); self.end_headers(); self.wfile.write(b"{}")
    do_GET = do_POST = answer
    def log_message(self, *words): pass
ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Yes).serve_forever()
PY
  hs_pid=$!
}

start_latchkey() {
  "$LATCHKEY" server >"$work/latchkey.log" 2>&1 &
  pid=$!
  for _ in $(seq 300); do
    curl -fs -o /dev/null "$url/health/ready" && return
    sleep 0.1
  done
  cat "$work/latchkey.log" >&2
  exit 1
}
