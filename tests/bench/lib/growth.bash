# The doubling test: twice the work takes at most 2.3 times the time of the processor, the memory and the disk.

# doubles WORK ONCE TWICE, where ONCE and TWICE are the words of engine_bench.
doubles() {
  local name=${1//[^a-z]/}
  for _ in 1 2 3; do
    "$bench/engine_bench" $2 >>"once_$name"
    "$bench/engine_bench" $3 >>"twice_$name"
  done
  local of; of() { calc "$(figure "$1" "twice_$name") / ($(figure "$1" "once_$name") + 0.001)"; }
  row "twice the $1, time" "$(of cpu_s)" 2.3 "$2: $(figure cpu_s "once_$name") s of the processor"
  row "twice the $1, memory" "$(of ram_mb)" 2.3 "$(figure ram_mb "once_$name") MB, then $(figure ram_mb "twice_$name") MB"
  row "twice the $1, disk" "$(of disk_mb)" 2.3 "$(figure disk_mb "once_$name") MB, then $(figure disk_mb "twice_$name") MB"
}

doubles 'nodes'                  "chain $((many / 4))"       "chain $((many / 2))"
doubles 'nodes with own fields'  "fields $((many / 10))"     "fields $((many / 5))"
doubles 'items'                  "each $((many / 4)) 0 8"    "each $((many / 2)) 0 8"
doubles 'streamed items'         "stream $((many / 4))"      "stream $((many / 2))"
doubles 'appends to one list'    "append $((many / 10)) 100" "append $((many / 5)) 100"
doubles 'bytes in the state'     'append 100 200000'         'append 100 400000'

"$bench/engine_bench" stream $((10 * many)) >streamed
row "$((10 * many)) streamed items, MB" "$(figure peak_mb streamed)" 64 \
    "$(figure cpu_us streamed) us of the processor an item, $(figure disk_mb streamed) MB on disk"
"$bench/engine_bench" sleeps $((many / 10)) 2000 >asleep
row "$((many / 10)) attempts asleep, s over one" "$(calc "$(figure wall_s asleep) - 2")" 1 \
    "$(figure at_once asleep) at once, $(figure cpu_us asleep) us of the processor each, $(figure peak_mb asleep) MB"
