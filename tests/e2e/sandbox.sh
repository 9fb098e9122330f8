#!/usr/bin/env bash
# What a node may touch; and what may run by itself only after somebody has agreed to it.
. "$(dirname "$0")/lib/harness.bash"
[ -z "$no_sandbox" ] || { say "skipped: bubblewrap does not work on this machine"; exit 125; }
new_repo boxed
cat >call.py <<'PY'
import os, socket
socket.create_connection(("127.0.0.1", int(os.environ["PORT"])), 5)
PY
cat >write.mjs <<'JS'
import { writeFileSync } from 'node:fs';
export default ({ path }) => { writeFileSync(path, 'x'); return {}; };
JS
# workflow FIELDS [NODE...]: each node has these fields in addition.
workflow() {
  local fields=$1 node; shift
  printf 'name: boxed\nversion: 0.1.0\nstate: { schema: { a: {} } }\ngraph:\n  nodes:\n'
  for node; do printf '    - { %s%s }\n' "$node" "${fields:+, $fields}"; done
  printf '  edges: []\n'
}
home="id: home, kind: command, run: \"echo x >\\\"\$HOME/escaped\\\"\""
here='id: here, kind: command, run: "echo x >here.txt"'
tool='id: tool, kind: tool, impl: ./write.mjs, args: { path: tool.txt }'
net='id: net, kind: command, run: [python3, call.py]'
granted='id: granted, kind: command, run: "echo x >out/here.txt", sandbox: { write: [out] }'
online='id: online, kind: command, run: [python3, call.py], sandbox: { network: true }'
mkdir out && touch out/.keep
workflow '' "$home" "$here" "$tool" "$net" >experience.yaml
commit_all

python3 - >port <<'PY' & server=$!
import socket
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
while True: listener.accept()[0].close()
PY
wait_for test -s port
PORT=$(cat port); export PORT

# outcomes: of the nodes of the last run, in one line. Without home: where it is below /tmp, the sandbox has a /tmp of its own.
outcomes() {
  oe show --json | python3 -c '
import json, sys
print(" ".join(sorted(node["id"] + "=" + node["outcome"] for node in json.load(sys.stdin)["nodes"] if node["id"] != "home")))'
}
nothing_got_out() { [ ! -e "$HOME/escaped" ] && [ ! -e here.txt ] && [ ! -e tool.txt ] || fail "something was written"; }

say "without a sandbox all of it works: what follows means something"
expect_code 0 oe run -j 4 2>/dev/null
rm "$HOME/escaped" here.txt tool.txt

say "sandbox: true, nothing is written and nobody is called; what is granted works"
workflow 'sandbox: true' "$home" "$here" "$tool" "$net" >experience.yaml
expect_code 1 oe run -j 4
expect_same "$(outcomes)" "here=failed net=failed tool=failed"
expect_has "$(oe show)" "Read-only file system"
nothing_got_out
workflow '' "$granted" "$online" >experience.yaml
expect_code 0 oe run -j 4
[ -e out/here.txt ] || fail "what was granted was not written"

say "oe run --sandbox puts the nodes in that say nothing else"
workflow '' "$home" "$here" "$tool" "$net" "$granted" "$online" >experience.yaml
expect_code 1 oe run --sandbox -j 4
expect_same "$(outcomes)" "granted=succeeded here=failed net=failed online=succeeded tool=failed"
nothing_got_out
kill $server

say "too much memory, too many processes, too much processor time, too much output: ended, with the limit"
workflow '' 'id: memory, kind: command, run: [python3, -c, "x = bytearray(800 << 20)"], sandbox: { memory_mb: 100 }' \
  'id: processes, kind: command, run: "for i in 1 2 3 4 5 6; do sleep 3 & done; wait", sandbox: { processes: 3 }' \
  'id: cpu, kind: command, run: "while :; do :; done", sandbox: { cpu_ms: 300 }' \
  'id: output, kind: command, run: "head -c 3000000 /dev/zero", sandbox: { output_mb: 1 }' >experience.yaml
expect_code 1 oe run -j 4
for limit in "memory_mb: 100" "processes: 3" "limit of 300 ms" "more than 1 MiB"; do expect_has "$(oe show)" "$limit"; done

say "a clone that was never run: oe evolve waits for consent and says what to type"
cd "$story_dir" && new_repo naps
naps_workflow >experience.yaml
commit_all
expect_code 1 oe run
export XDG_STATE_HOME=$story_dir/stranger
expect_code 4 oe evolve
expect_has "$out" "oe trust"
expect_has "$out" "oe run"
expect_same "$(git branch --list 'oe/*')" ""
expect_code 0 oe trust
expect_code 0 oe evolve
expect_has "$out" "oe/"
expect_code 3 oe trust nosuch

say "trust is in the bytes: a workflow that has changed is another"
rm -r "$XDG_STATE_HOME"
expect_code 0 oe trust
sed -i 's/1200/1100/' experience.yaml && commit_all
expect_code 1 oe run
rm -r "$XDG_STATE_HOME"
git checkout -q HEAD~1 -- experience.yaml && commit_all && oe trust >/dev/null
sed -i 's/1200/1100/' experience.yaml && commit_all
expect_code 4 oe evolve last
