#!/bin/sh
# Put here by `oe hooks install`; `oe hooks uninstall` takes it away. A hook that was here before goes first, from beside.
before=${0%/*}/@HOOK@.before-oe
if [ -x "$before" ]; then @BEFORE@ || exit; fi
oe=$(command -v oe-hook) || oe=@PROGRAM@
[ -x "$oe" ] || exit 0
"$oe" @HOOK@ "$@"
[ $? != 1 ]
