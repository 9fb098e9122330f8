#!/usr/bin/env bash
# How much of what is planted `oe evolve --advisor rules` finds: fixtures/planted has 40 workflows with a weakness each and
# 20 healthy ones that look as if they had one. The key is fixtures/planted/answers.tsv, which oe never sees.
# Usage: tests/bench/planted.sh [NAMES...]     without names: all, and the goals are held (30 of 40; 0 of 20)
#   OE    the program (build/release/bin/oe)
#   KEEP  a directory for the reports and logs
set -euo pipefail
export OE=${OE:-$(cd "$(dirname "$0")/../.." && pwd)/build/release/bin/oe}
. "$(dirname "$0")/../e2e/lib/harness.bash"
. "$top/tests/bench/lib/planted.bash"
names=("$@")
[ $# -gt 0 ] || mapfile -t names < <(planted names)

printf '%-34s %-12s %s\n' workflow verdict 'committed, or why not'
for name in "${names[@]}"; do
  began=$SECONDS
  (judge_planted "$name") || printf '%-34s %-12s\n' "$name" error
  echo "$name $((SECONDS - began))" >>"$story_dir/seconds"
done | tee "$story_dir/table"

count() { grep -cE "^[^ ]+ +$1" "$story_dir/table" || true; }
found=$(count found) other=$(count other) nothing=$(count nothing) alarms=$(count false-alarm) silent=$(count silent)
echo
echo "broken:  $found found, $other got something else, $nothing got nothing"
echo "healthy: $silent left alone, $alarms false alarms; errors: $(count error)"
echo "took $SECONDS s; longest: $(sort -k 2 -nr "$story_dir/seconds" | head -n 3 | tr '\n' ' ')"
[ -z "${KEEP:-}" ] || { mkdir -p "$KEEP" && cp "$story_dir"/*.json "$story_dir"/*.log "$story_dir/table" "$KEEP"; }
[ $# -gt 0 ] || { [ "$found" -ge 30 ] && [ "$alarms" = 0 ] && [ "$(count error)" = 0 ]; }
