#!/usr/bin/env bash
# Brings what the real-peer suite needs: Debian packages, Synapse (PyPI), matrix-js-sdk and a Node (npm).
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
export LATCHKEY_E2E_HOME=${LATCHKEY_E2E_HOME:-$HOME/.cache/latchkey-e2e}
node=$LATCHKEY_E2E_HOME/node

missing=()
[ -x /usr/bin/chromium ] || missing+=(chromium)
command -v pg_config >/dev/null || missing+=(libpq-dev)
command -v gcc >/dev/null || missing+=(gcc)
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
command -v psql >/dev/null || missing+=(postgresql-client)
command -v curl >/dev/null || missing+=(curl)
command -v npm >/dev/null || missing+=(npm)
python3 -c 'import venv, ensurepip' 2>/dev/null || missing+=(python3-venv python3-dev)
if [ ${#missing[@]} -gt 0 ]; then
  [ "$(id -u)" = 0 ] || { echo "please install: ${missing[*]}" >&2; exit 1; }
  export DEBIAN_FRONTEND=noninteractive
  apt-get install -y --no-install-recommends "${missing[@]}" >&2 ||
    { apt-get update >&2 && apt-get install -y --no-install-recommends "${missing[@]}" >&2; }
fi

mkdir -p "$node"
if ! cmp -s "$here/package.json" "$node/package.json" || [ ! -x "$node/node_modules/node/bin/node" ]; then
  cp "$here/package.json" "$node/"
  (cd "$node" && npm install --no-audit --no-fund --no-package-lock --loglevel=error >&2)
fi

"$here/synapse.sh" install
