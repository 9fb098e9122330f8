# The workflows that run_overhead.sh measures, and the same work for ninja. 1,000 pieces each.

# workflow DIRECTORY NODES [EDGES [FIELDS]]: in a repository of its own.
workflow() {
  mkdir "$1" && git -C "$1" init -q
  { echo "name: $1"; echo 'version: 0.1.0'; echo 'state:'; echo '  schema:'; echo "${4:-    {\}}"
    echo 'graph:'; echo '  nodes:'; echo "$2"
    if [ -n "${3:-}" ]; then echo '  edges:'; echo "$3"; else echo '  edges: []'; fi; } >"$1/experience.yaml"
}
argv_nodes()  { seq 1000 | sed 's/.*/    - { id: n&, kind: command, run: ["true"] }/'; }
shell_nodes() { seq 1000 | sed 's/.*/    - { id: n&, kind: command, run: "true" }/'; }
tool_nodes()  { seq 1000 | sed 's|.*|    - { id: n&, kind: tool, impl: ./tool.mjs, writes: [f&], args: { field: f& } }|'; }
fields()      { seq 1000 | sed 's/.*/    f&: { type: number }/'; }
edges()       { seq 999 | awk '{printf "    - { from: n%d, to: n%d }\n", $1, $1 + 1}'; }
list_field()  { echo '    items: { type: array }'; }
each_node() {
  echo '    - { id: list, kind: command, run: ["seq", "1000"], output: lines, writes: [items] }'
  echo '    - { id: each, kind: command, run: ["sleep", "0.01"], for_each: { source: $.items, concurrency: 1000 } }'
}

# ninja_file chained|alone: ninja gives each command to a shell.
ninja_file() {
  echo 'rule t'; echo '  command = true'; echo 'build o0: phony'
  if [ "$1" = chained ]; then seq 1000 | awk '{printf "build o%d: t o%d\n", $1, $1 - 1}'
  else seq 1000 | awk '{printf "build o%d: t\n", $1}'; fi
  echo "build all: phony $(seq 1000 | sed 's/^/o/' | tr '\n' ' ')"; echo 'default all'
}
