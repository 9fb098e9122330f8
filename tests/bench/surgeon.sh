#!/usr/bin/env bash
# What the patch surgeon makes of 100,000 damaged diffs, beside `git apply`, its loose flags and `patch` on the same input.
# Usage: tests/bench/surgeon.sh [SEED] [further words for surgeon_bench, see the head of tests/bench/surgeon/main.cpp]
#   BUILD  the build tree to make surgeon_bench in (build/release)
# Needs git and patch. Ends with 1 when less than 85 % is right or more than 0.1 % is wrong.
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
build=${BUILD:-$top/build/release} seed=${1:-20261121}
[ -f "$build/CMakeCache.txt" ] || { echo "there is no build tree $build; see the head of $0" >&2; exit 2; }
cmake --build "$build" --target surgeon_bench >/dev/null

echo "load when it began: $(cut -d' ' -f1-3 /proc/loadavg), $(nproc) processors; $(git --version), $(patch --version | head -n1)"
status=0
"$build/bin/surgeon_bench" --trials 100000 --seed "$seed" --peers 2000 "${@:2}" || status=$?
echo "load when it ended: $(cut -d' ' -f1-3 /proc/loadavg)"
exit $status
