#!/usr/bin/env bash
# What travels with the repository: evidence that a stranger checks offline, decisions that no clone loses, journals only
# when asked for; and nothing of the user's is touched on the way.
. "$(dirname "$0")/lib/harness.bash"
git init -q --bare remote.git
new_repo first && naps_workflow >experience.yaml && commit_all "the workflow"
git remote add origin "$story_dir/remote.git" && git push -q origin main
oe run >/dev/null || true
oe evolve >/dev/null
branch=$(git branch --list 'oe/tune-param/nap/*' --format '%(refname:short)' | head -n 1)
[ -n "$branch" ] || fail "evolve made no branch: $(oe proposals --all)"
id=${branch##*/}

# All that is the user's, as bytes: HEAD, index, config, branches, tags, stash, working tree.
users() {
  (cd "$1" && git status --porcelain=v2 --branch && git for-each-ref refs/heads refs/tags refs/stash refs/remotes &&
    cat .git/HEAD .git/config && sha256sum .git/index | cut -d' ' -f1 &&
    find . -path ./.git -prune -o -path ./.openexpertise -prune -o -type f -print0 | sort -z | xargs -0 sha256sum)
}

say "every proposal verifies where it was made"
for one in $(git branch --list 'oe/*' --format '%(refname:short)'); do
  expect_code 0 oe verify "$one"
  expect_has "$out" "the verdict follows from the evidence"
done

say "nothing goes to the remote unless somebody asks"
git push -q origin "$branch"
expect_same "$(git -C ../remote.git for-each-ref 'refs/oe/' 'refs/notes/' | wc -l)" 0

say "a stranger's clone says what is missing, and how to have it"
git clone -q ../remote.git ../second 2>/dev/null
cd ../second
expect_code 1 oe verify "origin/$branch"
expect_has "$out" "oe sync fetch"

say "sync sends evidence and decisions, and touches nothing else"
cd ../first
before=$(users .)
expect_code 0 oe sync push
expect_has "$out" "refs/oe/evidence/$id"
expect_has "$out" "refs/oe/decisions"
expect_lacks "$out" "refs/oe/runs"
expect_same "$(users .)" "$before"
expect_code 0 oe sync
expect_has "$out" "have the same"

say "then the stranger derives the same verdict, without a journal"
cd ../second
before=$(users .)
expect_code 0 oe sync fetch
expect_code 0 oe verify "origin/$branch"
expect_has "$out" "0 of 1 are here"
expect_same "$(users .)" "$before"
expect_code 0 oe proposals
expect_has "$out" "$id"

say "journals travel when they are asked for, as one pack, without where they lay"
(cd ../first && oe sync --runs >/dev/null)
expect_code 0 oe sync fetch --runs
expect_code 0 oe verify "origin/$branch"
expect_has "$out" "1 of 1 are here"
git for-each-ref --format='%(refname)' refs/oe/runs/ | while read -r ref; do
  git ls-tree --name-only "$ref" | while read -r file; do git cat-file -p "$ref:$file"; done
done >"$story_dir/journals"
grep -q '"run.started"' "$story_dir/journals" || fail "no journal travelled"
if grep -F "$story_dir" "$story_dir/journals"; then fail "a place of the first machine is in a journal"; fi

say "two clones that decide differently lose no decision, and agree in the end"
git branch -q "$branch" "origin/$branch"
expect_code 0 oe reject "$id" --why "naps are good"
expect_code 0 oe sync
cd ../first
expect_code 0 oe accept "$id"
expect_code 0 oe sync
expect_has "$out" "learnt 1 decision of others"
cd ../second
expect_code 0 oe sync
expect_has "$out" "learnt 1 decision of others"
status_in() {
  (cd "$1" && oe proposals --all --json) | node -e '
    const all = JSON.parse(require("fs").readFileSync(0, "utf8")).proposals;
    console.log(all.find((one) => one.fingerprint.startsWith(process.argv[1])).status);' "$id"
}
expect_same "$(status_in ../first)" "$(status_in ../second)"
expect_has "$(status_in ../first)" accepted # the later one
git cat-file -p refs/oe/decisions:decisions.jsonl >"$story_dir/decisions"
expect_same "$(grep -c '"proposal.rejected"' "$story_dir/decisions")" 1
expect_same "$(grep -c '"proposal.accepted"' "$story_dir/decisions")" 1
expect_same "$(git rev-parse refs/oe/decisions)" "$(git -C ../first rev-parse refs/oe/decisions)"

say "the accepted commit verifies in the history of whoever has it"
cd ../first
expect_code 0 oe verify HEAD
git push -q origin main && git -C ../second pull -q --no-rebase origin main 2>/dev/null
(cd ../second && expect_code 0 oe verify HEAD)

say "git shows a note beside the commit"
expect_has "$(git log -1 --notes=oe HEAD)" "refs/oe/evidence/$id"

say "what nothing needs can go; what is in the history stays"
evidence=$(git for-each-ref --format='%(refname)' "refs/oe/evidence/$id*")
git update-ref refs/oe/evidence/0123abc "$evidence"
expect_code 0 oe gc
expect_has "$out" "nothing that is not needed"
expect_code 0 oe gc --unused 0 --dry-run
expect_has "$out" "would delete refs/oe/evidence/0123abc"
expect_lacks "$out" "$evidence"
expect_code 0 oe gc --unused 0
git rev-parse -q --verify "$evidence" >/dev/null || fail "evidence of a merged proposal went"
git rev-parse -q --verify refs/oe/decisions >/dev/null || fail "decisions went"

say "killed at any moment, the same command goes on"
for delay in 0.005 0.02 0.04 0.06 0.1; do
  (cd ../second && oe reject nosuch --why x >/dev/null 2>&1 || true)
  timeout -s KILL "$delay" "$OE" sync --runs >/dev/null 2>&1 || true
done
expect_code 0 oe sync --runs
expect_code 0 git fsck --no-dangling --strict

say "where there is no remote it says so"
new_repo ../alone && naps_workflow >experience.yaml && commit_all "the workflow"
expect_code 3 oe sync
expect_has "$out" "git remote add"
