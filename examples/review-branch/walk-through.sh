#!/usr/bin/env bash
# A review whose three dimensions miss an SQL injection; a model that reads the record proposes the fourth; with it, the
# review catches the injection. In a repository that is thrown away; KEEP=1 keeps it.
#
#   walk-through.sh           offline: the answers come from cassette.jsonl, which was WRITTEN BY HAND. No model is asked.
#   walk-through.sh --live    the same with a real model: the one whose key you have set (ANTHROPIC_API_KEY, ...)
#
# Uses the oe in $OE, else the one on PATH. With a real model the words differ, and so may the outcome.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
case "${1:-}" in
  "") replay=--replay=$here/cassette.jsonl ;;
  --live) replay= ;;
  *) echo "usage: walk-through.sh [--live]" >&2; exit 2 ;;
esac
oe=${OE:-$(command -v oe || true)}
[ -x "$oe" ] || { echo "there is no oe: put it on PATH, or say OE=.../bin/oe" >&2; exit 4; }

scratch=$(mktemp -d)
if [ -n "${KEEP:-}" ]; then echo "kept: $scratch"; else trap 'rm -rf "$scratch"' EXIT; fi
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=$scratch/gitconfig GIT_PAGER=cat XDG_STATE_HOME=$scratch/state
git config --global user.name "Review User"
git config --global user.email review@example.com
git config --global init.defaultBranch main

step() { printf '\n== %s\n' "$*"; }
shown() { printf '$ oe %s\n' "$*"; "$oe" "$@"; }
merges() { "$oe" state verdict | grep -q '"merge": *true'; }

if [ -n "$replay" ]; then
  echo "The answers in this walk-through were written by hand (cassette.jsonl): no model is asked, nothing leaves this machine."
fi

step "A repository with the workflow, and a change to review: look at the lines that build the SQL statement"
mkdir "$scratch/review" && cd "$scratch/review"
cp -R "$here/." .
git init -q && git add . && git commit -qm "Reviews of changes, along three dimensions"
sed -n '/^+def search/,/fetchall/p' change/search-orders.diff

step "The review: three dimensions, every finding checked"
shown run $replay
shown state verdict
first=no; merges && first=yes
echo "to be merged: $first"

step "What a model makes of the record, tried in a worktree and put on a branch"
no_sandbox=; bwrap --ro-bind / / --unshare-all true 2>/dev/null || no_sandbox=--no-sandbox  # a container may not allow it
shown evolve $replay $no_sandbox
branch=$(git branch --list 'oe/add-dataset-case/*' 'oe/add-node/*' --format '%(refname:short)' | head -n 1)
[ -n "$branch" ] || { echo "nothing was proposed and proven"; exit 1; }
git log -p --format='%n%s%n%n%b' "main..$branch"

step "A person accepts it"
shown accept "$branch"

step "The same change, reviewed again"
shown run $replay
shown state verdict
second=no; merges && second=yes
printf '\nto be merged: %s before, %s after\n' "$first" "$second"
[ -z "$replay" ] || { [ "$first" = yes ] && [ "$second" = no ]; }
