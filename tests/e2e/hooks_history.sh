#!/usr/bin/env bash
# The hooks behind a commit: proposals that became history are noted however they got there, and runs start in the background.
. "$(dirname "$0")/lib/harness.bash"
. "$top/tests/e2e/lib/hooks.bash"
workflow_repo flow
# In place of `oe evolve`: proposals on branches, as it records them.
# propose FINGERPRINT FILE LINE
propose() {
  local base branch=oe/tune-param/$2/$1; base=$(git rev-parse main)
  git worktree add -q -b "$branch" ../made main; echo "$3" >>"../made/$2"; git -C ../made add -A
  git -C ../made commit -q --no-verify -m "oe(tune-param): $2

Oe-Proposal: $1
Oe-Base: $base"
  local commit; commit=$(git -C ../made rev-parse HEAD); git worktree remove ../made
  mkdir -p .openexpertise
  printf '{"v":1,"type":"proposal.made","fingerprint":"%s","ts":"2026-06-01T09:00:00.000Z","operation":"tune-param","target":"t","change":{},"base":"%s"}\n' "$1" "$base" >>.openexpertise/proposals.jsonl
  printf '{"v":1,"type":"proposal.committed","fingerprint":"%s","ts":"2026-06-01T09:00:01.000Z","branch":"%s","commit":"%s"}\n' "$1" "$branch" "$commit" >>.openexpertise/proposals.jsonl
}
status_of() { grep "\"fingerprint\":\"$1\"" .openexpertise/proposals.jsonl | tail -n 1; }
n=0
for way in merge squash pick rebase edited never; do n=$((n + 1)); echo "one
two
three" >"file$n"; done
commit_all files
for n in 1 2 3 4 5 6; do propose "f000000$n" "file$n" more; done
oe hooks install >/dev/null
branch_of() { echo "oe/tune-param/file$1/f000000$1"; }

say "nothing is noted before anything happened"
oe proposals >/dev/null; expect_has "$(status_of f0000001)" proposal.committed

say "merged, squashed, cherry-picked, rebased, and squashed by a forge with other words"
git merge -q --no-ff -m merge "$(branch_of 1)"
git merge -q --squash "$(branch_of 2)" >/dev/null; echo with >>README; git commit -qam "mine, squashed"
git cherry-pick "$(branch_of 3)" >/dev/null
git switch -q -c topic main~3; git cherry-pick "$(branch_of 4)" >/dev/null; git rebase -q main; git switch -q main; git merge -q --ff-only topic
sed -i 's/two/2/' file5; echo more >>file5; git commit -qam "Tune (#7)

* oe(tune-param): file5

  Oe-Proposal: f0000005"
out=$(oe proposals 2>&1)
for found in 1:merge 2:patch 3:trailer 4:trailer 5:trailer; do
  expect_has "$(status_of "f000000${found%:*}")" proposal.accepted
  expect_has "$(status_of "f000000${found%:*}")" "\"how\":\"${found#*:}\""
  expect_has "$out" "proposal f000000${found%:*} became history"
done
expect_has "$(status_of f0000006)" proposal.committed
expect_lacks "$(oe proposals 2>&1)" "became history"
git show-ref -q "refs/heads/$(branch_of 1)" || fail "a branch was deleted"

say "a look at a proposal branch is no decision"
git switch -q "$(branch_of 6)"; echo mine >>README; git commit -qam "on top"; git switch -q main
oe proposals >/dev/null 2>&1; expect_has "$(status_of f0000006)" proposal.committed
git branch -qf "$(branch_of 6)" "$(branch_of 6)~1"

say "a push of a proposal whose files have changed since is told, and stopped only when that is configured"
git init -q --bare ../remote; git remote add origin ../remote
expect_code 0 git push -q origin "$(branch_of 6)"; expect_lacks "$out" stale
echo other >>file6; git commit -qam "under it"
git push -q origin ":$(branch_of 6)"
expect_code 0 git push -q origin "$(branch_of 6)" main; expect_has "$out" "its proof is stale: file6"
git config oe.stalePush block; echo again >>file6; git commit -qam again; git push -q origin ":$(branch_of 6)"
expect_code 1 git push -q origin "$(branch_of 6)"; expect_has "$out" "--no-verify"
expect_code 0 git push -q origin main; expect_code 0 git push -q --no-verify origin "$(branch_of 6)"

say "on: commit starts a run of the commit, in the background, out of the way, when the very same was run or trusted"
ended() { grep -c "$1" .git/oe/log 2>/dev/null || true; }
has_ended() { [ "$(ended "$1")" -ge "$2" ]; }
small_workflow 4000 "on: [commit, merge]" >experience.yaml; git commit -qam "by itself"
wait_for has_ended "commit experience.yaml: not run" 1
expect_has "$(oe hooks status)" "neither run nor trusted"
oe trust >/dev/null; runs=$(oe runs | wc -l)
was=$(of_user); echo 'not committed' >>README; dirty=$(of_user)
git commit -q --allow-empty -m "next"
wait_for has_ended "commit experience.yaml: exit code 0" 1
expect_same "$(oe runs | wc -l)" $((runs + 1))
wait_for test ! -e .openexpertise/worktrees/of-a-hook
[ "$was" != "$dirty" ] || fail "this story looks at nothing"
expect_same "$(of_user | grep -v "$(git rev-parse HEAD)")" "$(printf '%s\n' "$dirty" | grep -v "$(git rev-parse HEAD~1)")" "the background touched what is the user's"
git checkout -q README
git switch -q -c side; git commit -q --allow-empty -m side; git switch -q main
wait_for has_ended "commit experience.yaml: exit code 0" 2
git merge -q --no-ff -m "merge side" side
wait_for has_ended "merge experience.yaml: exit code 0" 1

say "one at a time, and the hook does not wait"
small_workflow 20000 "on: commit" >experience.yaml
printf '#!/bin/sh\necho run >>"%s/runs"\nwhile [ ! -e "%s/go" ]; do sleep 0.1; done\necho %s\n' "$story_dir" "$story_dir" "'{\"state_delta\": {\"out\": 1}}'" >tools/a.sh
oe trust >/dev/null; git commit -qam slow
wait_for test -s ../runs
for _ in 1 2 3 4; do git commit -q --allow-empty -m "while it runs"; done
sleep 0.5; expect_same "$(cat ../runs)" run
touch ../go
has_runs() { [ "$(wc -l <"$story_dir/runs")" = "$1" ]; }
wait_for has_runs 2
wait_for test ! -e .openexpertise/worktrees/of-a-hook
has_runs 2 || fail "$(wc -l <../runs) runs of five commits, of which four came while the first ran"
