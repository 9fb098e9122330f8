#!/usr/bin/env bash
# evolve killed at many moments: nothing of the user's changes, and the next command takes away what was left.
. "$(dirname "$0")/lib/harness.bash"
new_repo naps && naps_workflow >experience.yaml && commit_all "the workflow"
echo 'something unfinished' >draft.txt && git add draft.txt && git stash -q
echo 'not in the index' >notes.txt
expect_code 1 oe run
before=$(snapshot)
cp -R .openexpertise "$story_dir/record"

# What evolve had made is taken away again, so that each kill meets all of its work.
start_over() {
  git for-each-ref --format '%(refname:short)' refs/heads/oe | xargs -r git branch -qD
  find .openexpertise -mindepth 1 -delete
  cp -R "$story_dir/record/." .openexpertise
}

start=$(date +%s%N)
expect_code 0 oe evolve
whole_ms=$((($(date +%s%N) - start) / 1000000))
expect_has "$(git branch --list 'oe/*')" oe/tune-param/nap/
expect_unchanged "$before" "after an evolve that was let be"
start_over
before=$(snapshot)  # git rewrote its packed refs for the deletion

# Most of the time goes into the trial; what surrounds it is quick and gets the same number of kills.
for delay_ms in 5 15 30 50 80 $((whole_ms / 2)) $((whole_ms - 90)) $((whole_ms - 60)) $((whole_ms - 40)) $((whole_ms - 20)) $((whole_ms - 5)); do
  start_over
  "$OE" evolve $no_sandbox >/dev/null 2>&1 & pid=$!
  sleep "$(printf '%d.%03d' $((delay_ms / 1000)) $((delay_ms % 1000)))"
  kill -KILL $pid 2>/dev/null || true
  wait $pid 2>/dev/null || true
  expect_unchanged "$before" "after a kill at $delay_ms of $whole_ms ms"
  expect_code 0 oe runs
  expect_same "$(git worktree list | wc -l)" 1 "worktrees after a kill at $delay_ms of $whole_ms ms"
  expect_same "$(ls .openexpertise/worktrees 2>/dev/null | wc -l)" 0
  expect_same "$(git for-each-ref | grep -vcE 'refs/(heads/(main|oe/tune-param/.*)|oe/evidence/[0-9a-f]+|stash)$')" 0 "refs that nobody knows"
  expect_unchanged "$before" "after the command behind a kill at $delay_ms of $whole_ms ms"
done
git fsck --no-dangling

say "evolve makes what it could not end"
expect_code 0 oe evolve
expect_has "$(git branch --list 'oe/*')" oe/tune-param/nap/

say "two at once: the second says so, the first is not disturbed"
start_over
"$OE" evolve $no_sandbox >first.log 2>&1 & pid=$!
at_trial() { [ -n "$(ls .openexpertise/worktrees)" ]; }
wait_for at_trial
expect_code 4 oe evolve
expect_has "$out" "another oe evolve"
wait $pid || fail "the first evolve failed: $(cat first.log)"
expect_has "$(git branch --list 'oe/*')" oe/tune-param/nap/
