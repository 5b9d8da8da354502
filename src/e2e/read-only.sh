#!/usr/bin/env bash
# A Latchkey that can write nowhere but to its state: every mount is read-only, and /tmp is an empty one.
#   read-only.sh VERB …     the verb of the program LATCHKEY_PROGRAM     (environment: E2E_STATE; needs root)
set -euo pipefail

if [ "${1:-}" != --inside ]; then
  exec unshare --mount --propagation private bash "$0" --inside "$@"
fi
shift
mount --bind "$E2E_STATE" "$E2E_STATE"
mount -t tmpfs -o ro,size=4k none /tmp
mount -t tmpfs -o ro,size=4k none /var/tmp
mount -o bind,remount,ro /
# Whatever else is mounted and holds files; what was mounted over cannot be reached, and need not be.
while read -r _ folder kind _; do
  case $kind in
    ext* | xfs | btrfs | overlay | zfs)
      [ "$folder" = / ] || [ "$folder" = "$E2E_STATE" ] || mount -o bind,remount,ro "$folder" 2>/dev/null || true
      ;;
  esac
done </proc/self/mounts
cd /
exec "$LATCHKEY_PROGRAM" "$@"
