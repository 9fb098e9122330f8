#!/usr/bin/env bash
# Every kind of place that a person may stand in: what works says where it writes, what does not says what to type.
. "$(dirname "$0")/lib/harness.bash"

say "no repository"
mkdir plain && (cd plain && copy_example hello-tool)
expect_code 4 oe run plain
expect_has "$out" "git init"

say "a bare repository"
git init -q --bare bare.git
(cd bare.git && expect_code 4 oe runs && expect_has "$out" "bare")

say "no repository at all, but validate needs none"
expect_code 0 oe validate plain

say "an unborn branch: runs are recorded, evolve asks for a commit"
new_repo unborn && copy_example hello-tool
expect_code 0 oe run
expect_code 3 oe evolve
expect_has "$out" "commit"

say "a detached HEAD"
commit_all && git checkout -q --detach
expect_code 0 oe run
expect_code 0 oe evolve
expect_has "$out" "no proposals"

say "linked worktrees share one ledger"
git worktree add -q ../linked
run=$(newest_run)
(cd ../linked && expect_has "$(oe runs)" "$run" && expect_code 0 oe run && [ ! -e .openexpertise ])
expect_same "$(oe runs | wc -l)" 3
expect_same "$(git -C ../linked status --porcelain)" ""

say "a submodule has its own ledger"
cd "$story_dir" && new_repo outer && git submodule add -q "$story_dir/unborn" inner && git commit -qm sub
(cd inner && expect_code 0 oe run && [ -e .openexpertise/runs ])
[ ! -e .openexpertise ] || fail "the outer repository got a ledger"
expect_same "$(git status --porcelain)" ""

say "spaces and non-ASCII names"
cd "$story_dir" && new_repo "wörk flow ☕" && mkdir "日本 語" && (cd "日本 語" && copy_example hello-tool) && commit_all
expect_code 0 oe run "日本 語"
expect_same "$(oe state greeting)" '"Hello, world!"'
expect_has "$(oe runs)" "日本 語/experience.yaml"

say "a subdirectory as the place to stand in"
(cd "日本 語/tools" && expect_code 0 oe run .. && expect_has "$(oe runs)" "success")

say "a directory that has the name of a command"
mkdir doctor && (cd doctor && copy_example hello-tool)
expect_code 0 oe run doctor
expect_has "$(oe runs)" "doctor/experience.yaml"

say "a workflow that leads outside the repository"
ln -s "$story_dir/plain/experience.yaml" outside.yaml
expect_code 3 oe run outside.yaml
expect_has "$out" "outside the repository"

say "a path that is not there"
expect_code 3 oe run nowhere
expect_has "$out" "nowhere"

# evolves WHERE: a proposal is made, verified and accepted there, and git finds nothing wrong with what was written.
evolves() {
  oe run >/dev/null || true
  expect_code 0 oe evolve
  local branch; branch=$(git branch --list 'oe/tune-param/*' --format '%(refname:short)' | head -n 1)
  [ -n "$branch" ] || fail "no proposal in $1"
  expect_code 0 oe verify "$branch"
  expect_code 0 oe accept "$branch"
  expect_code 0 git fsck --strict --no-dangling
  expect_same "$(git status --porcelain)" ""
}

say "what libgit2 cannot read: SHA-256"
cd "$story_dir" && mkdir sha256 && cd sha256 && git init -q --object-format=sha256
naps_workflow >experience.yaml && commit_all
evolves "a SHA-256 repository"

say "what libgit2 would read wrongly: a partial clone with a sparse checkout and a configuration of its own"
cd "$story_dir" && new_repo whole && naps_workflow >experience.yaml && mkdir big && echo data >big/file && commit_all
git config uploadpack.allowFilter true
git clone -q --filter=blob:none --sparse "file://$PWD" ../partial
cd ../partial && [ ! -e big ] || fail "the checkout is not sparse"
evolves "a partial clone"
[ ! -e big ] || fail "the checkout is not sparse any more"
