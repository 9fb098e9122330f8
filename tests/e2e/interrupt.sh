#!/usr/bin/env bash
# Ctrl-C, kill -9, a full disk, a read-only repository, two at once: nothing is lost and nothing is left.
. "$(dirname "$0")/lib/harness.bash"
new_repo calm
cat >experience.yaml <<'YAML'
name: calm
version: 0.1.0
state: { schema: { done: { type: array, merge: array_append } } }
graph:
  nodes:
    - { id: quick, kind: command, run: echo first, writes: [first] }
    - { id: slow, kind: command, run: "sleep 304 & sleep 305" }
  edges: [{ from: quick, to: slow }]
YAML
sed -i 's/schema: {/schema: { first: {},/' experience.yaml
commit_all

# Starts a run in the background and waits until its slow node runs.
start_run() {
  "$OE" run >run.log 2>&1 & pid=$!
  for _ in $(seq 100); do pgrep -f 'sleep 305' >/dev/null && return 0; sleep 0.05; done
  fail "the run did not start: $(cat run.log)"
}

say "Ctrl-C ends the whole tree and the run in order"
start_run
kill -INT $pid
code=0; wait $pid || code=$?
expect_same "$code" 130 "exit code"
! pgrep -f 'sleep 30[45]' >/dev/null || fail "a child lives"
expect_has "$(oe show --events | tail -n 1)" '"status":"cancelled"'
expect_same "$(oe state first)" '"first"'

say "kill -9 leaves a journal whose lines all parse; the next command says so, once"
start_run
kill -KILL $pid; wait $pid 2>/dev/null || true
pkill -f 'sleep 30[45]' || true
expect_code 0 oe runs
expect_has "$out" "was interrupted"
expect_has "$out" "interrupted"
expect_code 0 oe runs
expect_lacks "$out" "was interrupted"
expect_same "$(oe state first)" '"first"' "what was done before the kill"
for journal in .openexpertise/runs/*.jsonl; do python3 -c 'import json,sys; [json.loads(l) for l in open(sys.argv[1])]' "$journal"; done

say "two runs at once both work"
cat >experience.yaml <<'YAML'
name: two
version: 0.1.0
state: { schema: { who: {} } }
graph:
  nodes:
    - { id: a, kind: command, run: "sleep 0.3; echo $$", writes: [who] }
  edges: []
YAML
oe run >one.log & one=$!
oe run >two.log & two=$!
wait $one && wait $two
expect_same "$(oe runs --limit 2 | grep -c success)" 2

say "a disk that is full"
if [ "$(id -u)" = 0 ] && mkdir small && mount -t tmpfs -o size=400k tmpfs small 2>/dev/null; then
  (cd small && git init -q && cp ../experience.yaml . && head -c 300000 /dev/zero >fill 2>/dev/null || true
   cat /dev/zero >fill2 2>/dev/null || true
   expect_code 4 oe run && expect_has "$out" "full")
  umount small
fi

say "a repository that cannot be written"
if [ "$(id -u)" = 0 ] && mkdir frozen && mount -t tmpfs tmpfs frozen 2>/dev/null; then
  (cd frozen && git init -q && cp ../experience.yaml . && mount -o remount,ro . && expect_code 4 oe run &&
   expect_has "$out" "read-only")
  umount frozen
else
  (mkdir -p frozen && cd frozen && git init -q && cp ../experience.yaml . && chmod a-w . && expect_code 4 oe run)
fi
