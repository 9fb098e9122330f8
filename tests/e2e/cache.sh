#!/usr/bin/env bash
# Results that need not be made again: found while all that they depend on is the same, and oe says what is not.
. "$(dirname "$0")/lib/harness.bash"
new_repo cached
cat >experience.yaml <<'YAML'
name: cached
version: 0.1.0
inputs: { n: { type: number, default: 2 } }
state: { schema: { product: { type: number } } }
graph:
  nodes:
    - { id: times, kind: tool, impl: ./times.mjs, args: { n: $run.inputs.n }, writes: [product], cache: true }
    - { id: plain, kind: command, run: "echo plain >>$RAN" }
  edges: [{ from: times, to: plain }]
YAML
mkdir lib
cat >times.mjs <<'JS'
import { appendFileSync } from 'node:fs';
import { factor } from './lib/factor.mjs';
export default ({ n }) => {
  appendFileSync(process.env.RAN, 'times\n');
  return { state_delta: { product: factor * n }, metrics: { tokens_in: 10, cost_usd: 0.01 } };
};
JS
echo 'export const factor = 2;' >lib/factor.mjs
commit_all
export RAN=$story_dir/ran
# runs COUNT: after one more run the cached tool has run so often.
runs() {
  local want=$1; shift
  expect_code 0 oe run "$@"
  expect_same "$(grep -c times "$RAN")" "$want" "calls of the tool"
}
why() { oe cache why times; }

say "before anything ran"
expect_code 0 oe cache ls
expect_code 3 oe cache why times
expect_has "$out" "cache: true"

say "the second run finds the result: marked in the journal, not counted as spend; the rest runs again"
runs 1
expect_has "$out" "spent 10 tokens"
first=$(newest_run)
runs 1
expect_has "$out" "cached ($first)"
expect_lacks "$out" "spent"
expect_lacks "$(oe show)" "spent"
expect_has "$(oe show)" "1 result came from the cache"
finished=$(oe show --events | grep '"node_id":"times"' | grep node.finished)
expect_has "$finished" "\"cache_hit\":true,\"reused_from\":\"$first\""
expect_same "$(oe state product)" 4
expect_same "$(grep -c plain "$RAN")" 2
expect_has "$(why)" "was found"
expect_same "$(oe cache ls | wc -l)" 1
expect_has "$(oe cache ls)" "1 hit"

say "a module that the tool imports has changed"
echo 'export const factor = 3;' >lib/factor.mjs
runs 2
expect_same "$(oe state product)" 6
expect_has "$(why)" "lib/factor.mjs"
runs 2

say "the tool has changed"
echo '// the same, with a remark' >>times.mjs
runs 3
expect_has "$(why)" "file times.mjs"
expect_lacks "$(why)" "factor.mjs"

say "another input, and back to the first one"
runs 4 --input n=5
expect_has "$(why)" "input n"
runs 4
expect_has "$(why)" "was found"
expect_same "$(oe state product)" 6

say "--no-cache takes nothing and keeps nothing"
runs 5 --no-cache
runs 6 --no-cache --input n=7
expect_lacks "$(oe show --events)" cache_hit
runs 7 --input n=7

say "a failure is not kept"
cp times.mjs good.mjs
sed -i "s|  return|  throw new Error('no luck');\n  return|" times.mjs
for calls in 8 9; do
  expect_code 1 oe run
  expect_same "$(grep -c times "$RAN")" "$calls"
done
mv good.mjs times.mjs

say "what is kept is looked after, also while a run is under way"
expect_same "$(oe cache ls --json | python3 -c 'import json, sys; print(len(json.load(sys.stdin)["entries"]))')" 5
oe run -j 2 >run.log & oe cache gc --max-mb 0 >gc.log & wait
expect_has "$(cat run.log)" success
expect_has "$(cat gc.log)" forgot
expect_code 0 oe cache gc --unused 0
expect_code 0 oe cache gc --max-mb 0
expect_has "$(oe cache ls 2>&1)" "nothing is kept"
calls=$(grep -c times "$RAN")
runs $((calls + 1))
expect_code 2 oe cache gc --unused -1
expect_code 3 oe cache why nosuch

say "a store that is broken is an empty one"
echo junk >.openexpertise/replay.sqlite
runs $((calls + 2))
runs $((calls + 2))
