#!/usr/bin/env bash
# A run that failed in part, was cut off or cancelled goes on: what is done stays done, what is not is made up for.
. "$(dirname "$0")/lib/harness.bash"

# times NAME: how often a node was attempted in all runs.
times() { grep -c "^$1$" "$story_dir/attempts" || true; }
status_of_last() { oe show --json | python3 -c 'import json,sys; print(json.load(sys.stdin)["status"])'; }
export ATTEMPTS=$story_dir/attempts

new_repo mend
cat >experience.yaml <<'YAML'
name: mend
version: 0.1.0
state: { schema: { rows: { type: array }, made: { type: array, merge: array_append }, sum: {}, apart: {} } }
graph:
  nodes:
    - { id: rows, kind: command, run: "echo rows >>$ATTEMPTS; printf 'a\nb\nc\n'", output: lines, writes: [rows] }
    - { id: make, kind: tool, impl: ./make.mjs, for_each: { source: $.rows, concurrency: 3 }, writes: [made] }
    - { id: sum, kind: command, run: "echo sum >>$ATTEMPTS; echo {{made.2}}", reads: [made], writes: [sum] }
    - { id: apart, kind: command, run: "echo apart >>$ATTEMPTS; echo 1", writes: [apart] }
  edges: [{ from: rows, to: make }, { from: make, to: sum }]
YAML
cat >make.mjs <<'JS'
import { appendFileSync } from 'node:fs';
export default ({ $item }) => {
  appendFileSync(process.env.ATTEMPTS, `make ${$item}\n`);
  if ($item === 'b') throw new Error('no b today');
  return { state_delta: { made: [$item.toUpperCase()] } };
};
JS
commit_all

say "a run fails in part"
expect_code 1 oe run
expect_same "$(status_of_last)" partial
run=$(newest_run)
expect_same "$(times rows) $(times 'make a') $(times 'make b') $(times sum)" "1 1 1 0"

say "while nothing is mended it fails again, and only what failed is tried"
expect_code 1 oe resume last
expect_same "$(times rows) $(times 'make a') $(times 'make b') $(times sum)" "1 1 2 0"

say "the tool is mended: what failed, and what was skipped because of it, are done in the same run"
sed -i '/throw/d' make.mjs
expect_code 0 oe resume last
expect_same "$(newest_run)" "$run"
expect_same "$(times rows) $(times 'make a') $(times 'make b') $(times 'make c') $(times sum) $(times apart)" "1 1 3 1 1 1"
expect_same "$(oe state made | tr -d ' \n')" '["A","B","C"]'
expect_same "$(oe state sum)" '"C"'
expect_same "$(status_of_last)" success
expect_has "$(oe show)" "what had failed included"

say "of a success there is nothing to go on with"
expect_code 2 oe resume last
expect_has "$out" "has succeeded"
expect_has "$out" "oe run experience.yaml"
expect_code 3 oe resume r-nosuchrun

cd "$story_dir" && new_repo calm
slow_workflow() {
  cat <<YAML
name: calm
version: 0.1.0
state: { schema: { quick: {}, slow: {} } }
graph:
  nodes:
    - { id: quick, kind: command, run: "echo quick >>\$ATTEMPTS; echo one", writes: [quick] }
    - { id: slow, kind: command, run: "$1; echo two", writes: [slow] }
  edges: [{ from: quick, to: slow }]
YAML
}
start_run() {
  "$OE" run >run.log 2>&1 & pid=$!
  wait_for sleeping "$1"
}
ended_with() {
  local code=0; wait $pid 2>/dev/null || code=$?
  expect_same "$code" "$1" "exit code"
}

for signal in INT TERM; do
  say "SIG$signal during a sleep: cancelled, no child is left, and it can be gone on with"
  rm -f awake "$ATTEMPTS"
  slow_workflow "[ -e awake ] || $(nap 306)" >experience.yaml
  start_run 306
  kill -$signal $pid
  ended_with 130
  ! sleeping 306 || fail "a child lives"
  expect_same "$(status_of_last)" cancelled
  expect_has "$(cat run.log)" "oe resume"
  touch awake
  expect_code 0 oe resume "$(newest_run)"
  expect_lacks "$out" "by now"
  expect_same "$(oe state quick) $(oe state slow) $(times quick)" '"one" "two" 1'
done

say "the workflow has changed since: what goes on is what was begun, and it says so"
rm awake
slow_workflow "[ -e awake ] || $(nap 306)" >experience.yaml
start_run 306
kill -INT $pid
ended_with 130
sed -i 's/echo two/echo three/' experience.yaml
touch awake
expect_code 0 oe resume
expect_has "$out" "experience.yaml is another by now"
expect_same "$(oe state slow)" '"two"'
rm awake

say "a child that is deaf to SIGTERM: the second SIGINT ends oe at once, without an end in the journal, and the child soon after"
slow_workflow "trap 'touch asked' TERM; until [ -e awake ]; do $(nap 307); done" >experience.yaml
start_run 307
kill -INT $pid
until [ -e asked ]; do sleep 0.01; done
kill -INT $pid
ended_with 130
expect_code 0 oe runs
expect_has "$out" "was interrupted"
gone() { ! sleeping 307; }
wait_for gone
touch awake
expect_code 0 oe resume
expect_same "$(oe state slow) $(status_of_last)" '"two" success'
