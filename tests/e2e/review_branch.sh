#!/usr/bin/env bash
# The walk-through of examples/review-branch, offline: three dimensions miss an SQL injection, a model proposes the fourth.
. "$(dirname "$0")/lib/harness.bash"
command -v node >/dev/null || exit 125

say "the walk-through runs from its cassette, and says that the answers were written by hand"
for key in ANTHROPIC_API_KEY OPENAI_API_KEY GEMINI_API_KEY; do unset $key; done
expect_code 0 "$top/examples/review-branch/walk-through.sh"
expect_has "$out" "written by hand"
expect_has "$out" "committed  Review changes for security, too"
expect_has "$out" "covers one more case"
expect_has "$out" "to be merged: yes before, no after"

say "by hand: the model alone, with nothing that it could be asked, is an error; beside the rules it is a note"
new_repo review && copy_example review-branch && commit_all
expect_code 0 oe run --replay="$top/examples/review-branch/cassette.jsonl"
grep -v evolve/advise cassette.jsonl >other.jsonl
expect_code 4 oe evolve --advisor llm --replay=other.jsonl
expect_has "$out" "evolve/advise#1"
expect_code 0 oe evolve --advisor both --replay=other.jsonl
expect_has "$out" "only the rules have advised"
expect_code 4 oe evolve --advisor llm

say "what a person has rejected stays rejected"
expect_code 0 oe evolve --replay=cassette.jsonl
branch=$(git branch --list 'oe/*' --format '%(refname:short)')
expect_code 0 oe reject "$branch" --why "security has a tool of its own"
expect_code 0 oe evolve --replay=cassette.jsonl
expect_has "$out" "rejected before"
expect_same "$(git branch --list 'oe/*')" ""

say "what a program in place of a model says is recorded, and replays without it: the same question, byte for byte"
cd "$story_dir" && new_repo asked && copy_example review-branch && commit_all
cat >"$story_dir/ask.py" <<'PY'
import json, sys
question = json.load(sys.stdin)
text, said = question["turns"][0]["text"], {}
for line in open("cassette.jsonl"):
    call = json.loads(line)
    said[call["place"]] = call["answer"]["value"]
if question["system"]:
    place = "evolve/advise#1"
elif "A reviewer claims" in text:
    place = next(p for p in said if p.startswith("verify/") and said[p]["verified"][0]["title"] in text)
else:
    place = next(p for p in said if p.startswith("review/") and said[p]["findings"][0]["dimension"] + "." in text.split("\n")[0])
print(json.dumps({"value": said[place], "usd": 0.001}))
PY
model="--llm=command:python3 $story_dir/ask.py"
expect_code 0 oe run "$model"
expect_code 0 oe evolve --advisor llm "$model"
expect_has "$out" "covers one more case"
expect_same "$(git branch --list 'oe/*' | wc -l)" 1
rm "$story_dir/ask.py"
expect_code 0 oe evolve --advisor llm --replay
expect_has "$out" "is open already"
expect_code 4 oe evolve --advisor llm "$model"
expect_has "$out" "no advice"
