#!/usr/bin/env bash
# Several generations with a model: several tries, what failed is told, and the best of as many proposals without evolution is
# run beside it. A program stands for the model.
. "$(dirname "$0")/lib/harness.bash"
for key in ANTHROPIC_API_KEY OPENAI_API_KEY GEMINI_API_KEY OLLAMA_HOST; do unset $key; done
new_repo steps
cat >experience.yaml <<'YAML'
name: steps
version: 0.1.0
state: { schema: {} }
graph:
  nodes:
    - { id: fetch, kind: command, run: [sleep, "0.5"], timeout_ms: 300 }
    - { id: build, kind: command, run: [sleep, "0.5"], timeout_ms: 300 }
  edges: [{ from: fetch, to: build }]
YAML
commit_all "the workflow"
head=$(git rev-parse HEAD)
expect_code 1 oe run
before=$(snapshot)

# Knows a few ideas for the workflow as it is and a few for what its trials show; says the first one that it was not told.
cat >"$story_dir/ask.py" <<'PY'
import json, os, re, sys
question = json.load(sys.stdin)
text = question["turns"][0]["text"]
with open(os.environ["HOME"] + "/asked", "a") as log: log.write(json.dumps(text) + "\n")
first = [("Hardly more time for fetch", "fetch", "timeout_ms", "350"), ("Enough time for fetch", "fetch", "timeout_ms", "5000"),
         ("More than enough for fetch", "fetch", "timeout_ms", "9000"), ("Slightly more for fetch", "fetch", "timeout_ms", "360")]
later = [("Enough time for build", "build", "timeout_ms", "5000"), ("Hardly more time for build", "build", "timeout_ms", "350")]
told = text.partition("# Ideas of this search")[2]
new = [idea for idea in (later if "t-new-" in text else first) if idea[0] + "\n" not in told][:1]
def cited(node):
    run, event = re.search(r"- run (\S+) event (\d+): node %s " % node, text).groups()
    return [{"run": run, "event": int(event)}]
print(json.dumps({"usd": 0.001, "value": {"proposals": [
    {"operation": "tune-param", "title": title, "rationale": "It is cut off.", "confidence": "high",
     "evidence": cited(node), "node": node, "parameter": name, "value": value} for title, node, name, value in new]}}))
PY
model="--llm=command:python3 $story_dir/ask.py"

say "two tries a round, two generations; the budget for models is kept"
expect_code 0 oe evolve --advisor llm "$model" --tries 2 --generations 2 --budget 10min
expect_unchanged "$before" "working tree, index, HEAD, stash, config, refs"
expect_has "$out" "not proven  Hardly more time for fetch"
expect_has "$out" "committed  Enough time for fetch"
expect_has "$out" "committed  Enough time for build"
expect_has "$out" "not proven  Hardly more time for build"
build=$(git branch --list 'oe/tune-param/build/*' --format '%(refname:short)')
expect_same "$(git rev-list --count "$head..$build")" 2 "commits of the stacked branch"

say "the baseline is as many proposals without evolution, and the best of both are run anew"
expect_has "$out" "committed  More than enough for fetch"
expect_has "$out" "arm:     baseline"
expect_has "$out" "baseline: best of 4 without evolution, beside 4 in 2 generations"
expect_has "$out" "(Enough time for build) beside the best single proposal"
expect_has "$out" ": better: success"

say "each question says what must not be proposed again, and the later ones why"
python3 - "$HOME/asked" <<'PY'
import json, sys
texts = [json.loads(line) for line in open(sys.argv[1])]
ideas = [text.partition("# Ideas of this search")[2] for text in texts]
assert len(texts) == 6, len(texts)
assert ideas[0] == "" and "Hardly more time for fetch\nis being tried already" in ideas[1], ideas[1]
assert "Hardly more time for fetch\nits trial did not show what it promised (not enough evidence): " in ideas[2], ideas[2]
assert "Enough time for fetch\nis proven, and part of the workflow that you see" in ideas[2], ideas[2]
assert "Enough time for build\nis being tried already" in ideas[3], ideas[3]
for baseline in ideas[4:]:
    assert "did not show" not in baseline and "for build" not in baseline, baseline
PY

say "a record answers each try by its own question, without the model"
git for-each-ref --format '%(refname:short)' refs/heads/oe | xargs git branch -qD
rm "$story_dir/ask.py"
expect_code 0 oe evolve --advisor llm --replay --tries 2 --dry-run
expect_has "$out" "proposed  Hardly more time for fetch"
expect_has "$out" "proposed  Enough time for fetch"
