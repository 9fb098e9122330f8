#!/usr/bin/env bash
# Fuzzes what reads the replies of models with libFuzzer and the sanitizers: tests/fuzz/run.sh [SECONDS for each target [TARGET...]].
# What it finds stays in build/fuzz/crash-*, to be made a unit test.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/lib/setup.sh
install_missing $BUILD_PACKAGES clang libclang-rt-14-dev
cmake -S . -B build/fuzz -G Ninja -DCMAKE_CXX_COMPILER=clang++ -DCMAKE_C_COMPILER=clang -DCMAKE_BUILD_TYPE=None \
  -DCMAKE_CXX_FLAGS="-O1 -g1" -DOE_SANITIZE=address,undefined,fuzzer-no-link -DOE_FUZZ=ON -DCMAKE_UNITY_BUILD=ON -DCMAKE_UNITY_BUILD_BATCH_SIZE=6 >build/fuzz.log || { cat build/fuzz.log; exit 1; }
seconds=${1:-60}; [ $# -gt 1 ] && targets=("${@:2}") || targets=(reply stream schema patch)
cmake --build build/fuzz --target "${targets[@]/#/fuzz_}" >build/fuzz.log || { tail -n 40 build/fuzz.log; exit 1; }
for target in "${targets[@]}"; do
  mkdir -p "build/fuzz/corpus/$target"
  "build/fuzz/bin/fuzz_$target" -max_total_time="$seconds" -max_len="$([ $target = patch ] && echo 65536 || echo 8192)" -timeout=60 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix=build/fuzz/ "build/fuzz/corpus/$target" >"build/fuzz/$target.log" 2>&1 || { tail -n 60 "build/fuzz/$target.log"; exit 1; }
  echo "fuzzed $target: $(sed -n 's/^stat::number_of_executed_units: *//p' "build/fuzz/$target.log") inputs, nothing found"
done
