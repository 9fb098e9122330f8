#!/usr/bin/env bash
# Everyday git: commits as the user's own git would write them, every way to take a proposal, every command taken back, a
# stale proposal made again; and nothing of the user's changes but what the command is for, in a linked worktree too.
. "$(dirname "$0")/lib/harness.bash"
naps() { naps_workflow | sed "s/0[.]7/0.35/g; s/1[.]5/0.75/; s/timeout_ms: 1200/timeout_ms: 600/"; }
new_repo main && naps >experience.yaml
mkdir .githooks && echo readme >README.md && echo other >other.txt
# The team's own rules, and a log of where they are asked.
cat >.githooks/pre-commit <<'SH'
#!/bin/sh
pwd >>"$HOME/hooks.log"; git diff --cached --name-only >>"$HOME/hooks.log"
SH
cat >.githooks/commit-msg <<'SH'
#!/bin/sh
[ ! -e "$HOME/friday" ] || { echo "not on a Friday" >&2; exit 1; }
grep -q '^Ticket: ' "$1" || printf 'Ticket: T-1\n' >>"$1"
SH
chmod +x .githooks/*
commit_all "the workflow"
git config core.hooksPath .githooks
ssh-keygen -q -t ed25519 -N "" -C test -f "$HOME/key"
printf 'ada@example.com %s\n' "$(cat "$HOME/key.pub")" >"$HOME/allowed"
git config gpg.format ssh && git config user.signingKey "$HOME/key" && git config gpg.ssh.allowedSignersFile "$HOME/allowed"
git config commit.gpgSign true
echo stashed >>other.txt && git stash -q
echo 'a note' >notes.txt
git worktree add -q -b side "$story_dir/side"
oe run >/dev/null || true

# All that is the user's, but for what a checkout may do to files that it writes: their times.
users() {
  git rev-parse HEAD; git symbolic-ref -q HEAD || true; git stash list; git ls-files --stage -t; GIT_OPTIONAL_LOCKS=0 git status --porcelain
  git for-each-ref | grep -vE 'refs/(heads/oe|oe|notes/oe)' || true
  cat "$(git rev-parse --git-common-dir)/config" "$HOME/.gitconfig"
  find . \( -name .git -o -path ./.openexpertise \) -prune -o -type f -print0 | sort -z | xargs -0 sha256sum
}
side() { (cd "$story_dir/side" && users); }
branch_now() { git branch --list 'oe/tune-param/nap/*' --format '%(refname:short)' | while read -r one; do
  if git diff "main...$one" | grep '^+.*timeout_ms' >/dev/null; then echo "$one"; fi; done; }

say "a hook of the team may say no: on record, and nothing is left"
touch "$HOME/friday"
before=$(snapshot) beside=$(side)
expect_code 0 oe evolve
expect_has "$out" "refused the commit: not on a Friday"
expect_has "$(oe proposals --all --json)" "not on a Friday"
expect_same "$(git branch --list 'oe/*')" ""
expect_unchanged "$before" "after a refused commit"
rm "$HOME/friday" "$HOME/hooks.log"

say "a proposal is signed, signed off and looked at by the team's hooks, in a place of its own"
expect_code 0 oe evolve --signoff
branch=$(branch_now)
[ -n "$branch" ] || fail "no proposal: $out"
id=${branch##*/}
expect_code 0 git verify-commit "$branch"
expect_has "$(git log -1 --format=%B "$branch")" "Signed-off-by: Ada Tester <ada@example.com>"
expect_has "$(git log -1 --format=%B "$branch")" "Ticket: T-1"
expect_has "$(cat "$HOME/hooks.log")" "/.openexpertise/worktrees/commit-"
expect_lacks "$(grep -v worktrees/ "$HOME/hooks.log")" "$story_dir/main"
expect_code 0 oe verify "$branch"
expect_unchanged "$before" "after evolve"
expect_same "$(side)" "$beside"
tip=$(git rev-parse "$branch")

say "every way to take it verifies, and undo puts everything back"
was=$(users)
for way in "" --pick --squash --merge; do
  # shellcheck disable=SC2086
  expect_code 0 oe accept $way "$id"
  expect_code 0 oe verify HEAD
  expect_code 0 git verify-commit HEAD
  expect_has "$(git log -1 --format=%B)" "Oe-Proposal: $id"
  expect_same "$(git branch --list "$branch")" ""
  expect_same "$(GIT_OPTIONAL_LOCKS=0 git status --porcelain)" "?? notes.txt"
  expect_code 0 oe undo
  expect_has "$out" "undone: oe accept $id"
  expect_has "$out" "is open again"
  expect_same "$(users)" "$was" "after accept $way and undo"
  expect_same "$(git rev-parse "$branch")" "$tip"
done
expect_same "$(side)" "$beside"

