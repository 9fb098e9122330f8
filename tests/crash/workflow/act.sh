#!/bin/sh
# act.sh SECONDS: notes the attempt with one write, does its side effect once whatever comes, and takes its time.
printf '%s %s\n' "$OE_IDEMPOTENCY_KEY" "$OE_ATTEMPT" >>"$CRASH_EFFECTS/attempts"
mkdir -p "$CRASH_EFFECTS/done/$OE_IDEMPOTENCY_KEY/+"
sleep "$1"
