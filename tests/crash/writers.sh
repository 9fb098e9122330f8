#!/usr/bin/env bash
# writers.sh [all|MOST [KIND [COMMAND [NUMBER HOW ENDING]]]]: every command that writes refs or hooks is killed before and after
# every call by which it changes a file of the repository or starts a program (MOST: at so many of them, by RANDOM_SEED). What is
# the user's is as it was, or wholly as it would be; then the command is typed again and comes to the end that it has when
# nobody kills it, or oe undo takes it back. KIND: one of those in desk.py, by
# turns; with all the others that one case is repeated.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
export OE=${OE:-$here/../../build/release/bin/oe} PYTHONDONTWRITEBYTECODE=1
export OE_FAULT_LIBRARY=${OE_FAULT_LIBRARY:-$(dirname "$OE")/liboe-fault.so}
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0; export ASAN_OPTIONS
exec python3 "$here/writers.py" "$@"