say "a staged change of mine is in nobody's commit"
echo staged >>README.md && git add README.md
dirty=$(users)
for way in --pick --squash --merge; do
  if oe accept $way "$id" >/dev/null 2>&1; then
    expect_lacks "$(git show --stat HEAD)" README.md
    expect_code 0 oe undo
  fi
  expect_same "$(users)" "$dirty" "after accept $way beside a staged file"
done
expect_code 0 oe accept "$id"
expect_code 0 oe undo
expect_same "$(users)" "$dirty" "after a fast-forward beside a staged file"
git restore --staged --worktree README.md

say "undo touches no file that I have changed, and no branch that has moved on"
expect_code 0 oe accept "$id"
echo '# mine' >>experience.yaml
dirty=$(users)
expect_code 1 oe undo
expect_has "$out" "have changes of yours"
expect_same "$(users)" "$dirty"
git commit -qam "mine, on top"
dirty=$(users)
expect_code 1 oe undo
expect_has "$out" "main has moved on"
expect_has "$out" "git revert $(git rev-parse --short=12 HEAD~1)"
expect_same "$(users)" "$dirty"
git reset -q --hard HEAD~1
expect_code 0 oe undo
expect_same "$(users)" "$was"

say "a no by mistake is taken back"
expect_code 0 oe reject "$id" --why "a slip"
expect_same "$(branch_now)" ""
expect_code 0 oe undo
expect_same "$(git rev-parse "$branch")" "$tip"
expect_has "$(oe proposals)" "$id"
expect_has "$(oe undo --list)" "oe reject $id"

say "in a linked worktree it is that one's branch and files"
main_was=$(snapshot) side_was=$(side)
(cd ../side && expect_code 0 oe accept --squash "$id" && expect_code 0 oe verify HEAD)
expect_same "$(users)" "$(printf '%s\n' "$was" | sed "s/$(git rev-parse main) commit\trefs\/heads\/side/$(git rev-parse side) commit\trefs\/heads\/side/")"
expect_code 1 oe undo
expect_has "$out" "type oe undo there"
(cd ../side && expect_code 0 oe undo)
expect_same "$(side)" "$side_was"
expect_same "$(GIT_OPTIONAL_LOCKS=0 git status --porcelain)" "?? notes.txt"
expect_same "$(printf '%s\n' "$main_was" | grep -vE 'logs/|refs/heads/side')" "$(snapshot | grep -vE 'logs/|refs/heads/side')"

say "a proposal whose base moved is made again, with a proof of its own"
expect_code 3 oe rebase "$id"
expect_has "$out" "already"
echo more >>README.md && git commit -qam "meanwhile"
before=$(snapshot)
expect_code 0 oe rebase "$id" --signoff
expect_has "$out" "1:"
expect_has "$(git log -1 --format='%(trailers:key=Oe-Base,valueonly)' "$branch")" "$(git rev-parse main)"
expect_same "$(git rev-parse "$branch^")" "$(git rev-parse main)"
expect_code 0 oe verify "$branch"
expect_code 0 git verify-commit "$branch"
expect_unchanged "$before" "after rebase"
again=$(git rev-parse "$branch")
[ "$again" != "$tip" ] || fail "the branch did not move"
expect_code 0 oe undo
expect_same "$(git rev-parse "$branch")" "$tip"
expect_unchanged "$before" "after undo of a rebase"
expect_code 0 oe verify "$branch"

say "never a branch that somebody has worked on; a squash takes that along, and keeps it"
git -C ../side switch -q "$branch" && echo better >>../side/README.md && git -C ../side commit -qam "better"
git -C ../side switch -q side
expect_code 1 oe rebase "$id"
expect_has "$out" "commits that oe did not make"
git reset -q --hard HEAD~1
expect_code 0 oe accept --squash "$id"
expect_has "$out" "git branch -D $branch"
expect_has "$(cat README.md)" better
git show-ref -q "refs/heads/$branch" || fail "somebody's commit is gone"
expect_code 0 oe undo
expect_same "$(users)" "$was"

say "another clone with hooks knows a squash when it comes"
git branch -qf "$branch" "$tip"
git init -q --bare ../remote.git && git remote add origin ../remote.git
git push -q origin main "$branch" && oe sync push >/dev/null
git clone -q ../remote.git ../clone 2>/dev/null
(cd ../clone && oe sync fetch >/dev/null && git branch -q "$branch" "origin/$branch" && oe hooks install >/dev/null)
expect_code 0 oe accept --squash "$id"
git push -q origin main
(cd ../clone && git pull -q --ff-only && expect_has "$(oe proposals 2>&1)" "became history")

say "what others have is not taken back behind their backs"
expect_code 1 oe undo
expect_has "$out" "origin/main has"
expect_has "$out" "git revert"
git fsck --no-dangling --strict
