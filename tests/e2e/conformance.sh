#!/usr/bin/env bash
# OpenExpertise v0.1.0 files run unchanged: each vector of fixtures/openexpertise gives the state, the status and the outcomes that the
# original's rules say, at every concurrency; and the files found in the wild validate.
. "$(dirname "$0")/lib/harness.bash"
new_repo vectors && cp -R "$top/fixtures/openexpertise/." . && commit_all

cat >compare.py <<'PY'
import json, sys
expected, run, shown = (json.load(open(path)) for path in sys.argv[1:])
got = {"status": run["status"], "state": run["state"], "nodes": {node["id"]: node["outcome"] for node in shown["nodes"]}}
if got != expected:
    sys.exit("expected " + json.dumps(expected, sort_keys=True) + "\ngot      " + json.dumps(got, sort_keys=True))
PY
for vector in */; do
  vector=${vector%/}
  for concurrency in 1 2 8; do
    say "$vector at concurrency $concurrency"
    oe run "$vector" -j "$concurrency" --json >run.json || [ -s run.json ] || fail "$vector did not run"
    oe show last --json >show.json
    python3 compare.py "$vector/expected.json" run.json show.json || fail "$vector at concurrency $concurrency"
  done
done

corpus=$top/../shared/corpus/openexpertise
if [ -d "$corpus" ]; then
  say "files found in the wild have no problems but missing files"
  for file in "$corpus"/*.yaml; do
    out=$(oe validate "$file" || true)
    rest=$(printf '%s\n' "$out" | grep -v 'warning: ' | grep -vE 'does not exist|: valid$' || true)
    [ -z "$rest" ] || fail "$file: $rest"
  done
fi
