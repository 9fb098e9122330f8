# Sourced after harness.bash by stories that go through all kinds of repositories. make_KIND makes one with a workflow and a
# remote, and enters it; where this machine cannot, it leaves the reason in $why_not and fails.
kinds="normal sha256 reftable partial sparse sparse_index linked submodule"
git init -q --bare --initial-branch=main "$story_dir/bare.git"

# with_remote [GIT INIT OPTION]: the workflow is committed here, and a remote of its own has it.
with_remote() {
  letters_workflow && commit_all "the workflow"
  git init -q --bare --initial-branch=main "$@" "$PWD.git"
  git -C "$PWD.git" config uploadpack.allowFilter true
  git remote add origin "file://$PWD.git" && git push -q origin main && git fetch -q && git remote set-head origin main
}
# cloned KIND GIT CLONE OPTION...: of a repository like that.
cloned() {
  new_repo "$1-of" && with_remote && cd .. && git clone -q "${@:2}" "file://$story_dir/$1-of.git" "$1" && cd "$1"
}

make_normal() { new_repo normal && with_remote; }
make_sha256() { mkdir sha256 && cd sha256 && git init -q --object-format=sha256 && with_remote --object-format=sha256; }
make_reftable() {
  why_not="this git makes no repository with reftable: $(git --version)"
  git init -q --ref-format=reftable reftable 2>/dev/null || return 1
  cd reftable && with_remote
}
make_partial() { cloned partial --filter=blob:none; }
make_sparse() { cloned sparse --sparse && git sparse-checkout set tools && [ ! -e elsewhere ]; }
make_sparse_index() { cloned sparse_index --sparse && git sparse-checkout set --cone --sparse-index tools && [ ! -e elsewhere ]; }
make_linked() { new_repo linked-main && with_remote && git worktree add -q -b side ../linked && cd ../linked; }
make_submodule() {
  new_repo inner-of && with_remote
  new_repo "$story_dir/outer" && git submodule add -q "file://$story_dir/inner-of.git" submodule && git commit -qm sub && cd submodule
}

# proposal_in_it: leaves $id, $branch and $tip of an open proposal.
proposal_in_it() {
  oe run >/dev/null 2>&1 || true
  oe run >/dev/null
  rm -f .awake
  expect_code 0 oe evolve --no-sandbox
  branch=$(git branch --list 'oe/*' --format '%(refname:short)')
  [ -n "$branch" ] || fail "no proposal in $kind: $out"
  id=${branch##*/} tip=$(git rev-parse "$branch")
}
things_of_the_user() {
  echo stashed >>README.md && git stash -q
  echo 'changed, not staged' >>README.md
  echo 'a note' >notes.txt
  echo 'nobody looks at this' >ignored.txt
  git update-index -q --refresh || true
}

# neighbours: the other working trees that have to do with this one.
neighbours() {
  case $kind in
    linked) (cd ../linked-main && snapshot | grep -vE ' \./(logs|refs)/|packed-refs') ;;
    submodule) (cd .. && git -c core.fsmonitor=false --no-optional-locks status --porcelain --ignore-submodules=all && cat .git/HEAD .git/config && sha256sum .git/index) ;;
  esac
}
# everything: of the user's, as bytes, here and in the neighbours.
everything() {
  snapshot | grep -vE '/refs/(notes/oe$|remotes/origin/oe/)'
  sha256sum "$(git rev-parse --git-path index)"; cat "$(git rev-parse --git-path HEAD)" "$HOME/.gitconfig"
  neighbours
}
expect_as_before() { local changes; changes=$(diff <(printf '%s\n' "$1") <(everything)) || fail "not as it was, after $2: $changes"; }

# users: the same, but for what a checkout may do to files that it writes: their times.
users() {
  git rev-parse HEAD; git symbolic-ref -q HEAD || true; git stash list; git ls-files --stage -t; git --no-optional-locks status --porcelain
  git for-each-ref | grep -vE 'refs/(heads/oe|oe|notes/oe)' || true
  cat "$(git rev-parse --git-path config)" "$HOME/.gitconfig"
  find . \( -name .git -o -path ./.openexpertise \) -prune -o -type f -print0 | sort -z | xargs -0 sha256sum
}
# only_others: of that what is not about the file of the proposal, nor about where HEAD and its branch are.
only_others() { grep -vE "experience[.]yaml|^[0-9a-f]{40,64}\$|refs/heads/(main|side)\$"; }
others_files() { users | only_others; }
