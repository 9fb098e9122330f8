#!/usr/bin/env bash
# A slice of the planted workflows (fixtures/planted): four weaknesses are found and proven, two temptations are resisted.
# tests/bench/planted.sh has them all.
. "$(dirname "$0")/lib/harness.bash"
. "$top/tests/bench/lib/planted.bash"

for name in pages-without-address shops-one-by-one import-by-size address-book-type-error; do
  say "$name is found"
  expect_has "$(judge_planted "$name")" "found"
done
say "of the rows that crash a node the least is kept"
expect_same "$(python3 -c '
import json, sys
print(json.dumps(json.load(open(sys.argv[1]))["proposals"][0]["change"]["item"]))' "$story_dir/address-book-type-error.json")" \
  '{"people": [{}]}'
for name in some-rows-may-fail running-total; do
  say "$name is left alone"
  expect_has "$(judge_planted "$name")" "silent"
done
