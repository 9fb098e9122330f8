# What the measurements share. Times are milliseconds; each `run` goes into a file of its own, one line a round.

# run NAME COMMAND...: wall time and time of the processor (its own and that of its children) into $scratch/NAME.
run() {
  local TIMEFORMAT='%R %U %S' name=$1; shift
  { time "$@" >"$scratch/out" 2>&1; } 2>"$scratch/time" || { echo "failed: $*" >&2; cat "$scratch/out" >&2; exit 1; }
  awk '{printf "%.1f %.1f\n", $1 * 1000, ($2 + $3) * 1000}' "$scratch/time" >>"$scratch/$name"
}
repeat() { local i; for ((i = 0; i < 100; i++)); do "$@"; done; }

# The median of a column of $scratch/NAME: wall NAME, cpu NAME.
median() { sort -n | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }
wall() { awk '{print $1}' "$scratch/$1" | median; }
cpu() { awk '{print $2}' "$scratch/$1" | median; }

# memory COMMAND...: the most memory that its first process had, in MB.
memory() {
  local most=0 now
  "$@" >/dev/null 2>&1 &
  while now=$(awk '/^VmHWM/ {print $2}' "/proc/$!/status" 2>/dev/null) && [ -n "$now" ]; do most=$now; sleep 0.01; done
  wait $! && calc "$most / 1024"
}

calc() { awk "BEGIN {printf \"%.2f\", $1}"; }
# The figure of an engine_bench line by its name: figure wall_us FILE.
figure() { awk -v name="$1" '{for (i = 1; i < NF; i++) if ($i == name) print $(i + 1)}' "$2" | median; }

missed=0
# row WORK FIGURE GOAL DETAIL: one line of the table; a figure above its goal is marked.
row() {
  local verdict=ok
  awk "BEGIN {exit !($2 > $3)}" && verdict=MISSED && missed=$((missed + 1))
  printf '%-34s %8s  at most %-6s %-6s  %s\n' "$1" "$2" "$3" "$verdict" "$4"
}
# versus WORK OURS PEER GOAL WORDS: the ratio of the wall times of two files of rounds; that of the processor beside it.
versus() {
  row "$1" "$(calc "$(wall "$2") / $(wall "$3")")" "$4" \
    "oe $(wall "$2") ms, $5 $(wall "$3") ms; of the processor $(cpu "$2") and $(cpu "$3") ms, ratio $(calc "$(cpu "$2") / $(cpu "$3")")"
}
