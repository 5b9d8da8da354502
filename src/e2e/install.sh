#!/usr/bin/env bash
# Brings what the real-peer suites need: Debian packages, Synapse, Traefik and clients (PyPI), clients and a Node to run them (npm),
# toxiproxy, Caddy and Dex (Go), Keycloak (Maven).
#   install.sh           installs what is missing
#   install.sh rust      builds the client of matrix-rust-sdk: cargo, 1.2 GB, some five minutes of one core at the first time
#   install.sh where     the folder whose node_modules has the clients
#   install.sh python    the Python that has the clients
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
export LATCHKEY_E2E_HOME=${LATCHKEY_E2E_HOME:-$HOME/.cache/latchkey-e2e}
# A folder for each set of versions: two checkouts never change each other's.
node=$LATCHKEY_E2E_HOME/node-$(cat "$here/package.json" "$here/package-lock.json" | sha256sum | cut -c 1-12)
python=$LATCHKEY_E2E_HOME/python-$(sha256sum < "$here/python-requirements.txt" | cut -c 1-12)

case ${1:-} in
  where)
    echo "$node"
    exit
    ;;
  python)
    echo "$python/bin/python"
    exit
    ;;
  rust)
    command -v cargo >/dev/null || { echo "please install: cargo 1.93 or later" >&2; exit 1; }
    mkdir -p "$LATCHKEY_E2E_HOME/rust-login"
    # The lock file and the target folder stay out of the checkout.
    cp -r "$here/rust-login/." "$LATCHKEY_E2E_HOME/rust-login/"
    cd "$LATCHKEY_E2E_HOME/rust-login"
    exec env CARGO_TARGET_DIR=target CARGO_BUILD_JOBS="${CARGO_BUILD_JOBS:-1}" nice cargo build --quiet
    ;;
esac

missing=()
need() { # need COMMAND-OR-FILE PACKAGE…
  command -v "$1" >/dev/null || [ -e "$1" ] || missing+=("${@:2}")
}
need /usr/bin/chromium chromium
need /usr/sbin/nginx nginx-light
need /usr/sbin/apache2 apache2-bin # without the service
need /usr/sbin/pgbouncer pgbouncer
need pg_config libpq-dev
need gcc gcc
need psql postgresql-client
need curl curl
need openssl openssl
need pgrep procps
need w3m w3m
need /usr/lib/*/faketime/libfaketime.so.1 libfaketime
need npm npm
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
python3 -c 'import venv, ensurepip' 2>/dev/null || missing+=(python3-venv python3-dev)
if [ ${#missing[@]} -gt 0 ]; then
  [ "$(id -u)" = 0 ] || { echo "please install: ${missing[*]}" >&2; exit 1; }
  export DEBIAN_FRONTEND=noninteractive
  apt-get install -y --no-install-recommends "${missing[@]}" >&2 ||
    { apt-get update >&2 && apt-get install -y --no-install-recommends "${missing[@]}" >&2; }
fi

if [ ! -e "$node/.complete" ]; then
  rm -rf "$node"
  mkdir -p "$node"
  cp "$here/package.json" "$here/package-lock.json" "$node/"
  # The versions and digests are in the lock file; where they come from is this machine's business.
  (cd "$node" && npm ci --omit-lockfile-registry-resolved --no-audit --no-fund --loglevel=error >&2)
  touch "$node/.complete"
fi

if [ ! -e "$python/.complete" ]; then
  rm -rf "$python"
  python3 -m venv "$python"
  "$python/bin/pip" install -q --no-deps --disable-pip-version-check -r "$here/python-requirements.txt" >&2
  touch "$python/.complete"
fi

bash "$here/synapse.sh" install
SYNAPSE_VERSION=1.156.0 bash "$here/synapse.sh" install # the last one with an admin token
bash "$here/toxiproxy.sh" install
bash "$here/go-program.sh" build caddy github.com/caddyserver/caddy/v2/cmd/caddy >/dev/null
bash "$here/dex.sh" install
bash "$here/keycloak.sh" install
