#!/usr/bin/env bash
# The main job from end to end, in a repository that is thrown away: run a workflow, learn from the run, look at a proposed branch,
# accept it, run again. Installs and builds what is missing. KEEP=1 keeps the repository.
set -euo pipefail
top=$(cd "$(dirname "$0")/.." && pwd)
. "$top/tests/lib/setup.sh"
cd "$top"
install_missing $BUILD_PACKAGES $RUN_PACKAGES
[ -n "${OE:-}" ] || { build release -DOE_TESTS=OFF; OE=$top/build/release/bin/oe; }

scratch=$(mktemp -d)
[ -n "${KEEP:-}" ] || trap 'rm -rf "$scratch"' EXIT
export HOME=$scratch GIT_CONFIG_NOSYSTEM=1 GIT_PAGER=cat
git config --global user.name "Demo User"
git config --global user.email demo@example.com
git config --global init.defaultBranch main
oe() { "$OE" "$@"; }

step() { printf '\n== %s\n' "$*"; }
shown() { printf '$ %s\n' "$*"; "$@"; }
# Runs that find something wrong end with exit code 1; here that is what they are for.
tried() { printf '$ %s\n' "$*"; "$@" || echo "(exit code $?)"; }
newest_run() { oe runs --limit 1 | cut -d ' ' -f 1; }

step "A fresh repository with the release-check example"
mkdir "$scratch/release" && cd "$scratch/release"
cp -R "$top/examples/release-check/." .
git init -q && git add . && git commit -qm "A release, and the workflow that checks it"
shown oe validate
shown git log --oneline

step "The first run"
tried oe run
first=$(newest_run)

step "What the run shows, as proposals: each one proven in a worktree and committed on a branch of its own"
no_sandbox=; bwrap --ro-bind / / --unshare-all true 2>/dev/null || no_sandbox=--no-sandbox  # a container may not allow it
shown oe evolve $no_sandbox
shown oe proposals
shown git branch --list 'oe/*'
shown git status --short

step "One of the branches, as git shows it"
branch=$(git branch --list 'oe/add-node/*' --format '%(refname:short)' | head -n 1)
shown git log -p "main..$branch"

step "Accept the proposals that let the run reach its end"
for branch in $(git branch --list 'oe/add-node/*' 'oe/tune-param/check_page/*' --format '%(refname:short)'); do
  tried oe accept "$branch"
done
shown git log --oneline

step "The same workflow again, with what was accepted"
tried oe run
second=$(newest_run)
shown oe state verdict

step "Before and after"
shown oe diff "$first" "$second"

step "What is still open"
shown oe proposals
operations=$(oe proposals --json | grep -o '"operation": "[a-z-]*"' | sort -u | wc -l)
accepted=$(oe proposals --json | grep -c '"status": "accepted"' || true)
failures() { oe show "$1" --json | grep -cE '"outcome": "(failed|timed_out|skipped)"' || true; }
before=$(failures "$first") after=$(failures "$second")
printf '\n%s kinds of proposal, %s accepted; attempts and nodes that failed or were skipped: %s before, %s after\n' \
  "$operations" "$accepted" "$before" "$after"
[ "$operations" -ge 3 ] && [ "$accepted" -ge 1 ] && [ "$after" -lt "$before" ]
