#!/usr/bin/env bash
# Every construct in one workflow: its end, and what oe show says of it, are the same at every concurrency.
. "$(dirname "$0")/lib/harness.bash"
new_repo flow
cat >experience.yaml <<'YAML'
name: everything
version: 0.1.0
inputs: { limit: { type: number, default: 3 } }
outputs: { report: $.report, rounds: $.n }
state:
  schema:
    words: { type: array }
    upper: { type: string }
    lengths: { type: array, merge: array_append }
    n: { type: number }
    loud: { type: string }
    parts: { type: array, merge: array_append }
    names: { type: array, merge: array_append }
    path: { type: array, merge: array_append }
    report: { type: string }
graph:
  pipelines:
    - { id: measure, items: $.words, stages: [to_upper, to_length], concurrency: 2 }
  loops:
    - { id: count, body: up, until: $.n >= $run.inputs.limit, max_iters: 9 }
  nodes:
    - { id: words, kind: command, run: "printf 'one\nthree\nsixsix\n'", output: lines, writes: [words] }
    - { id: to_upper, kind: command, run: "printf %s {{$item}} | tr a-z A-Z", writes: [upper] }
    - { id: to_length, kind: tool, impl: ./length.mjs, reads: [upper], writes: [lengths] }
    - { id: up, kind: tool, impl: ./up.mjs, reads: [n], writes: [n] }
    - { id: shout, kind: experience, impl: ./shout, args: { text: $.words.1 }, outputs: { loud: result }, writes: [loud] }
    - { id: batches, kind: tool, impl: ./batch.mjs, for_each: { source: $.words, batch: 2, concurrency: 4 }, writes: [parts] }
    - id: rows
      kind: command
      run: "test {{row.name}} != bad && printf '[\"%s\"]' {{row.name}}"
      output: json
      for_each: { source: { type: file, uri: rows.jsonl }, as: row, concurrency: 3, max_failed: 1 }
      writes: [names]
    - { id: bad, kind: command, run: [sh, -c, "exit 7"] }
    - { id: mend, kind: tool, impl: ./note.mjs, args: { note: mended }, writes: [path] }
    - { id: many, kind: tool, impl: ./note.mjs, args: { note: many }, writes: [path] }
    - { id: few, kind: tool, impl: ./note.mjs, args: { note: few }, writes: [path] }
    - { id: either, kind: tool, impl: ./note.mjs, args: { note: either }, join: any, writes: [path] }
    - { id: calm, kind: tool, impl: ./note.mjs, args: { note: calm }, join: none_failed, writes: [path] }
    - { id: spoilt, kind: tool, impl: ./note.mjs, args: { note: spoilt }, join: none_failed, writes: [path] }
    - id: report
      kind: command
      run: "echo {{loud}} n={{n}} last={{names.2}} lengths={{lengths.0}},{{lengths.2}}"
      reads: [loud, n, names, lengths]
      writes: [report]
  edges:
    - { from: words, to: to_upper }
    - { from: words, to: shout }
    - { from: words, to: batches }
    - { from: bad, to: mend, on: failure }
    - { from: words, to: many, when: length($.words) > 5 }
    - { from: words, to: few, else: true }
    - { from: many, to: either }
    - { from: few, to: either }
    - { from: many, to: calm }
    - { from: few, to: calm }
    - { from: bad, to: spoilt }
    - { from: few, to: spoilt }
    - { from: measure, to: report }
    - { from: up, to: report }
    - { from: shout, to: report }
    - { from: rows, to: report }
YAML
mkdir shout
cat >shout/experience.yaml <<'YAML'
name: shout
version: 0.1.0
inputs: { text: string }
outputs: { result: $.result }
state: { schema: { result: { type: string } } }
graph:
  nodes:
    - { id: up, kind: command, run: "printf '%s!' {{text}} | tr a-z A-Z", args: { text: $run.inputs.text }, writes: [result] }
  edges: []
YAML
printf '{"name":"a"}\n{"name":"bad"}\n{"name":"b"}\n{"name":"c"}\n' >rows.jsonl
# The first item takes longest: the order of the results must not be that of the ends.
cat >length.mjs <<'JS'
export default async ({ _state, $index }) => {
  await new Promise((done) => setTimeout(done, 60 - 30 * $index));
  return { state_delta: { lengths: [_state.upper + _state.upper.length] } };
};
JS
echo 'export default ({ _state }) => ({ state_delta: { n: (_state.n ?? 0) + 1 } });' >up.mjs
echo 'export default ({ $item }) => ({ state_delta: { parts: [$item.length] } });' >batch.mjs
echo 'export default ({ note }) => ({ state_delta: { path: [note] } });' >note.mjs
commit_all

cat >facts.py <<'PY'
import json, sys
run, shown = (json.load(open(name)) for name in sys.argv[1:])
print(run["status"], json.dumps(run["outputs"], sort_keys=True))
for field in ("names", "lengths", "parts", "path", "n", "loud"):
    print(field, json.dumps(run["state"][field]))
for node in sorted(shown["nodes"], key=lambda node: node["id"]):
    print(node["id"], node["outcome"], len(node["attempts"]), node.get("error", ""), sep="|")
PY
cat >expected <<'TEXT'
partial {"report": "THREE! n=3 last=c lengths=ONE3,SIXSIX6", "rounds": 3}
names ["a", "b", "c"]
lengths ["ONE3", "THREE5", "SIXSIX6"]
parts [2, 1]
path ["few", "mended", "either", "calm"]
n 3
loud "THREE!"
bad|failed|1|exit status 7
batches|succeeded|2|
calm|succeeded|1|
count|succeeded|0|
either|succeeded|1|
few|succeeded|1|
many|skipped|0|the condition of the edge from 'words' does not hold: length($.words) > 5
measure|succeeded|0|
mend|succeeded|1|
report|succeeded|1|
rows|succeeded|4|
shout|succeeded|0|
shout/up|succeeded|1|
spoilt|skipped|0|predecessor 'bad' failed
to_length|succeeded|3|
to_upper|succeeded|3|
up|succeeded|3|
words|succeeded|1|
TEXT
for concurrency in 1 8; do
  say "at concurrency $concurrency"
  code=0; oe run -j $concurrency --json >run.json || code=$?
  expect_same "$code" 1 "exit code of a run that failed in part"
  oe show --json >shown.json
  python3 facts.py run.json shown.json >got
  diff expected got || fail "not what the workflow says, at concurrency $concurrency"
  shown=$(oe show)
  for line in 'measure .*succeeded .*3 items' 'batches .*succeeded .*2 items' 'bad .*failed .*exit status 7' \
    'rows item 1 attempt 1 failed .*exit status 1' 'shout/up .*succeeded' "spoilt .*skipped .*predecessor 'bad' failed"; do
    printf '%s\n' "$shown" | grep -qE "$line" || fail "no line '$line' in: $shown"
  done
done

say "at concurrency 8 a stage takes the next item while the one before is still on its way"
python3 - <<'PY' "$(oe show --events)"
import json, sys
events = [json.loads(line) for line in sys.argv[1].splitlines()]
at = lambda kind, node, item: next(e["n"] for e in events if e["type"] == kind and e["node_id"] == node and e.get("scope") == [item])
assert at("node.started", "to_upper", 1) < at("node.finished", "to_length", 0), "an item waits for the whole item before it"
assert at("node.finished", "to_upper", 0) < at("node.started", "to_length", 0), "a stage did not wait for the one before it"
PY

say "an input changes the rounds; the outputs are printed"
expect_code 1 oe run --input limit=5
expect_has "$out" "rounds: 5"
expect_has "$out" "report: THREE! n=5"
