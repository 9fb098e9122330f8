#!/usr/bin/env bash
# Agents in the graph: each provider is asked in its own words, what it costs is known, and a recorded run replays with no
# key and no network.
. "$(dirname "$0")/lib/harness.bash"
. "$top/tests/e2e/lib/models.bash"
model_server
new_repo review
cat >experience.yaml <<YAML
name: review
version: 0.1.0
models:
  default: claude
  claude: { provider: anthropic, model: claude-sonnet-5, base_url: $server, price: { input: 3, output: 15 } }
  gpt:    { provider: openai, model: gpt-5.6, base_url: $server/v1, price: { input: 2, output: 8 } }
  chat:   { provider: openai-chat, model: qwen, base_url: $server/v1 }
  gem:    { provider: gemini, model: gemini-3, base_url: $server, price: { input: 1, output: 4 } }
  llama:  { provider: ollama, model: llama4, base_url: $server, price: { input: 0, output: 0 } }
state:
  schema:
    topics: { type: array }
    said: { type: array, merge: array_append }
    verdict: { type: string }
    score: { type: number }
graph:
  nodes:
    - { id: list, kind: command, run: 'printf "one\ntwo\nthree\n"', output: lines, writes: [topics] }
    - id: say
      kind: agent
      prompt: say.md
      for_each: { source: \$.topics, concurrency: 3 }
      writes: [said]
      schema:
        type: object
        properties: { said: { type: array, items: { type: string } } }
        required: [said]
    - id: judge
      kind: agent
      prompt: judge.md
      model: \${MODEL}
      reads: [said]
      writes: [verdict, score]
      schema:
        type: object
        properties: { verdict: { enum: [good, bad] }, score: { type: number } }
        required: [verdict, score]
  edges: [{ from: list, to: say }, { from: say, to: judge }]
YAML
cp experience.yaml template.yaml
echo 'Say something about {{$item}} (item {{$index}}).' >say.md
echo 'Judge this: {{said}}' >judge.md
export ANTHROPIC_API_KEY=sk-ant-0123456789 OPENAI_API_KEY=sk-oai-0123456789 GEMINI_API_KEY=gem-0123456789
answers='"rules": [
  {"when": {"prompt": "about one"}, "reply": {"json": {"said": ["first"]}}, "delay_ms": 60},
  {"when": {"prompt": "about two"}, "reply": {"json": {"said": ["second"]}}},
  {"when": {"prompt": "about three"}, "reply": {"json": {"said": ["third"]}}},
  {"when": {"prompt": "Judge"}, "reply": {"json": {"verdict": "good", "score": 0.75}},
   "usage": {"input": 1000, "cache_read": 200, "output": 50}}]'

say "every API is asked in its own words and gives the same"
for model in claude gpt chat gem llama; do
  sed "s/\${MODEL}/$model/" template.yaml >experience.yaml
  git add -A; git commit -qm "$model"
  script "{$answers}"
  expect_code 0 oe run -j 3 --no-cache
  expect_same "$(oe state | python3 -c 'import json, sys; s = json.load(sys.stdin); print(s["said"], s["verdict"], s["score"])')" \
    "['first', 'second', 'third'] good 0.75" "$model"
  expect_same "$(asked 'sorted(set(e["status"] for e in log)), len(log)')" "([200], 4)" "$model"
done

say "each item got its own prompt, and the price of each call is known or null"
expect_same "$(asked 'sorted(e["prompt"].strip()[-24:] for e in log)[1:]' | grep -c 'item 2')" 1
sed "s/\${MODEL}/gpt/" template.yaml >experience.yaml
script "{$answers}"
expect_code 0 oe run --no-cache
expect_has "$(oe show --events | grep '"node_id":"judge"')" '"cache_read_tokens":200'
expect_has "$(oe show --events | grep '"node_id":"judge"')" '"cost_usd":0.0028'
sed "s/\${MODEL}/chat/" template.yaml >experience.yaml
expect_code 0 oe run --no-cache
expect_has "$(oe show --events | grep '"node_id":"judge"')" '"cost_usd":null'

say "a recorded run replays with no key and no network: the same events but for times and ids"
sed "s/\${MODEL}/claude/" template.yaml >experience.yaml
script "{$answers}"
expect_code 0 oe run --no-cache
events() {
  oe show --events | python3 -c 'import json, sys
for line in sys.stdin:
  e = json.loads(line)
  for k in ("run_id", "ts", "duration_us", "duration_ms"): e.pop(k, None)
  print(json.dumps(e, sort_keys=True))'
}
events >../recorded
oe cassette export last -o ../calls.jsonl
script '{"rules": [{"fault": {"status": 500}}]}'
(
  unset ANTHROPIC_API_KEY OPENAI_API_KEY GEMINI_API_KEY
  expect_code 0 oe run --replay
  events >../replayed
  diff ../recorded ../replayed || fail "the replay differs"
)
expect_same "$(asked 'len(log)')" 0 "nothing left the machine"

say "what was never recorded fails by name, stops the run, and can be resumed with a model"
echo 'Judge this well: {{said}}' >judge.md
expect_code 4 oe run --replay
expect_has "$out" "judge"
expect_has "$out" "recorded"
script "{$answers}"
expect_code 0 oe resume

say "a cassette works in another clone"
git clone -q . ../elsewhere
cd ../elsewhere
sed "s/\${MODEL}/claude/" ../review/template.yaml >experience.yaml
echo 'Judge this: {{said}}' >judge.md
oe cassette import ../calls.jsonl
(unset ANTHROPIC_API_KEY; expect_code 0 oe run --replay)
(unset ANTHROPIC_API_KEY; expect_code 0 oe run --replay=../calls.jsonl)
