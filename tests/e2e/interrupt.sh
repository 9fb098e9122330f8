#!/usr/bin/env bash
# Ctrl-C, kill -9, two at once: nothing is lost and nothing is left.
. "$(dirname "$0")/lib/harness.bash"
new_repo calm
cat >experience.yaml <<YAML
name: calm
version: 0.1.0
state: { schema: { first: {}, done: { type: array, merge: array_append } } }
graph:
  nodes:
    - { id: quick, kind: command, run: echo first, writes: [first] }
    - { id: slow, kind: command, run: "$(nap 304) & $(nap 305)" }
  edges: [{ from: quick, to: slow }]
YAML
commit_all

# Starts a run in the background and waits until its slow node runs.
start_run() {
  "$OE" run >run.log 2>&1 & pid=$!
  wait_for sleeping 305
  wait_for sleeping 304
}

for signal in INT TERM HUP; do
  say "SIG$signal ends the whole tree and the run in order"
  start_run
  kill -$signal $pid
  code=0; wait $pid || code=$?
  expect_same "$code" 130 "exit code"
  ! sleeping '30[45]' || fail "a child lives"
  expect_has "$(oe show --events | tail -n 1)" '"status":"cancelled"'
  expect_same "$(oe state first)" '"first"'
done

say "kill -9 leaves a journal whose lines all parse; the next command says so, once"
start_run
kill -KILL $pid; wait $pid 2>/dev/null || true
expect_code 0 oe runs
expect_has "$out" "was interrupted"
expect_code 0 oe runs
expect_lacks "$out" "was interrupted"
expect_has "$out" "interrupted"
expect_same "$(oe state first)" '"first"' "what was done before the kill"
for journal in .openexpertise/runs/*.jsonl; do python3 -c 'import json,sys; [json.loads(l) for l in open(sys.argv[1])]' "$journal"; done

say "two runs at once both work"
cat >experience.yaml <<'YAML'
name: two
version: 0.1.0
state: { schema: { who: {} } }
graph:
  nodes:
    - { id: a, kind: command, run: "touch here.$OE_WHO; until [ -e here.one ] && [ -e here.two ]; do sleep 0.02; done; echo $OE_WHO",
        writes: [who], timeout_ms: 30000 }
  edges: []
YAML
OE_WHO=one "$OE" run >one.log 2>&1 & one=$!
OE_WHO=two "$OE" run >two.log 2>&1 & two=$!
wait $one || fail "the one: $(cat one.log)"
wait $two || fail "the other: $(cat two.log)"
expect_same "$(oe runs --limit 2 | grep -c success)" 2
run_of() { head -n 1 "$1.log" | cut -d ' ' -f 1; }
for who in one two; do expect_same "$(oe state who --run "$(run_of $who)")" "\"$who\""; done
