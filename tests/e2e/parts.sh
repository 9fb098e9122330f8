#!/usr/bin/env bash
# Parts of a workflow, walks without running, and every way to give inputs.
. "$(dirname "$0")/lib/harness.bash"
new_repo parts
cat >experience.yaml <<'YAML'
name: parts
version: 0.1.0
inputs:
  who: { type: string, default: world }
  times: { type: number, default: 1 }
  list: { type: array, default: [] }
outputs: { text: $.text, size: { value: $.size, description: How long }, all: $.all }
state: { schema: { text: {}, size: { type: number }, big: {}, all: {} } }
graph:
  nodes:
    - { id: greet, kind: command, run: "echo greet >>$RAN; echo hello {{who}}", args: { who: $run.inputs.who }, writes: [text] }
    - { id: count, kind: command, run: "echo count >>$RAN; printf %s {{text}} | wc -c", output: json, reads: [text], writes: [size] }
    - { id: big, kind: command, run: "echo big >>$RAN; echo big", writes: [big] }
    - { id: long, kind: command, run: "echo long >>$RAN" }
    - { id: all, kind: command, run: "echo all >>$RAN; echo {{list}}", args: { list: $run.inputs.list }, writes: [all] }
  edges:
    - { from: greet, to: count }
    - { from: count, to: big, when: $run.inputs.times > 3 }
    - { from: count, to: long, when: $.size > 10 }
    - { from: count, to: all }
YAML
commit_all
export RAN=$story_dir/ran
ran() { expect_same "$(sort "$RAN" | tr '\n' ' ')" "$1 "; rm "$RAN"; }

say "a dry run says what would run under which condition, runs nothing and records nothing"
expect_code 0 oe run --dry-run
expect_has "$out" "no past run tells how long this takes"
expect_has "$out" '$run.inputs.times > 3 does not hold'
expect_has "$out" '$.size > 10'
[ ! -e .openexpertise ] && [ ! -e "$RAN" ] || fail "a dry run left something"
expect_code 3 oe run --only count
expect_has "$out" "run all of it once: oe run"

say "a whole run, and its outputs"
expect_code 0 oe run
ran "all count greet long"
expect_has "$out" "text: hello world"
expect_has "$out" "size: 11"
first=$(newest_run)

say "estimates come from past runs"
expect_code 0 oe run -n --input times=4
expect_has "$out" "going by 1 past run"
expect_lacks "$out" "does not hold"
expect_code 0 oe run -n --json
expect_has "$out" '"past_runs": 1'
expect_same "$(oe runs | wc -l)" 1

say "one node alone, on the results of the last good run"
expect_code 0 oe run --only count
ran count
expect_has "$out" "$first"
expect_has "$(oe show)" "1 result came from $first"
expect_same "$(oe state size)" 11
expect_code 0 oe run -n --only count
expect_has "$out" "is not asked for"

say "one node and what comes after it"
expect_code 0 oe run --from count --input times=4
ran "all big count long"
expect_code 2 oe run --only nosuch
expect_has "$out" "it has: greet, count"
expect_code 2 oe run --only count --from greet

say "inputs from the command line, as an object, from a file, from standard input; the nearest wins"
printf 'who: file\ntimes: 9\nlist: [1, two]\n' >in.yaml
outputs() { python3 -c 'import json, sys; print(json.dumps(json.load(sys.stdin)["outputs"], sort_keys=True))'; }
expect_same "$(oe run --input-file in.yaml --args '{"times": 2, "who": "args"}' --input who=flag --json | outputs)" \
  '{"all": "[1,\"two\"]", "size": 10, "text": "hello flag"}'
expect_same "$(oe run --input-file - --json <in.yaml | outputs)" '{"all": "[1,\"two\"]", "size": 10, "text": "hello file"}'
expect_same "$(oe run --input who=7 -i 'list=["x"]' --json | outputs)" '{"all": "[\"x\"]", "size": 7, "text": "hello 7"}'
expect_same "$(oe run --input 'who=a; rm -rf "$HOME" `x` '"'" --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["outputs"]["text"])')" \
  'hello a; rm -rf "$HOME" `x` '"'"
rm "$RAN"

# refused CODE WHY FLAG...: nothing is run.
refused() {
  local code=$1 why=$2; shift 2
  expect_code "$code" oe run "$@"
  expect_has "$out" "$why"
  [ ! -e "$RAN" ] || fail "it ran"
}
say "what does not fit is refused with the reason"
refused 2 "its inputs are: who, times, list" --input nosuch=1
refused 2 "type number, which 'x' is not" --input times=x
refused 2 "name=value" --input times
refused 2 "JSON object" --args '[1]'
refused 2 "not valid JSON" --args '{"who":'
refused 3 "no such file" --input-file nosuch.yaml
printf 'who: [' >bad.yaml
refused 3 "bad.yaml:1:7" --input-file bad.yaml
sed -i 's/who: { type: string, default: world }/who: string/' experience.yaml
refused 2 "who"
