#!/usr/bin/env bash
# What oe costs beside the work itself, measured side by side in one run:
#   chain    1,000 chained no-op `command` nodes (argv)           against  ninja -j2 on the same 1,000 commands    (wall time)
#   tools    1,000 chained no-op JavaScript tool nodes            against  node -e 0                               (CPU time)
#   start    oe --version                                         against  git --version                           (wall time)
# Usage: tests/bench/run_overhead.sh [ROUNDS]   OE names the oe to measure (default: build/release/bin/oe). Needs ninja and node.
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
oe=${OE:-$top/build/release/bin/oe} rounds=${1:-5}
scratch=$(mktemp -d); trap 'rm -rf "$scratch"' EXIT
export HOME=$scratch GIT_CONFIG_NOSYSTEM=1
cd "$scratch"

# now: microseconds. cpu COMMAND...: user and system time of it and its children, in milliseconds. wall COMMAND...: likewise.
now() { echo $((${EPOCHREALTIME/[.,]/})); }
wall() { local start; start=$(now); "$@" >/dev/null 2>&1; echo $((($(now) - start) / 1000)); }
cpu() { TIMEFORMAT='%U %S'; { time "$@" >/dev/null 2>&1; } 2>&1 | awk '{printf "%d\n", ($1 + $2) * 1000}'; }
median() { sort -n | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }
ratio() { awk "BEGIN {printf \"%.2f\", $1 / $2}"; }

head='name: bench\nversion: 0.1.0\nstate: { schema: {} }\ngraph:\n  nodes:\n'
edges() { echo '  edges:'; seq 999 | awk '{printf "    - { from: n%d, to: n%d }\n", $1, $1 + 1}'; }

mkdir chain tools && (cd chain && git init -q) && (cd tools && git init -q)
{ printf "$head"; seq 1000 | sed 's/.*/    - { id: n&, kind: command, run: ["true"] }/'; edges; } >chain/experience.yaml
{ echo 'rule t'; echo '  command = true'; echo 'build o0: phony'
  seq 1000 | awk '{printf "build o%d: t o%d\n", $1, $1 - 1}'; echo 'default o1000'; } >build.ninja
echo 'export default () => ({});' >tools/noop.mjs
{ printf "$head"; seq 1000 | sed 's|.*|    - { id: n&, kind: tool, impl: ./noop.mjs }|'; edges; } >tools/experience.yaml

"$oe" run chain >/dev/null && "$oe" run tools >/dev/null  # warm-up; also fails early
: >oe_chain; : >ninja_chain; : >oe_tools; : >node_idle
for _ in $(seq "$rounds"); do
  wall ninja -j2 >>ninja_chain
  wall "$oe" run chain >>oe_chain
  cpu node -e 0 >>node_idle
  cpu "$oe" run tools >>oe_tools
done
repeat() { local i; for ((i = 0; i < 100; i++)); do "$@" >/dev/null; done; }
: >oe_start; : >git_start
for _ in $(seq "$rounds"); do wall repeat git --version >>git_start; wall repeat "$oe" --version >>oe_start; done

a=$(median <oe_chain) b=$(median <ninja_chain)
echo "chain: 1,000 command nodes   oe $a ms, ninja -j2 $b ms, ratio $(ratio "$a" "$b") (goal 1.50)"
a=$(median <oe_tools) b=$(median <node_idle)
echo "tools: 1,000 JS tool nodes   oe $a ms of CPU, node -e 0 $b ms, difference $((a - b)) ms (goal 500)"
a=$(median <oe_start) b=$(median <git_start)
echo "start: --version             oe $(ratio "$a" 100) ms, git $(ratio "$b" 100) ms, ratio $(ratio "$a" "$b") (goal: under 6 ms)"
