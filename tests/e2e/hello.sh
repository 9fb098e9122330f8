#!/usr/bin/env bash
# The examples run as they stand, and every way of looking at a run tells the same.
. "$(dirname "$0")/lib/harness.bash"

new_repo hello && copy_example hello-tool && commit_all
say "a run prints a line a node and succeeds"
expect_code 0 oe run
expect_has "$out" "ok     hello"
expect_has "$out" "success in"
run=$(newest_run)

say "state, show and runs agree"
expect_same "$(oe state greeting)" '"Hello, world!"'
expect_same "$(oe state greeting --run "$run")" '"Hello, world!"'
expect_has "$(oe show "$run")" "succeeded"
expect_has "$(oe runs)" "$run"
expect_has "$(oe show --events)" '"type":"run.started"'
expect_has "$(oe show "$run" --json)" '"greeting": "Hello, world!"'
expect_code 3 oe state greting
expect_has "$out" "did you mean 'greeting'?"
expect_code 3 oe show r-nosuchrun
expect_has "$out" "r-nosuchrun"

say "the record ignores itself"
expect_same "$(git status --porcelain)" ""
touch .openexpertise/config.yaml
expect_has "$(git status --porcelain -uall)" ".openexpertise/config.yaml"

say "--json is one document"
oe run --json | python3 -c 'import json,sys; d = json.load(sys.stdin); assert d["status"] == "success" and d["state"]["greeting"], d'

say "arguments of a run reach tools under those of the node"
cat >tools/hello.mjs <<'JS'
export default ({ name, who }) => ({ state_delta: { greeting: `${name} ${who}` } });
JS
expect_code 0 oe run --input who=me --input name=ignored
expect_same "$(oe state greeting)" '"world me"'
expect_code 0 oe run --args '{"who": 7}'
expect_same "$(oe state greeting)" '"world 7"'
expect_code 2 oe run --args '[1]'
expect_code 2 oe run --input who
expect_code 2 oe run --concurrency 0
expect_code 2 oe frobnicate

say "a dataset goes through a tool"
cd "$story_dir" && new_repo aggregate && copy_example dataset-aggregate && commit_all
expect_code 0 oe run
expect_same "$(oe state totals | tr -d ' \n')" '{"east,coast":29,"north":159.8,"south":59.3}'

say "two runs never see each other's values, and oe diff says what differs"
first=$(newest_run)
sed -i 's/^1001,north,19.90,2/1001,north,19.90,3/' data/orders.csv
expect_code 0 oe run
expect_has "$(oe diff "$first" last)" "state totals"
expect_has "$(oe diff "$first" last --json)" '"before"'

say "the index is a projection: deleted and remade, it says the same"
before=$(oe runs)
rm .openexpertise/state.sqlite*
expect_same "$(oe runs)" "$before" "after the index was deleted"
expect_has "$(oe ledger rebuild)" "2 journals"
expect_same "$(oe runs)" "$before" "after oe ledger rebuild"
expect_same "$(sqlite3 .openexpertise/state.sqlite 'select count(*) from runs')" 2
