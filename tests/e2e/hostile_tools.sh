#!/usr/bin/env bash
# Tools that misbehave: the run says which and how, ends in order, and leaves nothing behind.
. "$(dirname "$0")/lib/harness.bash"
new_repo tools

# workflow FIELD...: a workflow with one node that has these fields.
workflow() {
  printf 'name: x\nversion: 0.1.0\nstate: { schema: { out: {}, other: {} } }\ngraph:\n  nodes:\n    - id: a\n'
  printf '      %s\n' "$@"
  printf '  edges: []\n'
}
script() { printf '#!/bin/sh\n%s\n' "$2" >"$1"; chmod +x "$1"; }
# ended WORD: the run failed in order and its one node says WORD.
ended() {
  expect_code 1 oe run
  expect_has "$(oe show)" "$1"
  expect_has "$(oe show --events | tail -n 1)" run.finished
}

say "junk before the JSON"
script junk 'echo starting; echo "{}"'
workflow 'kind: tool' 'impl: ./junk' >experience.yaml
ended "starting"

say "200 MB of output"
script loud 'head -c 200000000 /dev/zero'
workflow 'kind: tool' 'impl: ./loud' >experience.yaml
ended "printed more than 64 MiB and was ended"
workflow 'kind: command' 'run: head -c 200000000 /dev/zero' >experience.yaml
ended "printed more than 16 MiB and was ended"
printf 'export default () => { console.log("x".repeat(200e6)); return {}; };\n' >t.mjs
workflow 'kind: tool' 'impl: ./t.mjs' >experience.yaml
ended "printed more than 16 MiB and was ended"

say "death by signal"
script dies 'kill -SEGV $$'
workflow 'kind: tool' 'impl: ./dies' >experience.yaml
ended "SIGSEGV"

say "a daemon that keeps the pipe open"
script daemon "setsid $(nap 300) & echo '{}'"
workflow 'kind: tool' 'impl: ./daemon' >experience.yaml
start=$(date +%s)
expect_code 0 oe run
[ $(($(date +%s) - start)) -lt 60 ] || fail "waited for the daemon"
! sleeping 300 || fail "the daemon lives"

say "a field that the node did not declare is taken with a warning"
printf 'export default () => ({ state_delta: { out: 1, other: 2 } });\n' >t.mjs
workflow 'kind: tool' 'impl: ./t.mjs' 'writes: [out]' >experience.yaml
expect_code 0 oe run
expect_has "$out" "other"
expect_same "$(oe state other)" 2

say "a field that the state does not have takes nothing in"
printf 'export default () => ({ state_delta: { out: 1, nosuch: 2 } });\n' >t.mjs
ended "nosuch"
expect_code 3 oe state out

say "a tool that throws, one that exits, one that returns nothing"
printf 'export default () => { throw new Error("no luck"); };\n' >t.mjs
ended "no luck"
printf 'export default () => process.exit(3);\n' >t.mjs
ended "3"
printf 'export default () => undefined;\n' >t.mjs
ended "undefined"

say "a tool that cannot be loaded"
printf 'export default () => {\n  return {;\n};\n' >t.mjs
ended "t.mjs"

say "a timeout ends the whole tree"
script slow "sh -c 'setsid $(nap 301) & $(nap 302)' & $(nap 303)"
workflow 'kind: tool' 'impl: ./slow' 'timeout_ms: 300' >experience.yaml
expect_code 1 oe run
expect_has "$(oe show)" "timed_out"
! sleeping '30[123]' || fail "a child lives"
printf 'export default () => { for (;;); };\n' >t.mjs
workflow 'kind: tool' 'impl: ./t.mjs' 'timeout_ms: 300' >experience.yaml
expect_code 1 oe run
expect_has "$(oe show)" "timed_out"

say "no node on PATH: the run says what to install"
mkdir bin && for p in git sh; do ln -s "$(command -v $p)" bin/$p; done
PATH=$PWD/bin expect_code 1 "$OE" run
expect_has "$out" "nodejs"

say "no git on PATH"
rm bin/git
PATH=$PWD/bin expect_code 4 "$OE" run
expect_has "$out" "git"
