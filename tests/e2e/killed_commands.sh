#!/usr/bin/env bash
# Every command that decides, shares or puts hooks in, killed: what is the user's is whole, nothing is left in the way of git, and the
# same command ends what it began, or oe undo takes it back. Two clones that decide differently lose no decision over that.
# A slice of what tests/nightly.sh does.
. "$(dirname "$0")/lib/harness.bash"
seed=${RANDOM_SEED:-$(date +%s)}; RANDOM=$seed; echo "RANDOM_SEED=$seed"

if [ "${OE_SLOW_BUILD:-0}" = 1 ]; then most=2 kills=6; else most=4 kills=12; fi
say "killed at $most calls of each"
RANDOM_SEED=$seed "$top/tests/crash/writers.sh" $most

say "two clones decide differently and are killed while they sync: no decision is lost, and both have the same in the end"
git init -q --bare remote.git
new_repo first && naps_workflow >experience.yaml && commit_all "the workflow"
git remote add origin "$story_dir/remote.git" && git push -q origin main
oe run >/dev/null || true
oe evolve >/dev/null
branch=$(git branch --list 'oe/*' --format '%(refname:short)' | head -n 1)
id=${branch##*/}
git push -q origin "$branch" && oe sync push >/dev/null
git clone -q ../remote.git ../second
(cd ../second && git branch -q "$branch" "origin/$branch" && oe sync fetch >/dev/null && oe reject "$id" --why "naps are good" >/dev/null)
oe accept "$id" >/dev/null
users() { git status --porcelain=v2 --branch; git for-each-ref refs/heads refs/tags refs/stash; cat .git/HEAD .git/config; sha256sum .git/index; }
here=$(users) there=$(cd ../second && users)
for _ in $(seq "$kills"); do
  where=../first; [ $((RANDOM % 2)) = 0 ] || where=../second
  (
    cd "$where"
    "$OE" sync --runs >/dev/null 2>&1 & victim=$!
    sleep "0.$(printf %03d $((RANDOM % 250)))"; kill -KILL "$victim" 2>/dev/null || true; wait "$victim" 2>/dev/null || true
  )
done
sleep 2.2 # the lock of a ref that a killed oe left is taken away when it is this old
for where in ../first ../second ../first; do (cd "$where" && expect_code 0 oe sync --runs); done
expect_same "$(users)" "$here"
expect_same "$(cd ../second && users)" "$there"
expect_same "$(git rev-parse refs/oe/decisions)" "$(git -C ../second rev-parse refs/oe/decisions)"
expect_same "$(git rev-parse refs/oe/decisions)" "$(git -C ../remote.git rev-parse refs/oe/decisions)"
git cat-file -p refs/oe/decisions:decisions.jsonl >"$story_dir/decisions"
expect_same "$(grep -c '"proposal.rejected"' "$story_dir/decisions")" 1
expect_same "$(grep -c '"proposal.accepted"' "$story_dir/decisions")" 1
for where in ../first ../second; do
  expect_same "$(cd "$where" && oe proposals --all --json | python3 -c 'import json, sys
print([one["status"] for one in json.load(sys.stdin)["proposals"] if one["fingerprint"].startswith(sys.argv[1])][0])' "$id")" accepted
  expect_code 0 git -C "$where" fsck --strict --no-dangling
  expect_same "$(find "$where/.git" -name '*.lock' -not -path '*/oe/lock')" ""
done
