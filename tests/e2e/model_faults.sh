#!/usr/bin/env bash
# What can be wrong about a model is told in one clear line with exit code 4, the run is recorded and can be resumed; a
# budget holds; keys are nowhere.
. "$(dirname "$0")/lib/harness.bash"
. "$top/tests/e2e/lib/models.bash"
model_server
new_repo faults
key=sk-ant-very-secret-0123456789
# workflow MODEL [NODE SETTINGS]: one agent.
workflow() {
  cat >experience.yaml <<YAML
name: faults
version: 0.1.0
models:
  default: m
  m: { $1 }
state: { schema: { before: {}, answer: {} } }
graph:
  nodes:
    - { id: before, kind: command, run: echo done, writes: [before] }
    - { id: ask, kind: agent, prompt: ask.md, writes: [answer]${2:+, $2} }
  edges: [{ from: before, to: ask }]
YAML
}
# stops PATTERN: exit 4, one line that says it, recorded, and what came before is kept.
stops() {
  expect_code 4 oe run --no-cache
  case $out in *$1*) ;; *) fail "no '$1' in: $out" ;; esac
  expect_has "$(oe show)" "failed"
  expect_has "$(oe state before)" "done"
}
good="provider: anthropic, model: claude-x, base_url: '$server'"
echo 'Say something.' >ask.md
git add -A; git commit -qm one -q --allow-empty

say "a missing key is named"
workflow "$good"
stops "ANTHROPIC_API_KEY"
say "and the run goes on when it is there"
ANTHROPIC_API_KEY=$key expect_code 0 oe resume
expect_has "$(oe state answer)" "Say something"
export ANTHROPIC_API_KEY=$key

say "an unknown alias and an unknown provider are met with what was meant, those in the file before anything runs"
workflow "$good" "model: mm"
stops "did you mean 'm'"
workflow "$good" "provider: antropic"
expect_code 3 oe run
expect_has "$out" "did you mean 'anthropic'"
workflow "$good"; sed -i '/default: m/d' experience.yaml
expect_code 4 oe run --llm antropic
expect_has "$out" "did you mean 'anthropic'"

say "a schema that the API cannot take"
workflow "$good" "schema: { type: object, properties: { answer: { \$ref: '#' } } }"
expect_code 4 oe run
expect_has "$out" "schema"

say "a prompt over the context window"
workflow "$good, context: 100"
head -c 20000 /dev/zero | tr '\0' 'x' >ask.md
stops "context"
echo 'Say something.' >ask.md

say "a base URL without a server"
workflow "provider: anthropic, model: claude-x, base_url: 'http://127.0.0.1:9', retries: 0"
stops "127.0.0.1:9"

say "a certificate that nobody trusts"
plain=$server
if command -v openssl >/dev/null; then
  model_server --tls
  workflow "provider: anthropic, model: claude-x, base_url: '${server/http:/https:}', retries: 0"
  stops "certificate"
fi
server=$plain

say "a wrong key is denied, and is not in what the server is quoted with"
script '{"key": "another"}'
workflow "$good"
stops "401"
expect_lacks "$out" "$key"

say "a storm is waited out by the rules; a spent quota is not tried again"
script '{"rules": [{"times": 2, "fault": {"status": 429, "headers": {"retry-after-ms": "20"}}}]}'
expect_code 0 oe run --no-cache
expect_same "$(asked '[e["status"] for e in log]')" "[429, 429, 200]"
script '{"rules": [{"fault": {"status": 400, "type": "invalid_request_error", "message": "Your credit balance is too low"}}]}'
expect_code 4 oe run --no-cache
expect_same "$(asked 'len(log)')" 1

say "refusal, truncation and a broken stream are failures of their own, which on_error may handle"
for reply in '"reply": {"refusal": "no"}' '"reply": {"truncated": "half a"}' '"no_end": true' '"content_type": "text/html"'; do
  script "{\"rules\": [{$reply}]}"
  expect_code 1 oe run --no-cache
  expect_has "$out" "FAILED"
done

say "an answer that does not fit is asked for once more, with the fault quoted"
workflow "$good" "schema: { type: object, properties: { answer: { enum: ['yes', 'no'] } }, required: [answer] }"
script '{"rules": [{"when": {"call": 1}, "reply": {"json": {"answer": "maybe"}}}, {"reply": {"json": {"answer": "yes"}}}]}'
expect_code 0 oe run --no-cache
expect_same "$(asked 'len(log), "/answer" in log[1]["prompt"]')" "(2, True)"

say "a budget holds against the worst that a call can cost"
workflow "$good, price: { input: 10, output: 50 }, max_tokens: 1000" "for_each: { source: \$.before }"
sed -i 's/run: echo done/run: seq 20, output: lines/; s/schema: { before: {}, answer: {} }/schema: { before: {}, answer: { merge: last_wins } }/' experience.yaml
script '{"rules": [{"reply": {"text": "short"}, "usage": {"input": 100, "output": 200}}]}'
expect_code 1 oe run --no-cache -j 4 --budget 0.15
expect_has "$out" "budget"
python3 - "$(oe show --json)" <<'PY'
import json, sys
spent = json.loads(sys.argv[1])["spent"]["usd"]
assert 0.05 <= spent <= 0.15, spent
PY
workflow "$good" && expect_code 1 oe run --no-cache --budget 0.15
expect_has "$out" "price"

say "the key is in no journal, index, cassette, report or process list"
workflow "$good"
script '{"rules": [{"reply": {"text": "your key is '$key'"}, "delay_ms": 700}]}'
oe run --no-cache >../printed 2>&1 & running=$!
wait_for sh -c "grep -q asking $story_dir/printed"
ps axww -o args= >../processes
wait "$running"
oe show --events >>../printed; oe show --json >>../printed; oe state >>../printed; oe cassette export >>../printed
grep -q 'your key is \*\*\*' ../printed || fail "the answer was not masked: $(cat ../printed)"
! grep -rqF -- "$key" .openexpertise ../printed ../processes || fail "the key is in $(grep -rlF -- "$key" .openexpertise ../printed ../processes)"
