#!/usr/bin/env bash
# A slice of the planted workflows (fixtures/planted): four weaknesses are found and proven, two temptations are resisted.
# tests/bench/planted.sh has them all.
. "$(dirname "$0")/lib/harness.bash"
. "$top/tests/bench/lib/planted.bash"

for name in pages-without-address shops-one-by-one import-by-size odd-article-numbers; do
  say "$name is found"
  expect_has "$(judge_planted "$name")" "found"
done
for name in some-rows-may-fail running-total; do
  say "$name is left alone"
  expect_has "$(judge_planted "$name")" "silent"
done
