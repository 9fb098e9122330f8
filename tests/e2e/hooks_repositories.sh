#!/usr/bin/env bash
# The hooks in every kind of repository, and killed at any moment: what is the user's stays as it is. RANDOM_SEED repeats a run, KILLS says how many.
. "$(dirname "$0")/lib/harness.bash"
. "$top/tests/e2e/lib/hooks.bash"
seed=${RANDOM_SEED:-$(date +%s)}; RANDOM=$seed; echo "RANDOM_SEED=$seed"

# works: in this repository, installed or not before, the hooks do what they are for and leave everything else.
works() {
  local was hooks; rm -f "$(git rev-parse --git-path hooks)"/*.sample; was=$(of_user); hooks=$(hooks_of)
  expect_code 0 oe hooks install; expect_code 0 oe hooks status; expect_same "$(of_user)" "$was" "install in $1"
  expect_code 0 oe hooks install
  sed -i 's/kind: tool/kind: tol/' experience.yaml
  expect_code 1 git commit -qam broken; expect_has "$out" "experience.yaml:6:"
  git checkout -q experience.yaml
  small_workflow $((5000 + RANDOM)) >experience.yaml; expect_code 0 git commit -qam valid; expect_same "$out" ""
  echo more >>README; expect_code 0 git commit -qam plain; expect_same "$out" ""
  was=$(of_user); expect_code 0 oe hooks uninstall; expect_same "$(of_user)" "$was" "uninstall in $1"; expect_same "$(hooks_of)" "$hooks" "$1"
}

say "plain"; (workflow_repo plain && works plain)
say "a linked worktree"; (cd plain && git worktree add -q ../linked -b linked && cd ../linked && works linked)
say "a submodule"; (new_repo above && git submodule add -q "$story_dir/plain" sub 2>/dev/null && git commit -qm sub && cd sub && git config user.name A && works sub)
say "SHA-256"; (mkdir sha && cd sha && git init -q --object-format=sha256 . && cd .. && workflow_repo sha && works sha)
say "sparse, with a sparse index"
(cd plain && for d in left right; do mkdir $d; echo x >$d/file; done && git add -A && git commit -qm more && git sparse-checkout init --cone --sparse-index && git sparse-checkout set tools && works sparse && git sparse-checkout disable)
say "a partial clone"; (cd plain && git config uploadpack.allowFilter true && cd .. && git clone -q --filter=blob:none "file://$story_dir/plain" partial && cd partial && works partial)
say "shallow"; (git clone -q --depth 1 "file://$story_dir/plain" shallow && cd shallow && works shallow)
say "a split index"; (cd plain && git update-index --split-index && works split)
say "index version 4"; (cd plain && git update-index --no-split-index && git update-index --index-version 4 && works v4)
say "a path with blanks, quotes and a line break"; (cd plain && mkdir "a b" && small_workflow | sed 's#tools/a.sh#../tools/a.sh#' >"a b/it's.experience.yaml" && git add -A && works blanks)

say "killed while the hooks are put in or taken out: the next one puts it right, and the user's hook never stops being called"
cd plain
hooks=$(git rev-parse --git-path hooks); printf '#!/bin/sh\ntouch "%s/called"\n' "$story_dir" >"$hooks/pre-commit"; chmod +x "$hooks/pre-commit"
printf '#!/bin/sh\n' >"$hooks/post-merge"; chmod 0700 "$hooks/post-merge"
before=$(hooks_of); was=$(of_user)
for _ in $(seq "${KILLS:-25}"); do
  word=install; [ $((RANDOM % 2)) = 0 ] || word=uninstall
  "$OE" hooks "$word" >/dev/null 2>&1 & victim=$!
  sleep "0.0$(printf %03d $((RANDOM % 400)))"; kill -KILL "$victim" 2>/dev/null || true; wait "$victim" 2>/dev/null || true
  expect_same "$(of_user)" "$was" "killed in $word"
  rm -f ../called; (git hook run pre-commit >/dev/null 2>&1); [ -e ../called ] || fail "the user's hook is not called any more"
  if [ $((RANDOM % 3)) = 0 ]; then
    expect_code 0 oe hooks install; expect_has "$out" "goes first"
    expect_code 0 oe hooks uninstall; expect_same "$(hooks_of)" "$before" "after a kill"
  fi
done
expect_code 0 oe hooks uninstall; expect_same "$(hooks_of)" "$before"

say "killed while a commit goes on: the next one goes well"
expect_code 0 oe hooks install
for _ in $(seq "${KILLS:-10}"); do
  small_workflow $((RANDOM + 1)) >experience.yaml; git add experience.yaml; was=$(git ls-files --stage; git rev-parse HEAD)
  setsid sh -c 'exec "$0" "$@"' "$(dirname "$OE")/oe-hook" pre-commit >/dev/null 2>&1 & victim=$!
  sleep "0.0$(printf %02d $((RANDOM % 30)))"; kill -KILL -- "-$victim" 2>/dev/null || true; wait "$victim" 2>/dev/null || true
  expect_same "$(git ls-files --stage; git rev-parse HEAD)" "$was"
  expect_code 0 git commit -qm "after a kill"; expect_same "$out" ""
done
