#!/bin/sh
# Put here by `oe hooks install`; `oe hooks uninstall` takes it away. A hook that was here before goes first, from beside.
before=${0%/*}/@HOOK@.before-oe
input=$(cat)
feed() { if [ -n "$input" ]; then printf '%s\n' "$input"; fi; }
if [ -x "$before" ]; then feed | @BEFORE@ || exit; fi
oe=$(command -v oe-hook) || oe=@PROGRAM@
[ -x "$oe" ] || exit 0
feed | "$oe" @HOOK@ "$@"
[ $? != 1 ]
