# Sourced by every story: a fresh HOME, a pinned identity, the oe that was built, and a few words to say what must hold.
set -euo pipefail
: "${OE:?OE names the oe to test; ctest sets it}"
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
story_dir=$(mktemp -d)
cleanup() {
  pkill -KILL -f "sleep [0-9]*[.]$$\$" || true
  chmod -R u+w "$story_dir" 2>/dev/null || true
  rm -rf "$story_dir"
}
# end_story [CODE]: how every story ends. One that went well has its proposals looked at once more.
end_story() {
  local code=${1:-$?}
  [ "$code" != 0 ] || (verify_proposals) || code=1
  cleanup
  exit "$code"
}
trap end_story EXIT
export HOME=$story_dir/home LC_ALL=C.UTF-8 TZ=UTC GIT_CONFIG_NOSYSTEM=1 GIT_TERMINAL_PROMPT=0 NO_COLOR=1
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE XDG_CONFIG_HOME XDG_STATE_HOME CI
mkdir "$HOME"
git config --global user.name "Ada Tester"
git config --global user.email ada@example.com
git config --global init.defaultBranch main
git config --global protocol.file.allow always
cd "$story_dir"

# Where the kernel does not let bubblewrap work (a container without user namespaces), stories go on without it.
no_sandbox=; bwrap --ro-bind / / --unshare-all true 2>/dev/null || no_sandbox=--no-sandbox
oe() { case ${1:-} in evolve) shift; "$OE" evolve $no_sandbox "$@" ;; *) "$OE" "$@" ;; esac; }
say() { printf -- '-- %s\n' "$*"; }
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }

# new_repo NAME: an empty repository, entered.
new_repo() { mkdir -p "$1" && cd "$1" && git init -q; }
commit_all() { git add -A && git commit -qm "${1:-state}"; }
# naps_workflow: a small workflow with a weakness; one item of four needs more time than its node allows.
naps_workflow() {
  cat <<'YAML'
name: naps
version: 0.1.0
state:
  schema:
    naps: { type: array }
graph:
  nodes:
    - id: list
      kind: command
      run: printf '0\n0.7\n0.7\n1.5\n'
      output: lines
      writes: [naps]
    # One after the other.
    - id: nap
      kind: command
      run: [sleep, "{{$item}}"]
      for_each: { source: $.naps }
      timeout_ms: 1200   # long enough, they said
  edges:
    - { from: list, to: nap }
YAML
}
# letters_workflow: a node that fails at first and works when it is tried again: a proposal comes of it within a second.
letters_workflow() { cp -R "$top/fixtures/letters/." .; }
# copy_example NAME: an example's files, here.
copy_example() { cp -R "$top/examples/$1/." .; }

# expect_code CODE COMMAND...: runs it, keeps what it printed in $out (both streams), compares the exit code.
expect_code() {
  local want=$1 got=0; shift
  out=$("$@" 2>&1) || got=$?
  [ "$got" = "$want" ] || fail "exit code $got, not $want, of: $* -- it printed: $out"
}
expect_has() { case $1 in *"$2"*) ;; *) fail "no '$2' in: $1" ;; esac; }
expect_lacks() { case $1 in *"$2"*) fail "'$2' in: $1" ;; esac; }
expect_same() { [ "$1" = "$2" ] || fail "'$1' is not '$2'${3:+ ($3)}"; }
# wait_for COMMAND...: until it succeeds, for at most 20 seconds.
wait_for() {
  for _ in $(seq 400); do "$@" >/dev/null 2>&1 && return 0; sleep 0.05; done
  fail "waited 20 s for: $*"
}
# A sleep that outlives what it tests carries the number of this story: stories that run side by side do not meet.
nap() { printf 'sleep %s.%s\n' "$1" $$; }
sleeping() { pgrep -f "^$(nap "$1")\$" >/dev/null; }
newest_run() { oe runs --limit 1 | cut -d ' ' -f 1; }

# proposal_commits JOURNAL: that oe has put on proposal branches, but for what oe undo has taken back, evidence and all.
proposal_commits() {
  python3 -c 'import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
undone = {line["id"] for line in lines if line["type"] == "undone"}
heads = [line for line in lines if line["type"] == "ref" and line["ref"].startswith("refs/heads/oe/")]
print(*sorted({line["new"] for line in heads if line["new"] and line["id"] not in undone}))' "$1"
}
# verify_proposals: each commit that an oe of this story has put on a proposal branch verifies in a fresh clone, offline. A story
# that tampers with them says why it is left out: unverified="...".
unverified=
verify_proposals() {
  [ -z "$unverified" ] || { say "proposals are not verified: $unverified"; return 0; }
  local journal repository commit fresh=$story_dir/fresh.git
  while IFS= read -r -d '' journal; do
    repository=${journal%/.openexpertise/refs.jsonl}
    rm -rf "$fresh"
    for commit in $(proposal_commits "$journal"); do
      git -C "$repository" cat-file -e "$commit" 2>/dev/null || continue
      [ -e "$fresh" ] || git clone -q --no-checkout "$repository" "$fresh" || fail "no clone of $repository"
      git -c uploadpack.allowAnySHA1InWant=true -C "$fresh" fetch -q origin '+refs/oe/*:refs/oe/*' "$commit" || fail "no fetch from $repository"
      (cd "$fresh" && expect_code 0 oe verify "$commit" && expect_has "$out" "the verdict follows from the evidence") || return 1
    done
    [ ! -e "$fresh/.openexpertise" ] || fail "oe verify made a record in a fresh clone"
  done < <(find "$story_dir" -maxdepth 4 -path '*/.openexpertise/refs.jsonl' -print0)
}

# Everything of the user's own that oe must never change: working tree, index, HEAD, stash, config, refs outside oe/, reflogs.
snapshot() {
  local root; root=$(git rev-parse --show-toplevel)
  local dir; dir=$(cd "$(git rev-parse --git-common-dir)" && pwd)
  (
    cd "$root"
    find . -path ./.git -prune -o -path ./.openexpertise -prune -o -type f -print0 | sort -z | xargs -0 -r sha256sum
    find . -path ./.git -prune -o -path ./.openexpertise -prune -o -printf '%y %m %T@ %p %l\n' | grep -v ' \.$' | sort
    cd "$dir"
    find . \( -path ./objects -o -path ./worktrees -o -path './refs/oe' -o -path './refs/heads/oe' -o -path './logs/refs/heads/oe' \) -prune -o -type f \
      -print0 | sort -z | xargs -0 -r sha256sum
  )
}
# expect_unchanged SNAPSHOT WHEN: shows only what differs.
expect_unchanged() {
  local changes; changes=$(diff <(printf '%s\n' "$1") <(snapshot)) || fail "not as it was, $2: $changes"
}
