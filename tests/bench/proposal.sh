#!/usr/bin/env bash
# One proposal, without a trial: written out, checked and made a commit in this process, in repositories of 100 and of 100,000 files,
# beside the usual way with git: a worktree, `git apply`, `git commit`. And the worktree of a trial, which holds what the workflow needs.
# Usage: tests/bench/proposal.sh [FILES...]   100 100000
#   BENCH  the directory of proposal_bench (build/release/bin); made with cmake --build build/release --target proposal_bench
# Ends with 1 when a check takes 5 ms or more, or a trial's worktree at the last size over three times that at the first.
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
bench=${BENCH:-$top/build/release/bin}/proposal_bench
[ -x "$bench" ] || { echo "there is no $bench; see the head of $0" >&2; exit 2; }
[ $# -gt 0 ] || set -- 100 100000
scratch=$(mktemp -d); trap 'rm -rf "$scratch"' EXIT
export HOME=$scratch GIT_CONFIG_NOSYSTEM=1 LC_ALL=C.UTF-8
git config --global user.name "Ada Tester"; git config --global user.email ada@example.com
git config --global init.defaultBranch main; git config --global gc.auto 0

# repository FILES: so many files of a line in directories of a hundred, and a workflow in flow/.
repository() {
  git init -q "$scratch/$1" && cd "$scratch/$1"
  { echo 'commit refs/heads/main'; echo 'committer Ada Tester <ada@example.com> 1767225600 +0000'; echo 'data 6'; echo files
    seq "$1" | awk '{printf "M 100644 inline src/%d/%d/file%d.txt\ndata %d\n%d\n", $1 / 10000, $1 / 100, $1, length($1) + 1, $1}'
  } | git fast-import --quiet
  git reset -q --hard
  mkdir flow && { echo 'name: flow'; echo 'version: 0.1.0'; echo 'state: { schema: {} }'; echo 'graph:'; echo '  nodes:'
    for i in $(seq 25); do echo "    - { id: n$i, kind: command, run: [\"true\"], timeout_ms: 1000 }"; done; echo '  edges: []'; } >flow/experience.yaml
  git add flow && git commit -qm workflow
  sed 's/id: n7, \(.*\)timeout_ms: 1000/id: n7, \1timeout_ms: 5000/' flow/experience.yaml >"$scratch/after"
  diff -u --label a/flow/experience.yaml --label b/flow/experience.yaml flow/experience.yaml "$scratch/after" >"$scratch/$1.diff" || true
}
now() { date +%s%N; }
# peer FILES: ms of the way with git, the median of three; of many files once.
peer() {
  local rounds=3; [ "$1" -le 10000 ] || rounds=1
  for _ in $(seq "$rounds"); do
    local begin; begin=$(now)
    git worktree add -q --detach "$scratch/tree" HEAD
    (cd "$scratch/tree" && git apply "$scratch/$1.diff" && git commit -qam proposal)
    git worktree remove --force "$scratch/tree"
    echo $((($(now) - begin) / 1000000))
  done | sort -n | sed -n "$(((rounds + 1) / 2))p"
}

echo "load when it began: $(cut -d' ' -f1-3 /proc/loadavg), $(nproc) processors"
# Ours first, at all sizes: ext4 is slow to give out inodes for some seconds after the many removals of the peer.
bad=0 first=
for files; do
  repository "$files"
  read -r _ check _ worktree < <("$bench" . flow/experience.yaml n7)
  printf '%7d files: checked in %6.2f ms (at most 5), a worktree for a trial in %6.2f ms\n' "$files" "$check" "$worktree"
  first=${first:-$worktree}
  awk -v check="$check" -v one="$first" -v now="$worktree" 'BEGIN {exit check >= 5 || now > 3 * one + 1}' || bad=1
done
for files; do
  cd "$scratch/$files"
  printf '%7d files: git worktree add, apply and commit in %d ms\n' "$files" "$(peer "$files")"
done
exit $bad
