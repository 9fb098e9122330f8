#!/usr/bin/env bash
# Checks every include of src and include against the map of the rooms: "oe/<room>/..." may only point to a strictly lower layer (or the
# room itself), a foreign header may only be included by the rooms that own it.
set -euo pipefail
cd "${1:-$(dirname "$0")/../..}"
awk '
BEGIN {
  split("base 0 stats 1 sys 1 doc 2 http 2 db 2 git 2 graph 3 patch 3 ledger 3 forge 3 llm 4 formats 5 exec 5 report 5 hooks 5 engine 6 evolve 7 cli 8", t, " ")
  for (i = 1; i in t; i += 2) layer[t[i]] = t[i + 1]
  owner["yaml.h"] = "doc"; owner["git2"] = "git"; owner["git2.h"] = "git"; owner["SQLiteCpp"] = "db"; owner["sqlite3.h"] = "db"
  owner["curl"] = "http"; owner["asio"] = "sys"; owner["asio.hpp"] = "sys"; owner["CLI"] = "cli"; owner["sodium"] = "base"; owner["sodium.h"] = "base"
  owner["dlfcn.h"] = "sys"; owner["re2"] = "graph"; owner["valijson"] = "llm"
  anywhere["nlohmann"] = anywhere["fmt"] = anywhere["tl"] = 1
}
function complain(text) { print FILENAME ":" FNR ": " text; bad = 1 }
FNR == 1 { split(FILENAME, p, "/"); room = p[1] == "include" ? p[3] : FILENAME == "src/main.cpp" ? "cli" : p[2]; files++ }
!(room in layer) { if (FNR == 1) complain("no such room: " room); next }
/^#include "oe\// {
  split($2, q, "/"); other = q[2]; arrows++
  if (!(other in layer)) complain("no such room: " other)
  else if (other != room && layer[other] >= layer[room]) complain("arrow points up: " room " (" layer[room] ") -> " other " (" layer[other] ")")
}
/^#include </ {
  name = $2; gsub(/[<>]/, "", name); top = name; sub(/\/.*/, "", top)
  if (top in owner && owner[top] != room) complain("foreign library of room " owner[top] ": " name)
  if (name == "nlohmann/json.hpp" && FILENAME ~ /\.hpp$/) complain("headers take <nlohmann/json_fwd.hpp>")
  if (name == "regex") complain("std::regex is banned; use RE2")
}
END { if (!bad) printf "%d files, %d arrows, all of them downwards\n", files, arrows; exit bad }
' $(git ls-files -co --exclude-standard 'include/*.hpp' 'src/*.cpp' 'src/*.hpp')
