#!/usr/bin/env bash
# How long oe takes to answer beside a large ledger: oe runs, oe show and oe evolve, each with empty caches of the disk
# where that is allowed (for root), then warm. Usage: tests/bench/big_ledger.sh [RUNS [EVENTS]]
#   RUNS   10000; EVENTS, of all runs together: 1000 times RUNS. 10,000 runs take 3 GB below TMPDIR and ten minutes.
#   OE     the oe to measure (build/release/bin/oe)
#   BENCH  the directory of ledger_bench (that of OE); made with cmake --build build/release --target ledger_bench
# Ends with 1 when an answer takes 200 ms or more warm.
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
oe=${OE:-$top/build/release/bin/oe} runs=${1:-10000}
bench=${BENCH:-$(dirname "$oe")} events=${2:-$((1000 * runs))}
for program in "$oe" "$bench/ledger_bench"; do
  [ -x "$program" ] || { echo "there is no $program; see the head of $0" >&2; exit 2; }
done
scratch=$(mktemp -d); trap 'rm -rf "$scratch"' EXIT
export HOME=$scratch GIT_CONFIG_NOSYSTEM=1
. "$top/tests/bench/lib/measure.bash"
mkdir "$scratch/big" && cd "$scratch/big"
git init -q && git config user.name "A User" && git config user.email user@example.com
"$bench/ledger_bench" --make-big . "$runs" "$events"
git add experience.yaml && git commit -qm 'the workflow'
echo "$runs runs, $events events: $(du -sm .openexpertise | cut -f1) MB, the index $(du -sm .openexpertise/state.sqlite | cut -f1) MB"
echo "load when it began: $(cut -d' ' -f1-3 /proc/loadavg), $(nproc) processors"

first=$("$oe" runs --json | sed -n 's/.*"\(r-[0-9a-z]*\)".*/\1/p' | tail -n 1)
# answers NAME WORDS...
answers() {
  local name=$1; shift
  sync
  if echo 3 2>/dev/null >/proc/sys/vm/drop_caches; then run "cold_$name" "$oe" "$@"; else echo '0 0' >"$scratch/cold_$name"; fi
  for _ in 1 2 3 4 5; do run "warm_$name" "$oe" "$@"; done
  row "oe $*, ms" "$(wall "warm_$name")" 200 "of the processor $(cpu "warm_$name") ms; with empty caches $(wall "cold_$name") ms"
}
answers runs   runs
answers show   show "$first"
answers evolve evolve --json
exit $((missed > 0))
