#!/usr/bin/env bash
# What calls of models cost: 1,000 at once to a server that answers after 100 ms, and beside bare libcurl.
# Usage: tests/bench/model_calls.sh [ROUNDS]   ROUNDS: 5
#   BENCH  the directory of model_bench (build/release/bin); made with cmake --build build/release --target model_bench
# Needs node, which runs the server (tests/fakes/model_server.mjs) on the same processors: the wall times hold its work,
# too. Ends with 1 when a figure is above its goal.
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
rounds=${1:-5} bench=${BENCH:-$top/build/release/bin}
[ -x "$bench/model_bench" ] || { echo "there is no $bench/model_bench; see the head of $0" >&2; exit 2; }
scratch=$(mktemp -d); trap 'rm -rf "$scratch"' EXIT
. "$top/tests/bench/lib/measure.bash"
ulimit -n 4096

echo '{"rules": [{"delay_ms": 100, "piece": 1000}]}' >"$scratch/slow.json"
echo '{"rules": [{"piece": 1000}]}' >"$scratch/fast.json"
# ask WAY CALLS AT_ONCE SCRIPT: one measurement, against a server of its own that has answered before.
ask() {
  local port url
  coproc node "$top/tests/fakes/model_server.mjs" --script "$scratch/$4.json"
  local server=$COPROC_PID
  read -r port <&"${COPROC[0]}"
  url=http://127.0.0.1:${port//[^0-9]/}
  "$bench/model_bench" bare "$url" 1000 1000 >/dev/null
  "$bench/model_bench" "$1" "$url" "$2" "$3" >>"$scratch/$1_$4"
  kill "$server"; wait "$server" 2>/dev/null || true
}

echo "load when it began: $(cut -d' ' -f1-3 /proc/loadavg), $(nproc) processors"
for _ in $(seq "$rounds"); do
  for way in bare http llm; do ask $way 1000 1000 slow; ask $way 5000 100 fast; done
done

# of NAME WAY SCRIPT: the median of a figure.
of() { figure "$1" "$scratch/$2_$3"; }
echo "medians of $rounds rounds"
for way in http llm; do
  row "1,000 calls of 100 ms, $way, ms" "$(of wall_ms $way slow)" 1500 \
      "$(of cpu_ms $way slow) ms of the processor; bare libcurl $(of wall_ms bare slow) ms and $(of cpu_ms bare slow) ms"
  row 'their memory, MB' "$(of ram_mb $way slow)" 100 "bare libcurl $(of ram_mb bare slow) MB"
done
row '5,000 calls, 100 at once, http' "$(calc "$(of cpu_ms http fast) / $(of cpu_ms bare fast)")" 1.67 \
    "ratio of the processor: oe $(of cpu_us http fast) us a call, bare libcurl $(of cpu_us bare fast) us; with all of llm $(of cpu_us llm fast) us"
echo "load when it ended: $(cut -d' ' -f1-3 /proc/loadavg)"
exit $((missed > 0))
