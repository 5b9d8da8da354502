#!/usr/bin/env bash
# A Latchkey that can write nowhere but to its state: every mount is read-only, and /tmp is an empty one.
#   read-only.sh VERB …     the verb of the program LATCHKEY_PROGRAM     (environment: E2E_STATE; needs root)
set -euo pipefail

if [ "${1:-}" != --inside ]; then
  exec unshare --mount --propagation private bash "$0" --inside "$@"
fi
shift
checkout=$(cd "$(dirname "$LATCHKEY_PROGRAM")" && pwd)
mount --bind "$E2E_STATE" "$E2E_STATE"
# What is covered by the empty folders and has to be seen all the same is kept aside meanwhile.
mount -t tmpfs none /mnt
kept=0
for folder in "$checkout" "$E2E_STATE"; do
  mkdir "/mnt/$kept"
  mount --bind "$folder" "/mnt/$kept"
  kept=$((kept + 1))
done
for empty in /tmp /var/tmp; do
  mount -t tmpfs none "$empty"
  kept=0
  for folder in "$checkout" "$E2E_STATE"; do
    if [[ $folder/ == "$empty"/* ]]; then
      mkdir -p "$folder"
      mount --bind "/mnt/$kept" "$folder"
    fi
    kept=$((kept + 1))
  done
  mount -o remount,ro "$empty"
done
mount -o bind,remount,ro /
# Whatever else is mounted and holds files; what was mounted over cannot be reached, and need not be.
while read -r _ folder kind _; do
  case $kind in
    ext* | xfs | btrfs | overlay | zfs)
      [ "$folder" = / ] || [ "$folder" = "$E2E_STATE" ] || [ "$folder" = /mnt/1 ] || mount -o bind,remount,ro "$folder" 2>/dev/null || true
      ;;
  esac
done </proc/self/mounts
cd /
exec "$LATCHKEY_PROGRAM" "$@"
