#!/usr/bin/env bash
# Saying yes and no: accept lands on the current branch or refuses, reject is for ever.
. "$(dirname "$0")/lib/harness.bash"
new_repo release && copy_example release-check && commit_all "the workflow"
oe run >/dev/null || true
oe evolve >/dev/null
branch_of() { git branch --list "oe/$1/*" --format '%(refname:short)' | while read -r b; do
  if git diff "main..$b" | grep "^[+].*$2" >/dev/null; then echo "$b"; fi; done; }
add_node=$(branch_of add-node check_dependencies)
timeout=$(branch_of tune-param timeout_ms)
case_branch=$(branch_of add-dataset-case item)
id_of() { printf '%s\n' "${1##*/}"; }

say "proposal show gives reason, evidence, trial and diff"
expect_code 0 oe proposal show "$(id_of "$timeout")"
for word in timeout_ms evidence trial "diff --git" "oe accept"; do expect_has "$out" "$word"; done
expect_code 3 oe proposal show nosuch
expect_has "$out" "names no proposal"

say "accept refuses when a file that it touches is dirty, and changes nothing"
echo '# mine' >>experience.yaml
expect_code 1 oe accept "$(id_of "$timeout")"
expect_has "$out" "experience.yaml"
expect_same "$(tail -n 1 experience.yaml)" "# mine"
git checkout -q experience.yaml

say "an unrelated dirty file does not stand in the way"
echo more >>package/README.md
expect_code 0 oe accept "$(id_of "$timeout")"
expect_has "$(git status --porcelain)" " M package/README.md"
git checkout -q package/README.md
expect_same "$(git log --oneline | wc -l)" 2
expect_lacks "$(git branch --list 'oe/*')" "$timeout"
expect_code 3 oe accept "$(id_of "$timeout")"
expect_has "$out" "not open"

say "the next one is cherry-picked onto what the branch has become"
expect_code 0 oe accept "$add_node"
expect_same "$(git log --oneline | wc -l)" 3
expect_code 0 oe validate
[ -e tools/check_dependencies.mjs ] || fail "the tool of the new node is missing"

say "what was accepted helps: the run reaches its end"
expect_code 0 oe run
expect_has "$(oe state verdict)" '"go"'

say "reject deletes the branch and is remembered"
[ -n "$case_branch" ] || fail "no case was proposed"
expect_code 2 oe reject "$(id_of "$case_branch")"
expect_code 0 oe reject "$(id_of "$case_branch")" --why "covered elsewhere"
expect_same "$(git branch --list "$case_branch")" ""
first=$(oe runs | tail -n 1 | cut -d ' ' -f 1)
expect_code 0 oe evolve "$first"
expect_same "$(git branch --list "$case_branch")" ""
expect_has "$out" "rejected before"
expect_has "$(oe proposals --all)" "rejected"
expect_has "$(oe proposals --json)" "covered elsewhere"
