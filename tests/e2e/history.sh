#!/usr/bin/env bash
# The history with its runs and proposals: what was promised, what came of it, and what is taken back when nothing did. No
# command of it touches what is the user's.
. "$(dirname "$0")/lib/harness.bash"
new_repo letters && letters_workflow
sed -i '1i if [ -e down ]; then echo asleep >&2; exit 1; fi' tools/fetch.sh
commit_all "the workflow"

# json EXPRESSION: of the document on standard input, as `it`.
json() { node -e 'const it = JSON.parse(require("fs").readFileSync(0, "utf8")); console.log(eval(process.argv[1]));' "$1"; }
# runs COUNT: each begins with the far end asleep.
runs() { for _ in $(seq "$1"); do rm -f .awake; oe run >/dev/null 2>&1 || true; done; rm -f .awake; }
# untouched COMMAND...: it works, and all that is the user's stays byte for byte as it was.
untouched() {
  local before; before=$(snapshot)
  expect_code 0 "$@"
  expect_unchanged "$before" "after $*"
}

say "runs belong to the commits that they were of"
oe run >/dev/null 2>&1 || true; oe run >/dev/null
rm -f .awake
expect_code 0 oe evolve # with two runs: of eight or more some would be held out
evolved=$out
runs 8
untouched oe log
expect_has "$out" "the workflow (Ada Tester)"
expect_has "$out" "10 runs of experience.yaml"
expect_has "$out" "1 success"
untouched oe log --json
expect_same "$(oe log --json | json 'it.commits[0].runs.length')" 10

say "a proposal that became history says how, and what it promised"
branch=$(git branch --list 'oe/tune-param/fetch/*' --format '%(refname:short)' | head -n 1)
[ -n "$branch" ] || fail "no proposal: $evolved"
id=${branch##*/}
git merge -q --no-ff -m "Merge what oe proposed" "$branch"
expect_code 0 oe log
expect_has "$out" "proposal $id became history"
untouched oe log
expect_has "$out" "proposal $id merged: "
expect_has "$out" "promised: success of fetch"
untouched oe log README.md
expect_has "$out" "no run and no proposal"

say "whether it came true is not known before runs tell"
untouched oe proposals --calibration
expect_has "$out" "$id  not known yet"
expect_has "$out" "nothing was run since"

say "the far end goes down for good, and the gain does not come"
touch down && commit_all "the far end is down"
runs 8
untouched oe proposals --calibration
expect_has "$out" "$id  did not come true"
expect_same "$(oe proposals --calibration --json | json 'it.all.broken')" 1

say "then it is proposed to take it back, with its evidence"
before=$(snapshot)
expect_code 0 oe evolve
expect_unchanged "$before" "after oe evolve"
revert=$(git branch --list 'oe/revert/fetch/*' --format '%(refname:short)')
[ -n "$revert" ] || fail "no revert: $out"
expect_has "$(git log -1 --format=%B "$revert")" "Oe-Reverts: $id"
expect_has "$(git log -1 --format=%B "$revert")" "promised"
expect_same "$(git show "$revert:experience.yaml")" "$(git show "HEAD~2:experience.yaml")"
expect_code 0 oe verify "$revert"
expect_has "$out" "the promise is the one that was made"
expect_code 0 oe proposal show "$revert"
expect_has "$out" "takes back  $id"

say "rejected, it is never proposed again; accepted, what it took back is not either"
expect_code 0 oe reject "$revert" --why "it will come back"
expect_code 0 oe evolve
expect_same "$(git branch --list 'oe/revert/*')" ""
expect_has "$out" "rejected before"

say "who put a value there, what it promised and what came of it"
untouched oe blame "experience.yaml#fetch"
expect_has "$out" "on_error"
expect_has "$out" "proposal $id merged"
expect_has "$out" "did not come true"
first=$(git rev-list --max-parents=0 HEAD)
untouched oe blame experience.yaml --json
expect_same "$(oe blame experience.yaml --json | json 'it.places.find((one) => one.pointer === "/graph/nodes/0").commit')" "$first"
expect_code 3 oe blame "experience.yaml#fetsh"
expect_has "$out" "did you mean 'fetch'?"

say "which commit made it worse: by the runs that there are, and by new ones where they do not tell"
new_repo "$story_dir/steps"
flow() { printf 'name: steps\nversion: 0.1.0\nstate: { schema: {} }\ngraph:\n  nodes:\n    - { id: fetch, kind: command, run: [sh, -c, "%s"] }\n  edges: []\n%s' "$1" "${2:-}"; }
flow true >experience.yaml && commit_all "it works"
for _ in $(seq 9); do oe run >/dev/null; done
flow true '# a word' >experience.yaml && commit_all "a word more" && oe run >/dev/null
flow false '# a word' >experience.yaml && commit_all "a clever idea" && { oe run >/dev/null || true; }
flow false '# two words' >experience.yaml && commit_all "another word"
culprit=$(git rev-parse HEAD~1)
for _ in $(seq 9); do oe run >/dev/null || true; done
untouched_bisect() {
  local before; before=$(snapshot)
  expect_code "$1" oe bisect $no_sandbox "${@:2}"
  expect_unchanged "$before" "after oe bisect"
}
untouched_bisect 1 --stored "success of fetch"
expect_has "$out" "one of these"
expect_has "$out" "stored runs do not say more"
untouched_bisect 0 "success of fetch" --json
expect_same "$(printf '%s' "$out" | json 'it.suspects.map((one) => one.commit).join()')" "$culprit"
untouched_bisect 1 "success of fetch" --budget 1runs
expect_has "$out" "left no room for more runs"
expect_code 3 oe bisect "sucess"
expect_has "$out" "did you mean 'success'?"
expect_same "$(git worktree list | wc -l)" 1

say "in a repository that libgit2 cannot read, too"
mkdir "$story_dir/long" && cd "$story_dir/long" && git init -q --object-format=sha256
flow true >experience.yaml && commit_all "it works" && oe run >/dev/null
untouched oe log
expect_has "$out" "1 run of experience.yaml: 1 success"
untouched oe blame "experience.yaml#fetch"
expect_has "$out" "it works"
untouched oe proposals --calibration
