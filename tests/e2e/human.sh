#!/usr/bin/env bash
# A run that waits for a human: it says what to type, takes the answers that fit, refuses the others, and goes on with them.
. "$(dirname "$0")/lib/harness.bash"
new_repo gate
cat >experience.yaml <<'YAML'
name: gate
version: 0.1.0
state: { schema: { made: {}, where: {}, owner: {}, size: { type: number }, sent: {} } }
graph:
  nodes:
    - { id: make, kind: command, run: echo v1, writes: [made] }
    - { id: ok, kind: human, ask: approve, question: "Ship {{made}}?", reads: [made] }
    - { id: pick, kind: human, ask: choose, choices: ["live now", staging], question: "Where?", writes: [where] }
    - id: fill
      kind: human
      ask: form
      question: Who?
      writes: [owner, size]
      schema: { type: object, required: [owner], properties: { owner: { type: string }, size: { type: number } } }
    - { id: send, kind: command, run: "echo {{made}} {{where}} {{owner}} {{size}}", reads: [made, where, owner, size], writes: [sent] }
  edges: [{ from: make, to: ok }, { from: ok, to: send }, { from: pick, to: send }, { from: fill, to: send }]
YAML
commit_all

# line_for NODE: the line to type that the last output has for this node.
line_for() { printf '%s\n' "$out" | grep "^  oe answer [^ ]* $1 "; }
# type_it LINE: as if it had been typed.
type_it() { eval "$1"; }

say "without a terminal the run waits, and prints what to type"
expect_code 5 oe run
expect_has "$out" "Ship v1?"
run=$(newest_run)
approve=$(line_for ok) choose=$(line_for pick)
expect_same "$(echo $approve)" "oe answer $run ok --approve # or --reject"
expect_same "$(echo $choose)" "oe answer $run pick --choose 'live now' # or staging"
expect_has "$(line_for fill)" "--set owner="
expect_has "$out" "oe resume $run"
expect_code 5 oe resume
expect_has "$(oe runs)" waiting
expect_code 0 oe answer
expect_same "$(line_for ok)" "$approve"

# refused CODE WHY COMMAND...: it is refused for this reason, and nothing is recorded.
refused() {
  local code=$1 why=$2; shift 2
  expect_code "$code" "$@"
  expect_has "$out" "$why"
  expect_lacks "$(oe show --events)" node.answered
}
say "wrong answers are refused with the reason"
refused 3 "these do: pick, fill, ok" oe answer last nosuch --approve
refused 3 "does not wait" oe answer last make --approve
refused 3 "there is no run" oe answer r-none ok --approve
refused 2 "--approve or --reject" oe answer last ok
refused 2 "--approve or --reject" oe answer last ok --choose staging
refused 2 "one answer at a time" oe answer last ok --approve --reject
refused 2 "true or false" oe answer last ok --json 3
refused 2 "--choose" oe answer last pick --approve
refused 2 "choose one of: live now, staging" oe answer last pick --choose moon
refused 2 "type number, which 'big' is not" oe answer last fill --set owner=ada --set size=big
refused 2 "'owner' is missing" oe answer last fill --set size=3
refused 2 "nosuch" oe answer last fill --set owner=ada --set nosuch=1
refused 2 "not valid JSON" oe answer last fill --json '{'

say "the printed lines work as they are; an answer is given once"
type_it "$approve" >/dev/null
expect_code 3 oe answer last ok --reject
expect_has "$out" "does not wait"
type_it "$choose" >/dev/null
expect_code 0 oe answer last fill --set owner=ada --set size=3 --note "on call"
expect_has "$out" "oe resume $run"
expect_code 3 oe answer last fill --set owner=bob
expect_code 0 oe resume
expect_same "$(oe state sent)" '"v1 live now ada 3"'
expect_code 2 oe resume

say "who said what is in oe show and in the journal"
shown=$(oe show)
expect_has "$shown" "ok answered true by Ada Tester <ada@example.com> (oe answer)"
expect_has "$shown" "on call"
expect_lacks "$shown" "attempt 1 waiting"
expect_lacks "$shown" "interrupted"
answered=$(oe show --events | grep '"type":"node.answered"')
expect_same "$(printf '%s\n' "$answered" | wc -l)" 3
expect_has "$answered" '"answer":{"owner":"ada","size":3},"who":"Ada Tester <ada@example.com>","via":"oe answer","note":"on call"'
oe show --json | python3 -c '
import json, sys
shown = json.load(sys.stdin)
assert [answer["node"] for answer in shown["answers"]] == ["ok", "pick", "fill"] and shown["waiting"] == [], shown
assert all(node["outcome"] == "succeeded" and len(node["attempts"]) == 1 for node in shown["nodes"]), shown["nodes"]'

say "no is a failure: what comes after it is skipped; resumed, it asks again"
expect_code 5 oe run
expect_code 0 oe answer last ok --reject --note "not today"
expect_code 0 oe answer last pick --choose staging
expect_code 0 oe answer last fill --json '{"owner": "bob", "size": 1.5}'
expect_code 1 oe resume
expect_has "$out" rejected
expect_has "$out" "predecessor 'ok' failed"
expect_code 5 oe resume
expect_code 0 oe answer last ok --approve
expect_code 0 oe resume
expect_same "$(oe state sent)" '"v1 staging bob 1.5"'

cd "$story_dir" && new_repo late
cat >experience.yaml <<'YAML'
name: late
version: 0.1.0
state: { schema: { where: {}, sent: {} } }
graph:
  nodes:
    - { id: pick, kind: human, ask: choose, choices: [staging, live], question: "Where?", writes: [where], default: staging, deadline_ms: 300 }
    - { id: never, kind: human, question: "Well?", deadline_ms: 300 }
    - { id: send, kind: command, run: "echo {{where}}", reads: [where], writes: [sent] }
  edges: [{ from: pick, to: send }]
YAML
say "after the deadline the default counts; a question without one has failed"
expect_code 5 oe run
sleep 0.4
expect_code 1 oe resume
expect_same "$(oe state sent)" '"staging"'
expect_has "$(oe show)" 'pick answered "staging" by nobody (deadline)'
expect_has "$(oe show)" "never  timed_out"

cd "$story_dir" && new_repo busy
cat >experience.yaml <<YAML
name: busy
version: 0.1.0
state: { schema: { done: {} } }
graph:
  nodes:
    - { id: go, kind: human, question: "Go?" }
    - { id: slow, kind: command, run: "$(nap 320) & until [ -e first ]; do sleep 0.02; done" }
    - { id: then, kind: command, run: "$(nap 321) & until [ -e second ]; do sleep 0.02; done; echo once >>runs", writes: [done] }
  edges: [{ from: go, to: then }, { from: slow, to: then }]
YAML
say "a run that is going on takes neither an answer nor a resume"
"$OE" run >run.log 2>&1 & pid=$!
wait_for sleeping 320
expect_code 4 oe answer last go --approve
expect_has "$out" "is still going on"
expect_code 4 oe resume
touch first
code=0; wait $pid || code=$?
expect_same "$code" 5 "exit code"

say "two resumes at once: one goes on, the other says why it does not"
expect_code 0 oe answer last go --approve
"$OE" resume >one.log 2>&1 & one=$!
wait_for sleeping 321
expect_code 4 oe resume
expect_has "$out" "is still going on"
touch second
wait $one || fail "$(cat one.log)"
expect_same "$(cat runs)" once
