#!/usr/bin/env bash
# Several generations, with rules alone: the second weakness only shows once the first one is mended, and the change for it
# stands on the change for the first.
. "$(dirname "$0")/lib/harness.bash"
new_repo steps
cat >experience.yaml <<'YAML'
name: steps
version: 0.1.0
runtime: { concurrency: 8 }
graph:
  nodes:
    - id: fetch
      kind: command
      run: [sleep, "{{$item}}"]
      for_each: { source: $.naps, concurrency: 4 }
      timeout_ms: 600
    # Never began in any recorded run: fetch fails before.
    - id: build
      kind: command
      run: [sleep, "{{$item}}"]
      for_each: { source: $.naps, concurrency: 4 }
      timeout_ms: 600
    - { id: list, kind: command, run: "printf '0.35\n0.35\n0.7\n'", output: lines, writes: [naps] }
  edges:
    - { from: list, to: fetch }
    - { from: fetch, to: build }
state:
  schema:
    naps: { type: array }
YAML
commit_all "the workflow"
head=$(git rev-parse HEAD)
expect_code 1 oe run
expect_lacks "$(oe show --events)" '"type":"node.started","run_id":"'"$(newest_run)"'","node_id":"build"'
before=$(snapshot)

say "what is not a limit is refused, with what is"
expect_code 2 oe evolve --budget 10minutes
expect_has "$out" "--budget takes no '10minutes'"
expect_has "$out" "40runs"

say "a limit of runs is kept, and said"
expect_code 0 oe evolve --advisor rules --budget 6runs
expect_has "$out" "ended:   by the limit of 6 trial runs"
expect_has "$out" "not proven"
expect_same "$(ls .openexpertise/trials | wc -l)" 6 "trial runs"
expect_same "$(git branch --list 'oe/*')" ""

say "two generations: the second stands on the first"
expect_code 0 oe evolve --advisor rules --generations 2 --budget 10min
expect_unchanged "$before" "working tree, index, HEAD, stash, config, refs"
first=$(git branch --list 'oe/tune-param/fetch/*' --format '%(refname:short)')
second=$(git branch --list 'oe/tune-param/build/*' --format '%(refname:short)')
expect_same "$(git branch --list 'oe/*' | wc -l)" 2 "branches"
expect_same "$(git rev-parse "$first^")" "$head"
expect_same "$(git rev-parse "$second^")" "$(git rev-parse "$first")" "the parent of the second commit"
expect_same "$(git diff --numstat "$first" "$second" | cut -f 1,2)" "1	1"
one=${first##*/} two=${second##*/}
expect_has "$out" "on:      $one (generation 2)"

say "the best without evolution is run beside it, and both anew"
expect_has "$out" "baseline: best of 1 without evolution, beside "
expect_has "$out" "evolution's $two"
expect_has "$out" ": better: success"
expect_has "$out" "baseline $one beside the base: "
expect_has "$(cat .openexpertise/evolution/*.md)" "## Search"
awk '/^```diff/{f=1;next} /^```/{f=0} f' .openexpertise/evolution/*.md | git apply --check

say "lineage: workflow, first, second"
expect_code 0 oe lineage
expect_has "$out" "experience.yaml at ${head:0:12}"
expect_has "$out" "  $one  open  Give fetch more time"
expect_has "$out" "    $two  open  Give build more time"
expect_has "$out" "better ("
expect_has "$(oe lineage "$two" --dot)" "[label=\"generation 2\"];"
oe lineage --json | python3 -c '
import json, sys
root, = json.load(sys.stdin)["roots"]
first, = root["proposals"]
second, = first["children"]
assert first["generation"] == 1 and second["generation"] == 2, root
assert second["arm"] == "evolution" and second["advisor"] == "rules", second
assert second["verdict"] == "better" and second["wins"] > second["losses"], second'
expect_code 0 oe proposal show "$two"
expect_has "$out" "stands on"

say "the same again builds on what is there, and runs nothing anew for it"
tips=$(git for-each-ref refs/heads/oe)
expect_code 0 oe evolve --advisor rules --generations 2 --budget 0runs --json
expect_same "$(git for-each-ref refs/heads/oe)" "$tips"
trials=$(ls .openexpertise/trials | wc -l)
expect_same "$(printf '%s' "$out" | python3 -c '
import json, sys
text = sys.stdin.read()
print(json.loads(text[text.index("{"):])["trial_runs"])')" 0

cp -R "$story_dir/steps" "$story_dir/rejecting"
say "the second is taken after the first"
expect_code 1 oe accept "$two"
expect_has "$out" "stands on $one"
expect_has "$out" "oe accept $one first"
expect_code 0 oe accept "$one"
expect_code 0 oe accept "$two"
expect_same "$(git branch --list 'oe/*')" ""
expect_same "$(git rev-list --count "$head..HEAD")" 2
expect_code 0 oe run
expect_has "$(oe lineage)" "$two  accepted"

say "without the first, the second has no ground"
cd "$story_dir/rejecting"
expect_code 0 oe reject "$one" --why "fetch is replaced next week"
expect_has "$out" "closed $two, which stood on it"
expect_same "$(git branch --list 'oe/*')" ""
expect_code 3 oe accept "$two"
expect_has "$(oe lineage)" "$two  unproven"
expect_has "$(oe proposal show "$two")" "stood on $one, which was rejected: fetch is replaced next week"
