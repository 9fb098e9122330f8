#!/usr/bin/env bash
# What a run saw and what HEAD has may differ: oe says so, and a proposal lands in the right node or not at all.
. "$(dirname "$0")/lib/harness.bash"
new_repo naps && naps_workflow >experience.yaml && commit_all "the workflow"

say "a run of uncommitted content is marked; proposals are made against HEAD, for nodes that are the same in both"
{ printf '# a remark of mine\n'; naps_workflow; } >experience.yaml
echo 'notes of mine' >notes.txt
expect_code 1 oe run
expect_has "$(oe show)" "had changes"
before=$(snapshot)
expect_code 4 oe evolve
expect_has "$out" "neither run nor trusted"
expect_unchanged "$before" "after an evolve that waits for trust"
git worktree add -q --detach "$story_dir/head" && expect_code 0 oe trust "$story_dir/head" && git worktree remove "$story_dir/head"
before=$(snapshot)
expect_code 0 oe evolve
expect_has "$out" "other content"
expect_unchanged "$before" "after evolve"
branch=$(git branch --list 'oe/tune-param/nap/*' --format '%(refname:short)')
[ -n "$branch" ] || fail "nothing was proposed for a node that is the same"
expect_same "$(git show "$branch:experience.yaml")" "$(naps_workflow | sed 's/timeout_ms: 1200/timeout_ms: 2500/')"
expect_same "$(git diff --name-only "main..$branch")" experience.yaml

say "accepting waits until the changes are out of the way, and keeps them"
expect_code 1 oe accept "$branch"
expect_has "$out" "experience.yaml"
expect_same "$(head -n 1 experience.yaml)" "# a remark of mine"
expect_unchanged "$before" "after a refused accept"

say "a node that changed since is left alone"
git branch -qD "$branch"
sed -i 's/timeout_ms: 1200/timeout_ms: 1150/' experience.yaml
expect_code 1 oe run
git checkout -q experience.yaml
expect_code 0 oe evolve "$(newest_run)"
expect_lacks "$(git branch --list 'oe/*')" oe/tune-param/nap
expect_same "$(cat notes.txt)" "notes of mine"
