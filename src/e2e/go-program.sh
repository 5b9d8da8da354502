#!/usr/bin/env bash
# A program built from its Go module.   go-program.sh where NAME | build NAME PACKAGE
#   Versions and digests are in the folder NAME. Where it is, or will be, is printed; there is another one for each set of versions, so
#   that two checkouts never change each other's.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
LATCHKEY_E2E_HOME=${LATCHKEY_E2E_HOME:-$HOME/.cache/latchkey-e2e}
where() { echo "$LATCHKEY_E2E_HOME/$1-$(cat "$here/$1"/go.* | sha256sum | cut -c 1-12)"; }

build() {
  local program module
  program=$(where "$1")
  echo "$program"
  [ -x "$program" ] && return
  command -v go >/dev/null || { echo "please install: $(sed -n 's/^go /go /p' "$here/$1/go.mod") or later" >&2; exit 1; }
  mkdir -p "$LATCHKEY_E2E_HOME"
  # What Go writes stays out of the checkout.
  module=$(mktemp -d)
  cp "$here/$1"/go.* "$module/"
  (cd "$module" && GOTOOLCHAIN=local GOWORK=off CGO_ENABLED=0 nice go build -buildvcs=false -o program "$2" >&2)
  mv "$module/program" "$program"
  rm -r "$module"
}

case ${1:-} in
  where | build) "$@" ;;
  *) sed -n '2,4s/^# \{0,1\}//p' "$0"; exit 64 ;;
esac
