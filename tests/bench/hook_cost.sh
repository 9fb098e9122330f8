#!/usr/bin/env bash
# What the hooks add to a commit in a repository of 1,000 files, beside no hook, an empty sh hook, lefthook and pre-commit, in one run:
# rounds in which each takes its turn, medians of the wall and of the processor.
# Usage: tests/bench/hook_cost.sh [ROUNDS]   ROUNDS: 60
#   OE    the oe to measure, with its oe-hook beside it (build/release/bin/oe)
#   BARE  set: leaves lefthook and pre-commit out, which are installed when they are missing (npm in the scratch directory, apt)
# Ends with 1 when a commit that touches no workflow costs more than one with an empty sh hook, or one that does over 8 ms more than
# without a hook. On a machine that does other things at the same time the figures of the processor say more than those of the wall.
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
oe=${OE:-$top/build/release/bin/oe} rounds=${1:-60}
[ -x "$oe" ] && [ -x "${oe%/*}/oe-hook" ] || { echo "there is no $oe with its oe-hook; see the head of $0" >&2; exit 2; }
scratch=$(mktemp -d); trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
lefthook='' precommit=''
if [ -z "${BARE:-}" ]; then
  . "$top/tests/lib/setup.sh"
  (install_missing pre-commit) >/dev/null 2>&1 || true
  npm install --silent --no-fund --no-audit lefthook >/dev/null 2>&1 || true
  precommit=$(command -v pre-commit || true)
  lefthook=$(find "$scratch/node_modules" -path '*linux*/bin/lefthook' -type f 2>/dev/null | head -n 1)
fi
export HOME=$scratch GIT_CONFIG_NOSYSTEM=1 LC_ALL=C.UTF-8
git config --global user.name "Ada Tester"; git config --global user.email ada@example.com
git config --global init.defaultBranch main; git config --global gc.auto 0; git config --global maintenance.auto false
exec python3 "$top/tests/bench/lib/hook_cost.py" "$oe" "$rounds" "$lefthook" "$precommit"
