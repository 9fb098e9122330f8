#!/usr/bin/env bash
# Every command of review beside git, in every kind of repository: what is the user's stays as it is, byte for byte; what takes a
# proposal changes what it is for and nothing else, and is taken back. OE_ALL_KINDS=1: all commands in all kinds, not a slice.
. "$(dirname "$0")/lib/harness.bash"
. "$top/tests/e2e/lib/kinds.bash"
unset GITHUB_TOKEN GH_TOKEN GITLAB_TOKEN GITEA_TOKEN OE_FORGE_TOKEN OE_FORGE_URL GITHUB_SERVER_URL CI_SERVER_URL

# What reads, and what writes refs of oe alone. In each line the exit code and the command; ID is the proposal, BRANCH its branch.
quiet_commands='0 runs
0 show
0 proposals
0 proposals --all --json
0 proposals --calibration
0 proposal show ID
0 lineage
0 log
0 log --json
0 blame experience.yaml#fetch
0 blame tools/fetch.sh --json
1 bisect --stored success
0 verify BRANCH
3 verify HEAD
0 hooks status
0 undo --list
0 validate
0 submit ID --dry-run --base main
4 comment 1 README.md
3 rebase ID --no-sandbox
0 gc --dry-run
0 sync push
0 sync fetch --runs
0 sync
0 submit ID --base main
0 evolve --no-sandbox
0 gc --unused 0'

# is_in_slice NUMBER: of commands; each kind has others.
is_in_slice() { [ "${OE_ALL_KINDS:-0}" = 1 ] || [ "$kind" = normal ] || [ $((($1 + ${#kind}) % 4)) = 0 ]; }

quiet_ones() {
  local number=0 code words before
  while read -r code words; do
    number=$((number + 1))
    is_in_slice $number || continue
    words=${words/ID/$id}
    before=$(everything)
    # shellcheck disable=SC2086
    expect_code "$code" "$OE" ${words/BRANCH/$branch}
    expect_as_before "$before" "oe $words in a repository that is $kind"
  done <<<"$quiet_commands"
}

# They write hooks and what they need to know of them.
hooks_too() {
  local before; before=$(everything)
  expect_code 0 oe hooks install
  expect_same "$(everything | grep -vE ' \./(hooks|oe)/')" "$(printf '%s\n' "$before" | grep -vE ' \./(hooks|oe)/')" "oe hooks install in $kind"
  local staged; staged=$(users)
  git hook run pre-commit 2>/dev/null || fail "the hook stopped a commit in $kind"
  expect_same "$(users)" "$staged" "a hook in $kind"
  expect_code 0 oe hooks uninstall
  expect_as_before "$before" "oe hooks uninstall in $kind"
}

# taken WORDS...: the proposal lands; nothing but the file that it is about, HEAD and its branch is another one; oe undo ends it.
taken() {
  local was beside; was=$(users); beside=$(neighbours)
  expect_code 0 oe accept "$@" "$id"
  expect_same "$(git diff --name-only HEAD~1 HEAD)" experience.yaml
  expect_same "$(others_files)" "$(printf '%s\n' "$was" | only_others)" "oe accept $* in $kind"
  expect_same "$(neighbours)" "$beside" "beside oe accept $* in $kind"
  expect_code 0 oe verify HEAD
  expect_code 0 oe undo
  expect_same "$(users)" "$was" "oe undo of oe accept $* in $kind"
  expect_same "$(git rev-parse -q --verify "$branch")" "$tip"
}

decided() {
  local ways=("" --pick --squash --merge)
  local only=$((${#kind} % 4)) i before
  for i in 0 1 2 3; do
    # shellcheck disable=SC2086
    if [ "$kind" = normal ] || [ "${OE_ALL_KINDS:-0}" = 1 ] || [ "$i" = "$only" ]; then taken ${ways[$i]}; fi
  done
  before=$(everything)
  expect_code 0 oe reject "$id" --why "not now"
  expect_as_before "$before" "oe reject in $kind"
  expect_code 0 oe undo
  expect_as_before "$before" "oe undo of it in $kind"
  echo more >more.txt && git add more.txt && git commit -qm meanwhile -- more.txt
  expect_code 0 oe trust
  before=$(everything)
  expect_code 0 oe rebase "$id" --no-sandbox
  expect_as_before "$before" "oe rebase in $kind"
  expect_code 0 oe undo
  expect_as_before "$before" "oe undo of it in $kind"
}

for kind in $kinds; do
  say "$kind"
  cd "$story_dir"
  if ! "make_$kind"; then say "skipped: $why_not"; continue; fi
  proposal_in_it
  things_of_the_user
  quiet_ones
  hooks_too
  decided
  expect_code 0 git fsck --strict --no-dangling
done
