#!/usr/bin/env bash
# Build times with the compiler cache off: everything from nothing, then again after one .cpp of each room was touched.
# Usage: tests/bench/build_times.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
build=$(mktemp -d); trap 'rm -rf "$build"' EXIT
seconds() { local start=$SECONDS; "$@" >/dev/null; echo $((SECONDS - start)); }

cmake --preset release -B "$build" -DOE_CCACHE=OFF >/dev/null
echo "full build: $(seconds cmake --build "$build") s (goal 240)"
for room in src/*/; do
  file=$(ls "$room"*.cpp | head -n 1)
  touch "$file"
  echo "after touching $file: $(seconds cmake --build "$build") s (goal 20)"
done
