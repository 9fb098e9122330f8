#!/usr/bin/env bash
# What a run saw and what HEAD has may differ: oe says so, and a proposal lands in the right node or not at all.
. "$(dirname "$0")/lib/harness.bash"
new_repo release && copy_example release-check && commit_all "the workflow"

say "a run of uncommitted content is marked; proposals are made against HEAD, for nodes that are the same in both"
printf '# a remark of mine\n' | cat - experience.yaml >new && mv new experience.yaml
oe run >/dev/null || true
expect_has "$(oe show)" "had changes"
before=$(snapshot)
expect_code 0 oe evolve
expect_has "$out" "other content"
expect_same "$(snapshot)" "$before"
branch=$(git branch --list 'oe/tune-param/check_page/*' --format '%(refname:short)' | head -n 1)
[ -n "$branch" ] || fail "nothing was proposed for a node that is the same"
expect_lacks "$(git show "$branch:experience.yaml")" "a remark of mine"

say "a node that changed since is left alone"
git branch --list 'oe/*' --format '%(refname:short)' | xargs -n 1 git branch -qD
sed -i 's/timeout_ms: 1500/timeout_ms: 1450/' experience.yaml
oe run >/dev/null || true
git checkout -q experience.yaml
expect_code 0 oe evolve "$(newest_run)"
expect_lacks "$(git branch --list 'oe/*')" check_page
