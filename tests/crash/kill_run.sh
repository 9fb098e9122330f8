#!/usr/bin/env bash
# kill_run.sh [KILLS] [SEED] [FIRST]: oe run is killed with SIGKILL at random moments, resumed, and compared with a run that was let be.
# FIRST is the number of the first case, so that a single one can be repeated.
#   WORKFLOW  of tests/crash/workflow: experience.yaml, with every construct, or long.yaml, with thousands of items
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
export OE=${OE:-$here/../../build/release/bin/oe} WORKFLOW=${WORKFLOW:-experience.yaml} PYTHONDONTWRITEBYTECODE=1
exec python3 "$here/kill_run.py" "${1:-500}" "${2:-$RANDOM}" "${3:-0}"
