#!/usr/bin/env bash
# How long oe takes to answer beside a large ledger: oe runs, oe show and oe evolve, medians of five.
# Usage: tests/bench/big_ledger.sh [RUNS [EVENTS]]
#   RUNS   10000; EVENTS, of all runs together: 1000 times RUNS. 10,000 runs take 3 GB below TMPDIR and minutes.
#   COLD   set: first once with empty caches of the disk, which takes root and slows down whatever else runs
#   OE     the oe to measure (build/release/bin/oe)
#   BENCH  the directory of ledger_bench (that of OE); made with cmake --build build/release --target ledger_bench
# Ends with 1 when an answer takes more than 200 ms; where other things run at the same time the figures of the processor
# say more than those of the wall.
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
  local cold=''
  if [ -n "${COLD:-}" ]; then
    sync && echo 3 >/proc/sys/vm/drop_caches
    run "cold_$name" "$oe" "$@"
    cold="; with empty caches $(wall "cold_$name") ms"
  fi
  for _ in 1 2 3 4 5; do run "$name" "$oe" "$@"; done
  row "oe $*, ms" "$(wall "$name")" 200 "of the processor $(cpu "$name") ms$cold"
}
answers runs   runs
answers show   show "$first"
answers evolve evolve --json
exit $((missed > 0))
