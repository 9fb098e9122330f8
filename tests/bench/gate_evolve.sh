#!/usr/bin/env bash
# What `oe evolve` itself accepts, whole: recorded runs, an advisor, trials in worktrees, the gate, branches.
# Null test: candidates that change nothing that matters, of noisy nodes: a longer timeout for a node that fails by chance and
# never times out, an argument that its tool does not read, and a longer timeout for a node of random duration. Of ten invocations
# nine try one of them, in turns, with the whole of alpha, and one tries all three, with a third of it each. Power test: a retry
# for a node that fails by chance, whose effect is known. The advisor is a program (provider `command`).
# Usage: tests/bench/gate_evolve.sh [NULL_INVOCATIONS [POWER_INVOCATIONS [JOBS]]]   100 20 2
#   OE  the oe to measure (build/release/bin/oe)
# Ends with 1 when more than 5 % of the null invocations open a branch (beyond what chance allows at that number), or when fewer of
# the planted improvements are found than docs/gate.md promises within 40 pairs.
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
oe=${OE:-$top/build/release/bin/oe} nulls=${1:-100} powers=${2:-20} jobs=${3:-2}
[ -x "$oe" ] || { echo "there is no $oe; build it first" >&2; exit 2; }
scratch=$(mktemp -d); trap 'chmod -R u+w "$scratch"; rm -rf "$scratch"' EXIT
export HOME=$scratch GIT_CONFIG_NOSYSTEM=1 LC_ALL=C.UTF-8
git config --global user.name "Ada Tester"; git config --global user.email ada@example.com
git config --global init.defaultBranch main
sandbox=; bwrap --ro-bind / / --unshare-all true 2>/dev/null || sandbox=--no-sandbox

# workflow NAME PERCENT ANSWER: a repository whose node `flaky` fails that often, six runs of it, and what the advisor answers.
workflow() {
  git init -q "$scratch/$1" && cd "$scratch/$1"
  cat >experience.yaml <<YAML
name: $1
version: 0.1.0
models:
  advisor: own
  own: { provider: command, command: [./advise.sh] }
state: { schema: { done: { type: string } } }
graph:
  nodes:
    - { id: flaky, kind: command, run: [sh, flaky.sh, "$2"], timeout_ms: 10000, args: { unused: 1 } }
    - { id: slow, kind: command, run: [sh, slow.sh], timeout_ms: 10000, writes: [done] }
  edges: []
YAML
  # A kernel's UUID is four random bytes and more, without a process to read them.
  local chance='read -r uuid </proc/sys/kernel/random/uuid; chance=$((0x${uuid%%-*}))'
  echo "$chance; "'[ $((chance % 100)) -ge "$1" ] || { echo "the far end is busy" >&2; exit 1; }' >flaky.sh
  echo "$chance; "'sleep "0.0$((chance % 4))"; echo done' >slow.sh
  printf '#!/bin/sh\ncat >/dev/null\ncat <<"ANSWER"\n%s\nANSWER\n' "$3" >advise.sh && chmod +x advise.sh
  git add -A && git commit -qm workflow
  local tries=0
  while [ "$tries" -lt 40 ] && [ "$(ls .openexpertise/runs 2>/dev/null | wc -l)" -lt 6 ]; do "$oe" run >/dev/null 2>&1 || true; tries=$((tries + 1)); done
}
tune() {
  printf '{"operation":"tune-param","title":"%s","rationale":"it fails at times","confidence":"high","node":"%s","parameter":"%s","value":"%s","evidence":%s}' \
    "$1" "$2" "$3" "$4" "${5:-[]}"
}
answer() { local IFS=,; printf '{"text": %s}' "$(printf '{"proposals":[%s]}' "$*" | node -p 'JSON.stringify(require("fs").readFileSync(0, "utf8"))')"; }

# once NAME NUMBER: a copy of the repository, one invocation; prints "<branches> <pairs of the first proposal>".
once() {
  local copy=$scratch/copies/$1-$2
  mkdir -p "$scratch/copies" && cp -R "$scratch/$1" "$copy" && cd "$copy"
  "$oe" evolve $sandbox --advisor llm --json >out.json 2>err.txt || { cat err.txt >&2; }
  local pairs; pairs=$(ls .openexpertise/trials 2>/dev/null | grep -c '^new-' || true)
  echo "$(git branch --list 'oe/*' | wc -l) $pairs"
  cd "$scratch" && rm -rf "$copy"
}
export -f once; export scratch oe sandbox
many() { seq "$2" | xargs -P "$jobs" -I{} bash -c "once $1 {}" >"$scratch/$1.out"; }
summary() { awk -v name="$2" '{n++; if ($1 > 0) found++; pairs += $2} END {printf "%-44s %5d invocations  %5.1f %% opened a branch  %5.1f trials of a candidate each\n", name, n, 100 * found / n, pairs / n}' "$scratch/$1.out"; }
share() { awk '{n++; if ($1 > 0) found++} END {print found / n}' "$scratch/$1.out"; }

echo "load when it began: $(cut -d' ' -f1-3 /proc/loadavg), $(nproc) processors"
idle=("$(tune 'More time' flaky timeout_ms 20000)" "$(tune 'Another argument' flaky args.unused 2)" "$(tune 'More time' slow timeout_ms 20000)")
workflow idle0 40 "$(answer "${idle[0]}")"
workflow idle1 40 "$(answer "${idle[1]}")"
workflow idle2 40 "$(answer "${idle[2]}")"
workflow idle3 40 "$(answer "${idle[@]}")"
for kind in 0 1 2; do many idle$kind $((nulls * 3 / 10)); done
many idle3 $((nulls - 3 * (nulls * 3 / 10)))
cat "$scratch"/idle[0-2].out >"$scratch/one.out"; cat "$scratch"/idle?.out >"$scratch/none.out"
retry='{\"policy\":\"retry\",\"attempts\":5}'
workflow half 50 "$(answer "$(tune 'Try again' flaky on_error "$retry")")"
workflow most 80 "$(answer "$(tune 'Try again' flaky on_error '{\"policy\":\"retry\",\"attempts\":12}')")"
many half "$powers"; many most "$powers"
summary one   "changes nothing, one candidate"
summary idle3 "changes nothing, three candidates"
summary none  "changes nothing, all"
summary half "success .50 -> .97"
summary most "success .20 -> .93"
# Two standard errors above 5 %: a script that is right may say so by chance in 2 of 100 runs.
awk -v seen="$(share none)" -v n="$nulls" -v half="$(share half)" -v most="$(share most)" 'BEGIN {
  limit = 0.05 + 2 * sqrt(0.05 * 0.95 / n)
  if (seen > limit) { printf "MISSED: %.3f of the null invocations open a branch; %.3f are allowed\n", seen, limit; bad = 1 }
  if (half < 0.8 || most < 0.8) { print "MISSED: too few of the planted improvements are found"; bad = 1 }
  exit bad }'
