#!/usr/bin/env bash
# What is too long for every change: a build without unity files (includes that are missing show there), the sanitizers over all unit
# tests and stories, the long fuzz run of the editor, libFuzzer on what reads the replies of models, all crash tests, and the
# measurements. tests/run.sh must be green first.
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/lib/setup.sh
install_missing $BUILD_PACKAGES $RUN_PACKAGES $TEST_PACKAGES

# libgit2 1.5 loses one pattern match each time it opens a repository; everything else that leaks is ours.
suppressions=$(mktemp); trap 'rm -f "$suppressions"' EXIT
echo 'leak:libpcre2-8' >"$suppressions"
export LSAN_OPTIONS=suppressions=$suppressions:print_suppressions=0 ASAN_OPTIONS=detect_leaks=1

build dev
build asan
ctest --preset asan -j "$(nproc)"
OE_FUZZ_EDITS=${OE_FUZZ_EDITS:-20000} build/asan/bin/test_doc --gtest_filter='*Fuzz*'
tests/fuzz/run.sh "${OE_FUZZ_SECONDS:-120}"
build tsan
ctest --preset tsan -j "$(nproc)" -R '^(sys|http|ledger|engine|exec|llm)\.'  # what has threads, or processes and signals
build release -DOE_TESTS=ON
tests/crash/kill_run.sh
WORKFLOW=long.yaml tests/crash/kill_run.sh 40
tests/crash/boundaries.sh
tests/crash/writers.sh 150
OE=$PWD/build/release/bin/oe OE_ALL_KINDS=1 tests/e2e/untouched.sh
tests/bench/build_times.sh
cmake --build build/release --target engine_bench ledger_bench model_bench surgeon_bench gate_bench proposal_bench
tests/bench/run_overhead.sh
tests/bench/model_calls.sh
tests/bench/surgeon.sh
tests/bench/proposal.sh
build/release/bin/gate_bench 2026
tests/bench/gate_evolve.sh 1000 100
tests/bench/planted.sh
