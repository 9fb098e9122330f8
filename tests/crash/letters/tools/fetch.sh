test -e .awake || { touch .awake; echo asleep >&2; exit 1; }
