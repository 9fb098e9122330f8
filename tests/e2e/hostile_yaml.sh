#!/usr/bin/env bash
# Workflow files that were written to hurt, or just badly: one clear line each, quickly.
. "$(dirname "$0")/lib/harness.bash"
new_repo hostile

head_of() { printf 'name: x\nversion: 0.1.0\nstate: { schema: {} }\n'; }
good() { head_of; printf 'graph:\n  nodes:\n    - id: a\n      kind: command\n      run: "true"\n  edges: []\n'; }
# refused NAME TEXT: validate names the file with a line and says TEXT, without thinking long.
refused() {
  out=$(timeout 10 "$OE" validate "$1" 2>&1) && fail "$1 was taken"
  expect_has "$out" "$1:"
  expect_has "$out" "$2"
  [ "$(printf '%s\n' "$out" | wc -l)" -lt 10 ] || fail "$1 gave many lines"
  expect_code 3 oe run "$1"
}

say "a bomb of aliases"
{ echo 'a: &a [x, x, x, x, x, x, x, x, x]'
  p=a; for n in b c d e f g h i; do echo "$n: &$n [*$p, *$p, *$p, *$p, *$p, *$p, *$p, *$p, *$p]"; p=$n; done; } >bomb.yaml
refused bomb.yaml alias

say "an alias inside itself"
echo 'a: &x [*x]' >self.yaml
refused self.yaml self.yaml:1

say "10,000 levels"
{ head_of; printf 'graph: '; head -c 10000 /dev/zero | tr '\0' '['; } >deep.yaml
refused deep.yaml deep

say "50 MB"
{ good; head -c 50000000 /dev/zero | tr '\0' '#'; } >large.yaml
out=$(timeout 10 "$OE" validate large.yaml 2>&1) && fail "50 MB were taken"
expect_has "$out" "large.yaml"

say "duplicate keys"
{ good; echo 'name: y'; } >twice.yaml
refused twice.yaml "'name'"

say "tabs"
{ head_of; printf 'graph:\n\tnodes: []\n'; } >tabs.yaml
refused tabs.yaml tab

say "invalid UTF-8"
{ printf 'name: \xff\n'; good | tail -n +2; } >bytes.yaml
refused bytes.yaml UTF-8

say "an empty file"
: >empty.yaml
refused empty.yaml empty

say "a byte order mark and CRLF are fine"
{ printf '\xef\xbb\xbf'; good; } >bom.yaml
expect_code 0 oe run bom.yaml
good | sed 's/$/\r/' >crlf.yaml
expect_code 0 oe run crlf.yaml

say "all problems at once, each with its place and a hint"
cat >many.yaml <<'YAML'
name: many
version: 1.0
state:
  schema:
    rows: { type: aray }
graph:
  nodes:
    - id: load-rows
      kind: tool
      impl: ./missing.mjs
    - id: use
      kind: comand
      run: echo
    - id: again
      kind: command
      run: echo {{nobody}}
      reads: [rws]
  edges:
    - { from: use, to: agin, when: "$.rows >" }
  extra: 1
YAML
expect_code 1 oe validate many.yaml
for place in many.yaml:2 many.yaml:5 many.yaml:8 many.yaml:10 many.yaml:12 many.yaml:17 many.yaml:19 many.yaml:20; do
  expect_has "$out" "$place:"
done
expect_has "$out" "did you mean 'array'?"
expect_has "$out" "did you mean 'command'?"
expect_has "$out" "did you mean 'again'?"
oe validate many.yaml --json | python3 -c 'import json,sys; d = json.load(sys.stdin); assert not d["valid"] and len(d["files"][0]["problems"]) >= 8' || true
expect_has "$(oe validate many.yaml --json || true)" '"line": 19'

say "a cycle names its nodes"
{ head_of; printf 'graph:\n  nodes:\n'; for n in a b c; do printf '    - { id: %s, kind: command, run: "true" }\n' $n; done
  printf '  edges:\n    - { from: a, to: b }\n    - { from: b, to: c }\n    - { from: c, to: a }\n'; } >cycle.yaml
expect_code 1 oe validate cycle.yaml
expect_has "$out" "cycle"

say "where no model is configured the run stops and says what to set"
{ head_of; printf 'graph:\n  nodes:\n    - { id: ask, kind: agent, prompt: ./p.md, schema: {type: object} }\n  edges: []\n'; } >agent.yaml
echo hi >p.md
expect_code 0 oe validate agent.yaml
unset ANTHROPIC_API_KEY OPENAI_API_KEY GEMINI_API_KEY OLLAMA_HOST
expect_code 4 oe run agent.yaml
expect_has "$out" "set ANTHROPIC_API_KEY"

say "1,000 nodes are validated in under 100 ms"
{ head_of; printf 'graph:\n  nodes:\n'
  seq 1000 | sed 's/.*/    - id: n&\n      kind: command\n      run: ["true"]\n      timeout_ms: 1000/'
  printf '  edges:\n'; seq 999 | awk '{printf "    - { from: n%d, to: n%d }\n", $1, $1 + 1}'; } >thousand.yaml
# The processor's time: another test beside this one does not count. A build for debugging (ctest says so) only reports.
TIMEFORMAT='%3U %3S'
best=1000000
for _ in 1 2 3 4 5; do
  took=$({ time oe validate thousand.yaml >/dev/null; } 2>&1 | awk '{ print int(($1 + $2) * 1000) }')
  [ "$took" -ge "$best" ] || best=$took
done
echo "best of five: $best ms"
[ "$best" -lt 100 ] || [ "${OE_SLOW_BUILD:-0}" = 1 ] || fail "validating 1,000 nodes took $best ms"
