#!/usr/bin/env bash
# What oe costs beside the work itself: every row beside its peer, round by round, medians of all rounds.
# Usage: tests/bench/run_overhead.sh [ROUNDS]   ROUNDS: 5
#   OE     the oe to measure (build/release/bin/oe)
#   BENCH  the directory of engine_bench and ledger_bench (that of OE); made with
#          cmake --build build/release --target engine_bench ledger_bench
#   SMALL  set: a tenth of the nodes and items in the rows that need no other program, for a look
# Needs ninja and node. Ends with 1 when a figure is above its goal; on a machine that does other things at the same time
# the figures of the processor say more than those of the wall.
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
oe=${OE:-$top/build/release/bin/oe} rounds=${1:-5}
bench=${BENCH:-$(dirname "$oe")} many=${SMALL:+10000}; many=${many:-100000}
for program in "$oe" "$bench/engine_bench" "$bench/ledger_bench"; do
  [ -x "$program" ] || { echo "there is no $program; see the head of $0" >&2; exit 2; }
done
scratch=$(mktemp -d); trap 'rm -rf "$scratch"' EXIT
export HOME=$scratch GIT_CONFIG_NOSYSTEM=1
cd "$scratch"
. "$top/tests/bench/lib/measure.bash"
. "$top/tests/bench/lib/workflows.bash"

workflow chain  "$(argv_nodes)" "$(edges)"
workflow wide   "$(argv_nodes)"
workflow shell  "$(shell_nodes)"
workflow tools  "$(tool_nodes)" "$(edges)" "$(fields)"
workflow each   "$(each_node)" '    - { from: list, to: each }' "$(list_field)"
echo 'export default ({ field }) => ({ state_delta: { [field]: 1 } });' >tools/tool.mjs
ninja_file chained >chain.ninja
ninja_file alone >wide.ninja
sed 's/= true/= sleep 0.01/' wide.ninja >each.ninja

echo "load when it began: $(cut -d' ' -f1-3 /proc/loadavg), $(nproc) processors"
for w in chain wide shell tools each; do run warm "$oe" run "$w"; done
for _ in $(seq "$rounds"); do
  run ninja_chain ninja -f chain.ninja -j2
  run oe_chain    "$oe" run chain
  run ninja_wide  ninja -f wide.ninja -j8
  run oe_wide     "$oe" run wide -j 8
  run oe_shell    "$oe" run shell -j 8
  run node_idle   node -e 0
  run oe_tools    "$oe" run tools
  run ninja_each  ninja -f each.ninja -j1000
  run oe_each     "$oe" run each -j 1000
  run git_start   repeat git --version
  run oe_start    repeat "$oe" --version
  for w in chain wide; do "$bench/engine_bench" $w $many >>"engine_$w"; done
  "$bench/engine_bench" each 1000 10 1000 >>engine_each
  "$bench/ledger_bench" $((4 * many)) >>ledger
done

echo "medians of $rounds rounds"
versus '1,000 argv commands in a chain'    oe_chain ninja_chain 1.15 'ninja -j2'
row    'its memory, MB'                    "$(memory "$oe" run chain)" 30 "ninja -j2 $(memory ninja -f chain.ninja -j2)"
versus '1,000 argv commands, -j8'          oe_wide  ninja_wide  1.15 'ninja -j8'
versus '1,000 shell lines, -j8'            oe_shell ninja_wide  1.25 'ninja -j8'
row    '1,000 JS tools with own fields, s' "$(calc "($(cpu oe_tools) - $(cpu node_idle)) / 1000")" 0.3 \
       "of the processor: oe $(cpu oe_tools) ms, node -e 0 $(cpu node_idle) ms"
versus 'for_each of 1,000 sleep processes' oe_each ninja_each 1.25 'ninja -j1000'
row    'the same without processes, s'     "$(calc "$(figure wall_s engine_each) - 0.01")" 0.15 \
       "$(figure at_once engine_each) at once, over one sleep of 10 ms; $(figure cpu_us engine_each) us of the processor an item"
for w in chain wide; do
  row  "$many in-process nodes, $w, us"    "$(figure wall_us engine_$w)" 15 \
       "a node, both records on; $(figure cpu_us engine_$w) us of the processor; $(figure ram_mb engine_$w) MB, $(figure disk_mb engine_$w) MB on disk"
done
row    'journal append, us an event'       "$(awk '/^journal  / {print $4}' ledger | median)" 1.43 \
       "700,000 events/s; $(awk '/^journal  / {print $8}' ledger | tr -d '(' | median) us of the processor; with its index $(awk '/^journal \+/ {print $10}' ledger | tr -d '(' | median)"
row    'oe --version, ms'                  "$(calc "$(wall oe_start) / 100")" 6 "git --version $(calc "$(wall git_start) / 100")"

. "$top/tests/bench/lib/growth.bash"
echo "load when it ended: $(cut -d' ' -f1-3 /proc/loadavg)"
exit $((missed > 0))
