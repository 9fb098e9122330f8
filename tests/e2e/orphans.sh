#!/usr/bin/env bash
# kill -9 of oe in the middle of a run: what it had started does not survive it, however it hides.
. "$(dirname "$0")/lib/harness.bash"
new_repo hidden
# Stays, with a child that has left its session and its parent; both are deaf to every signal that can be ignored.
cat >hide.py <<'PY'
import os, signal, sys
for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(name, signal.SIG_IGN)
if os.fork() == 0:
    os.setsid()
    if os.fork(): os._exit(0)
os.execvp("sleep", ["sleep", sys.argv[1]])
PY
cat >tool.mjs <<'JS'
import { spawn } from 'node:child_process';
export default () => {
  const [program, ...rest] = process.env.NAP.split(' ');
  spawn(program, rest, { detached: true, stdio: 'ignore' }).unref();
  return new Promise((done) => setTimeout(done, 600000));
};
JS
cat >experience.yaml <<YAML
name: hidden
version: 0.1.0
state: { schema: { list: { type: array } } }
graph:
  nodes:
    - { id: list, kind: command, run: seq 3, output: lines, writes: [list] }
    - { id: line, kind: command, run: "python3 hide.py 311.$$ & trap '' TERM HUP; $(nap 312); true", for_each: { source: \$.list, concurrency: 3 } }
    - { id: arguments, kind: command, run: [python3, hide.py, "313.$$"] }
    - { id: tool, kind: tool, impl: ./tool.mjs }
    - { id: program, kind: tool, impl: ./program }
  edges: [{ from: list, to: line }]
YAML
printf '#!/bin/sh\ntrap "" TERM\nsetsid nohup sh -c "$@ %s" &\n%s\ntrue\n' "$(nap 315)" "$(nap 316)" >program && chmod +x program
export NAP; NAP=$(nap 314)
alive() { pgrep -fc "^sleep 31[1-6]\.$$\$" || true; }
all_there() { for n in 311 312 313 314 315 316; do sleeping $n || return 1; done; }
# gone SECONDS: nothing of it lives any more, and how long that took at most.
gone() {
  local tenths=$(($1 * 10))
  while [ "$tenths" -gt 0 ]; do [ "$(alive)" = 0 ] && return 0; sleep 0.1; tenths=$((tenths - 1)); done
  fail "$(alive) live: $(pgrep -fa "^sleep 31[1-6]\.$$\$")"
}

for signal in KILL INT; do
  say "SIG$signal"
  "$OE" run -j 8 >run.log 2>&1 & pid=$!
  wait_for all_there
  kill -$signal $pid
  wait $pid 2>/dev/null || true
  gone 4
done

say "the record is whole, and each run can be gone on with"
expect_code 0 oe runs
expect_has "$out" interrupted
expect_has "$out" cancelled
