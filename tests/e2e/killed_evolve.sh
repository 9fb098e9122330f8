#!/usr/bin/env bash
# evolve killed at many moments: nothing of the user's changes, and the next command takes away what was left.
. "$(dirname "$0")/lib/harness.bash"
new_repo release && copy_example release-check && commit_all "the workflow"
oe run >/dev/null || true
before=$(snapshot)

for delay in 0.02 0.05 0.1 0.2 0.3 0.5 0.8 1.2 1.7 2.5; do
  "$OE" evolve >/dev/null 2>&1 & pid=$!
  sleep "$delay"
  kill -KILL $pid 2>/dev/null || true
  wait $pid 2>/dev/null || true
  expect_same "$(snapshot)" "$before" "after a kill at $delay s"
done

say "the next command cleans up"
expect_code 0 oe runs
expect_same "$(git worktree list | wc -l)" 1
expect_same "$(ls .openexpertise/worktrees 2>/dev/null | wc -l)" 0
expect_same "$(git for-each-ref 'refs/heads/oe/trial-*' | wc -l)" 0
expect_same "$(snapshot)" "$before"
git fsck --no-dangling

say "two at once: the second says so, the first is not disturbed"
"$OE" evolve >first.log 2>&1 & pid=$!
for _ in $(seq 100); do [ -n "$(ls .openexpertise/worktrees 2>/dev/null)" ] && break; sleep 0.02; done
expect_code 4 oe evolve
expect_has "$out" "another oe evolve"
wait $pid || fail "the first evolve failed: $(cat first.log)"
expect_has "$(git branch --list 'oe/*')" oe/add-node/
