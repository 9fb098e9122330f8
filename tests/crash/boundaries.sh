#!/usr/bin/env bash
# boundaries.sh [STEP [COMMAND NUMBER HOW]]: oe run, oe resume and oe answer are struck at every STEP-th call that changes a file of the
# record: killed before, after or in the middle of it (half: half of the bytes of a write, most: all but the last), or out of space from
# there on (full) or just there (hiccup). Then they go on as if nothing had been.
# With COMMAND (run, resume, answer), NUMBER and HOW that one case is repeated.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
export OE=${OE:-$here/../../build/release/bin/oe} PYTHONDONTWRITEBYTECODE=1
export OE_FAULT_LIBRARY=${OE_FAULT_LIBRARY:-$(dirname "$OE")/liboe-fault.so}
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0; export ASAN_OPTIONS
exec python3 "$here/boundaries.py" "${@:-1}"
