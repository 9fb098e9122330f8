#!/usr/bin/env bash
# A proposal changes the bytes that must change and no other, wherever the workflow lies and however it is written.
. "$(dirname "$0")/lib/harness.bash"
new_repo "wörk flow ☕" && mkdir -p "日本 語" && cd "日本 語"

say "CRLF, comments, odd spaces and a last line without an end; in a directory whose name needs quotes"
naps_workflow | sed -e 's/timeout_ms: 1200/timeout_ms:   1200/' -e 's/$/\r/' | head -c -2 >experience.yaml
cp experience.yaml "$story_dir/written"
commit_all "the workflow"
git worktree add -q -b beside "$story_dir/beside it"
expect_code 1 oe run

say "from a linked worktree, with the record that it shares"
cd "$story_dir/beside it/日本 語"
expect_code 0 oe evolve
branch=$(git branch --list 'oe/tune-param/nap/*' --format '%(refname:short)')
git show "$branch:./experience.yaml" >"$story_dir/proposed"
sed 's/1200/2500/' "$story_dir/written" | cmp - "$story_dir/proposed" || fail "more than a number changed"
expect_same "$(git diff --numstat "main..$branch" | cut -f 1,2)" "1	1"

say "its own lines and the seed's take it"
(cd "$story_dir/wörk flow ☕" && awk '/^```diff/{f=1;next} /^```/{f=0} f' .openexpertise/evolution/*.md | git apply --check)
git diff "main..$branch" --binary | git apply --check

say "accepted where it was typed, and nowhere else"
main=$(git rev-parse main)
expect_code 0 oe accept "$branch"
cmp experience.yaml "$story_dir/proposed"
expect_same "$(git rev-parse beside^)" "$main"
expect_same "$(git rev-parse main)" "$main"
expect_same "$(git status --porcelain)" ""
cmp "$story_dir/wörk flow ☕/日本 語/experience.yaml" "$story_dir/written"
expect_code 0 oe run

say "on a detached HEAD, in a submodule"
cd "$story_dir" && new_repo outer && git submodule add -q "$story_dir/wörk flow ☕" inner && git commit -qm sub
cd "inner/日本 語" && git checkout -q --detach
expect_code 1 oe run
expect_code 0 oe evolve
branch=$(git branch --list 'oe/tune-param/nap/*' --format '%(refname:short)')
expect_code 0 oe accept "$branch"
cmp experience.yaml "$story_dir/proposed"
expect_same "$(git symbolic-ref -q HEAD || echo detached)" detached
expect_same "$(git rev-parse HEAD^)" "$main"
