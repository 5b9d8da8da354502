#!/usr/bin/env bash
# A Latchkey that is given so much memory and no more, by a control group of its own.   (needs root)
#   small.sh VERB …      the verb of the program LATCHKEY_PROGRAM, in MIB mebibytes
#   small.sh figures     of the running one: "limit peak killed", the first two in bytes
#   small.sh remove      after it has ended
set -euo pipefail

name=latchkey-e2e-${PORT:-0}
if [ -f /sys/fs/cgroup/cgroup.controllers ]; then
  group=/sys/fs/cgroup/$name limit=memory.max
else
  group=/sys/fs/cgroup/memory/$name limit=memory.limit_in_bytes
fi

figures() {
  if [ -f "$group/memory.max" ]; then
    echo "$(cat "$group/memory.max") $(cat "$group/memory.peak" 2>/dev/null || cat "$group/memory.current")" \
      "$(awk '$1 == "oom_kill" { print $2 }' "$group/memory.events")"
  else
    echo "$(cat "$group/memory.limit_in_bytes") $(cat "$group/memory.max_usage_in_bytes")" \
      "$(awk '$1 == "oom_kill" { print $2 }' "$group/memory.oom_control")"
  fi
}

case ${1:-} in
  figures) figures ;;
  remove) [ ! -d "$group" ] || rmdir "$group" ;;
  *)
    mkdir -p "$group"
    echo $((MIB * 1024 * 1024)) > "$group/$limit" ||
      { echo "small.sh: this machine lets nobody limit memory: $group/$limit" >&2; exit 1; }
    # Nothing is put aside on a disk instead.
    [ ! -e "$group/memory.swap.max" ] || echo 0 > "$group/memory.swap.max"
    echo $$ > "$group/cgroup.procs"
    exec "$LATCHKEY_PROGRAM" "$@"
    ;;
esac
