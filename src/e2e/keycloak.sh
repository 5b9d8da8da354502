#!/usr/bin/env bash
# A real Keycloak for tests, from the zip that its makers put into Maven.   keycloak.sh install | start | stop
#   KEYCLOAK_PORT=8489   where it listens by TLS, on loopback, with the certificate of the rig (E2E_STATE); administrator: admin / admin
#   REALM=FILE           the realm, imported at every start: nothing survives one
# Needs Maven, and a JDK that Keycloak runs on.
set -euo pipefail

VERSION=${KEYCLOAK_VERSION:-26.7.3}
LATCHKEY_E2E_HOME=${LATCHKEY_E2E_HOME:-$HOME/.cache/latchkey-e2e}
KEYCLOAK_PORT=${KEYCLOAK_PORT:-8489}
DIST=$LATCHKEY_E2E_HOME/keycloak-$VERSION
DIR=${E2E_STATE:-/tmp}/keycloak
URL=https://localhost:$KEYCLOAK_PORT

# Is the recorded process still ours? (A pid may have been given to somebody else since.)
alive() { [ -s "$DIR/pid" ] && tr '\0' ' ' 2>/dev/null < "/proc/$(cat "$DIR/pid")/cmdline" | grep -qF "$DIR"; }

find_java() {
  local home
  for home in "${JAVA_HOME:-}" /usr/lib/jvm/*25* /usr/lib/jvm/*21*; do
    [ ! -x "$home/bin/java" ] || { export JAVA_HOME=$home; return; }
  done
}

install() {
  [ ! -e "$DIST/.complete" ] || return 0
  local unpacked
  find_java
  mkdir -p "$LATCHKEY_E2E_HOME"
  unpacked=$(mktemp -d "$LATCHKEY_E2E_HOME/keycloak.XXXXXX")
  mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy -Dmdep.useBaseVersion=true \
    -Dartifact="org.keycloak:keycloak-quarkus-dist:$VERSION:zip" -DoutputDirectory="$unpacked" >&2
  python3 -m zipfile -e "$unpacked/keycloak-quarkus-dist-$VERSION.zip" "$unpacked"
  chmod +x "$unpacked/keycloak-$VERSION"/bin/*.sh
  # What is chosen here is not thought about again at each start.
  "$unpacked/keycloak-$VERSION/bin/kc.sh" build --db=dev-mem --health-enabled=false >&2
  rm -rf "$DIST"
  mv "$unpacked/keycloak-$VERSION" "$DIST"
  rm -r "$unpacked"
  touch "$DIST/.complete"
}

# What it writes stays out of the distribution, which others share.
lay_out() {
  rm -rf "$DIR"
  mkdir -p "$DIR/data/import"
  cp -r "$DIST/bin" "$DIR/bin"
  for part in lib conf providers themes; do ln -s "$DIST/$part" "$DIR/$part"; done
  cp "$REALM" "$DIR/data/import/realm.json"
}

start() {
  ! alive || return 0
  find_java
  lay_out
  KC_BOOTSTRAP_ADMIN_USERNAME=admin KC_BOOTSTRAP_ADMIN_PASSWORD=admin JAVA_OPTS_KC_HEAP="-Xms128m -Xmx512m" \
    nohup "$DIR/bin/kc.sh" start --optimized --import-realm --cache=local --http-host=127.0.0.1 --https-port="$KEYCLOAK_PORT" \
    --hostname="$URL" --https-certificate-file="$E2E_STATE/tls.crt" --https-certificate-key-file="$E2E_STATE/tls.key" \
    > "$DIR/out.log" 2>&1 </dev/null &
  # The script waits for Java, which is whom signals are for.
  for _ in $(seq 100); do
    ! pgrep -P $! java > "$DIR/pid" || break
    sleep 0.1
  done
  for _ in $(seq 240); do
    ! curl -fs --cacert "$E2E_STATE/tls.crt" -o /dev/null "$URL/realms/master" || { echo "$URL"; return; }
    alive || break
    sleep 0.5
  done
  tail -20 "$DIR/out.log" >&2
  echo "Keycloak did not come up" >&2
  exit 1
}

stop() {
  alive || return 0
  kill -CONT "$(cat "$DIR/pid")"
  kill "$(cat "$DIR/pid")"
  for _ in $(seq 100); do
    alive || break
    sleep 0.1
  done
  rm -f "$DIR/pid"
}

case ${1:-} in
  install | start | stop) "$1" ;;
  *) sed -n '2,5s/^# \{0,1\}//p' "$0"; exit 64 ;;
esac
