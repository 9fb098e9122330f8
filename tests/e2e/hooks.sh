#!/usr/bin/env bash
# The hooks of a commit: what is staged is valid, or the commit stops; a run of what is committed is named; nothing of oe's stops a commit otherwise.
. "$(dirname "$0")/lib/harness.bash"
. "$top/tests/e2e/lib/hooks.bash"
workflow_repo flow

say "install and uninstall leave the hooks as they were"
rm -f .git/hooks/*.sample; before=$(hooks_of)
expect_code 0 oe hooks install
expect_has "$out" "pre-commit"
once=$(hooks_of); expect_code 0 oe hooks install; expect_same "$(hooks_of)" "$once"
expect_has "$(oe hooks status --json)" '"state": "alone"'
expect_code 0 oe hooks uninstall; expect_same "$(hooks_of)" "$before"
[ ! -e .git/oe ] || fail "something is left in .git/oe"
expect_code 0 oe hooks install

say "a valid workflow is committed, and known from then on"
small_workflow 2000 >experience.yaml; expect_code 0 git commit -qam two
expect_same "$out" ""
grep -q "experience.yaml" .git/oe/valid || fail "nothing was kept"

say "what is staged counts, not what is on the disk"
sed 's/kind: tool/kind: tol/' experience.yaml >broken; cp broken experience.yaml; git add experience.yaml; small_workflow 2000 >experience.yaml
expect_code 1 git commit -qm broken
expect_has "$out" "experience.yaml:6:"; expect_has "$out" "--no-verify"; expect_has "$out" "OE_SKIP=1"
git add experience.yaml; cp broken experience.yaml; echo more >>README
expect_code 0 git commit -qm "the disk is broken" README
git checkout -q experience.yaml

say "commit -a and commit PATH are looked at through the index that they make"
cp broken experience.yaml
expect_code 1 git commit -qam broken
expect_code 1 git commit -qm broken experience.yaml
OE_SKIP=1 git commit -qm "in a hurry" experience.yaml
echo more >>README; expect_code 0 git commit -qam "leaves the errors as they are"
expect_has "$out" "which this commit leaves as they are"
echo more >>README; expect_code 0 git commit -qam "and says so once"; expect_same "$out" ""
small_workflow 2000 >experience.yaml; expect_code 0 git commit -qam mended

say "a tool that the commit would not have, or takes away"
sed 's/a.sh/b.sh/' experience.yaml >c; mv c experience.yaml; cp tools/a.sh tools/b.sh
expect_code 1 git commit -qam "without its tool"
expect_has "$out" "tools/b.sh"; expect_has "$out" "git add"
git add tools/b.sh; expect_code 0 git commit -qam "with its tool"
git rm -q tools/b.sh; expect_code 1 git commit -qm "takes it away"
git reset -q --hard

say "a hook that has nothing to do is not there, and comes when there is something"
in_place() { (cd .git/hooks && echo *); }
echo more >>README; expect_code 0 git commit -qam "touches no workflow"; expect_same "$(in_place)" "post-merge pre-commit pre-push"
expect_has "$(oe hooks status)" "put here when there is something to do for it"
small_workflow 2500 >experience.yaml; oe run >/dev/null; expect_code 0 git commit -qam "has a run"; expect_same "$(trailer)" "$(newest_run)"
echo more >>README; expect_code 0 git commit -qam "touches no workflow"; expect_same "$(in_place)" "post-merge pre-commit pre-push"
small_workflow 2500 "on: commit" >experience.yaml; expect_code 0 git commit -qam "runs by itself"
expect_same "$(in_place)" "post-commit post-merge pre-commit pre-push"
git worktree add -q ../linked; oe run >/dev/null; echo more >>README; git -C ../linked commit -q --allow-empty -m linked
small_workflow 2600 "on: commit" >experience.yaml; oe run >/dev/null; expect_code 0 git commit -qam "has a run"
git -C ../linked commit -q --allow-empty -m linked
expect_same "$(in_place)" "commit-msg post-commit post-merge pre-commit pre-push prepare-commit-msg" "a hook left that another worktree may need"
git worktree remove --force ../linked; small_workflow 2000 >experience.yaml; expect_code 0 git commit -qam back
expect_code 0 oe hooks uninstall; expect_same "$(hooks_of)" "$before"; oe hooks install >/dev/null

say "a broken, missing or slow oe lets the commit through, at once"
mkdir ../bin
commit_beside() { echo "$RANDOM" >>experience.note; small_workflow $((RANDOM + 1)) | sed s/a.sh/b.sh/ >experience.yaml; git add -A; PATH=$story_dir/bin:$PATH expect_code 0 git commit -qm "$1"; }
printf '#!/bin/sh\nkill -SEGV $$\n' >../bin/oe; chmod +x ../bin/oe; commit_beside crash; expect_has "$out" "git goes on"
printf '#!/bin/sh\nexit 70\n' >../bin/oe; commit_beside bug; expect_has "$out" "git goes on"
printf '#!/bin/sh\nexec sleep 30\n' >../bin/oe; OE_HOOK_SECONDS=1 commit_beside slow; expect_has "$out" "took longer than 1 s"
rm ../bin/oe; mv .git/oe/program .git/oe/program.gone; commit_beside missing; expect_same "$out" ""
mv .git/oe/program.gone .git/oe/program

say "a damaged index or memo is nothing that oe-hook falls over"
printf 'oe valid 1\nw' >.git/oe/valid; commit_beside memo; expect_same "$out" ""
head -c 5000 /dev/urandom >.git/oe/valid; commit_beside memo; expect_same "$out" ""

say "a run of what is committed is named, once, in every way to write a message"
ran() { small_workflow "$1" | sed s/a.sh/b.sh/ >experience.yaml; oe run >/dev/null; newest_run; }
run=$(ran 3001); expect_code 0 git commit -qam "ran"; expect_same "$(trailer)" "$run"
expect_code 0 git commit -q --amend -m "again, amended"; expect_same "$(trailer)" ""
run=$(ran 3002); expect_code 0 git commit -qam "ran

Signed-off-by: Ada <ada@example.com>"; expect_same "$(trailer)" "$run"; expect_has "$(message)" "Signed-off-by: Ada <ada@example.com>
Oe-Run"
echo more >>README; expect_code 0 git commit -qam "touches no workflow"; expect_same "$(trailer)" ""
run=$(ran 3003); git add -A; small_workflow 3004 | sed s/a.sh/b.sh/ >experience.yaml
expect_code 0 git commit -qm "the disk is another"; expect_same "$(trailer)" ""
run=$(ran 3005); GIT_EDITOR='sh -c "echo from the editor >\"\$1\"" x' expect_code 0 git commit -qa; expect_same "$(trailer)" "$run"
run=$(ran 3006); GIT_EDITOR=true expect_code 1 git commit -qa; expect_has "$out" "empty commit message"
git -c core.commentChar=';' commit -qam "# not a comment"; expect_same "$(trailer)" "$run"; expect_has "$(message)" "# not a comment"
run=$(ran 3007); printf 'Template\n' >../template
GIT_EDITOR=true expect_code 1 git -c commit.template="$story_dir/template" commit -qa; expect_has "$out" "did not edit"
expect_code 0 git commit -qa --cleanup=verbatim -m "as it is"; expect_same "$(trailer)" "$run"
run=$(ran 3008); expect_code 0 git commit -qam "mine

Oe-Run: r-mine"; expect_same "$(trailer)" "r-mine"

say "a hook of the user goes first, with its arguments and its word"
expect_code 0 oe hooks uninstall
printf '#!/bin/sh\necho mine >>"%s/log"\n[ ! -e "%s/no" ]\n' "$story_dir" "$story_dir" >.git/hooks/pre-commit; chmod 0751 .git/hooks/pre-commit
printf '#!/bin/bash\necho "$0 $# $(basename "$0")" >>"%s/log"\n' "$story_dir" >.git/hooks/prepare-commit-msg; chmod +x .git/hooks/prepare-commit-msg
before=$(hooks_of)
expect_code 0 oe hooks install; expect_has "$out" "goes first"
: >../log; echo more >>README; expect_code 0 git commit -qam chained
expect_same "$(cat ../log)" "mine
.git/hooks/prepare-commit-msg 2 prepare-commit-msg"
touch ../no; echo more >>README; expect_code 1 git commit -qam refused; rm ../no
cp broken experience.yaml; expect_code 1 git commit -qam broken; expect_has "$out" "--no-verify"; git checkout -q experience.yaml
expect_code 0 oe hooks uninstall; expect_same "$(hooks_of)" "$before"

say "what somebody changed is not thrown away"
oe hooks install >/dev/null; echo '# mine' >>.git/hooks/pre-commit
expect_code 1 oe hooks uninstall; expect_has "$out" "changed by hand"; expect_has "$out" "--force"
expect_code 0 oe hooks uninstall --force; expect_same "$(hooks_of)" "$before"

say "a directory of all repositories is touched only when asked"
mkdir ../all; git config --global core.hooksPath "$story_dir/all"
expect_code 1 oe hooks install; expect_has "$out" "all repositories"; expect_has "$out" "--shared"
expect_same "$(ls ../all)" ""
expect_code 0 oe hooks install --shared
cp broken experience.yaml; expect_code 1 git commit -qam broken; git checkout -q experience.yaml
expect_code 1 oe hooks uninstall; expect_code 0 oe hooks uninstall --shared; expect_same "$(ls ../all)" ""
