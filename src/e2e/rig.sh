#!/usr/bin/env bash
# What most suites stand on: a PostgreSQL, a Latchkey and a Synapse.   rig.sh reset | start | stop     (environment: that of `run`)
# start leaves alone what runs already; reset forgets everything, so that the next start begins anew.
set -euo pipefail

here=$E2E_HERE
synapse() { PORT=$SYNAPSE_PORT bash "$here/synapse.sh" "$@"; }

stop() {
  bash "$here/keycloak.sh" stop || true
  bash "$here/dex.sh" stop || true
  bash "$here/toxiproxy.sh" stop || true
  bash "$here/latchkey.sh" stop || true
  synapse stop || true
  bash "$here/pgbouncer.sh" stop || true
  bash "$here/postgres.sh" stop || true
}

reset() {
  stop
  synapse reset
  bash "$here/postgres.sh" reset
  rm -rf "$E2E_STATE"
  mkdir -p "$E2E_STATE"
}

certificate() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=localhost \
    -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout "$E2E_STATE/tls.key" -out "$E2E_STATE/tls.crt" 2>/dev/null
}

configure() { # configure DATABASE-URI
  "$LATCHKEY" config generate -o "$E2E_STATE/generated.yaml"
  # Sequences of several files add up, so the listeners of the generated file give way to these.
  sed -i '/^http:/,/^[a-z]*:/{/^http:/d;/^[a-z]*:/!d}' "$E2E_STATE/generated.yaml"
  cat > "$E2E_STATE/e2e.yaml" <<YAML
http:
  public_base: $LATCHKEY_URL/
  listeners:
    - name: web
      resources: &all [{name: discovery}, {name: human}, {name: oauth}, {name: compat}, {name: assets}, {name: health}, {name: prometheus}]
      binds: [{address: "127.0.0.1:$PORT"}, {socket: "$E2E_STATE/latchkey.sock", mode: "600"}]
    - name: tls
      resources: *all
      binds: [{address: "127.0.0.1:$TLS_PORT"}]
      tls: {certificate_file: "$E2E_STATE/tls.crt", key_file: "$E2E_STATE/tls.key"}
database:
  uri: $1
matrix:
  homeserver: localhost
  endpoint: $HOMESERVER_URL/
  secret: $AUTH_SECRET
# Everybody has the one address here.
rate_limiting: {login: {per_ip: {burst: 1000, per_second: 100}}}
latchkey:
  refresh: {leeway: 2, settling: 2}
  rate_limiting: {client_registration: {burst: 1000, per_second: 100}}
YAML
}

start() {
  local database user
  database=$(bash "$here/postgres.sh" start)
  if [ -e "$E2E_STATE/.complete" ]; then
    bash "$here/latchkey.sh" start
    synapse start >/dev/null
    return
  fi
  certificate
  configure "$database"
  bash "$here/latchkey.sh" start
  synapse start >/dev/null
  for user in alice bob; do
    "$LATCHKEY" manage register-user --yes --ignore-password-complexity -p password "$user"
  done
  touch "$E2E_STATE/.complete"
}

case ${1:-} in
  reset | start | stop) "$1" ;;
  *) sed -n '2,3s/^# //p' "$0"; exit 64 ;;
esac
