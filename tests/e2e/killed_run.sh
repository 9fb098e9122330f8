#!/usr/bin/env bash
# oe killed at random moments and at calls that change the record, and out of space there: it goes on as if nothing had been.
# A slice of what tests/nightly.sh does.
. "$(dirname "$0")/lib/harness.bash"

if [ "${OE_SLOW_BUILD:-0}" = 1 ]; then kills=5 step=29; else kills=10 step=13; fi
say "kills at random moments"
"$top/tests/crash/kill_run.sh" $kills 1
say "kills and a full disk at every ${step}th call"
"$top/tests/crash/boundaries.sh" $step
