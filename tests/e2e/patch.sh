#!/usr/bin/env bash
# What a model sends as a change: read, held against a commit, mended or refused; files are never touched.
. "$(dirname "$0")/lib/harness.bash"
new_repo patches
naps_workflow >experience.yaml
mkdir tools && printf 'export default () => ({});\n' >tools/a.mjs
commit_all
before=$(git status --porcelain; git ls-files -s; cat experience.yaml)

say "a diff with wrong numbers, in prose and a fence, is mended and becomes one that git takes"
cat >"$story_dir/reply.md" <<'MD'
Here is the change:

```diff
--- a/experience.yaml
+++ b/experience.yaml
@@ -900,9 +1000,7 @@
       for_each: { source: $.naps }
-      timeout_ms: 1200   # long enough, they said
+      timeout_ms: 4000
   edges:
```
MD
expect_code 0 oe patch check "$story_dir/reply.md"
expect_has "$out" "changes experience.yaml"
expect_has "$out" "recount"
oe patch apply --stdout "$story_dir/reply.md" >"$story_dir/made.diff"
git apply --check "$story_dir/made.diff"
expect_has "$(cat "$story_dir/made.diff")" "+      timeout_ms: 4000"
expect_code 0 oe patch check --json - <"$story_dir/reply.md"
expect_has "$out" '"applies": true'
expect_has "$out" '"grade": "repaired"'

say "SEARCH and REPLACE, and a V4A patch, are read, too"
printf 'experience.yaml\n<<<<<<< SEARCH\n      timeout_ms: 1200   # long enough, they said\n=======\n      timeout_ms: 4000\n>>>>>>> REPLACE\n' >"$story_dir/blocks"
expect_code 0 oe patch check "$story_dir/blocks"
printf '*** Begin Patch\n*** Update File: experience.yaml\n@@\n       for_each: { source: $.naps }\n-      timeout_ms: 1200   # long enough, they said\n+      timeout_ms: 4000\n*** End Patch\n' >"$story_dir/v4a"
oe patch apply --stdout "$story_dir/v4a" | git apply --check

say "what has no place, or leaves the tree, is refused with the reason and the nearest place"
sed 's/they said/nobody said/' "$story_dir/reply.md" >"$story_dir/wrong.md"
expect_code 1 oe patch check "$story_dir/wrong.md"
expect_has "$out" "long enough, they said"
expect_code 1 oe patch check --json "$story_dir/wrong.md"
expect_has "$out" '"applies": false'
printf -- '--- /dev/null\n+++ b/../outside\n@@ -0,0 +1 @@\n+x\n' >"$story_dir/outside"
expect_code 1 oe patch check "$story_dir/outside"
printf -- '--- /dev/null\n+++ b/.GIT/hooks/pre-commit\n@@ -0,0 +1 @@\n+x\n' >"$story_dir/hook"
expect_code 1 oe patch check "$story_dir/hook"
: >"$story_dir/empty"; expect_code 1 oe patch check "$story_dir/empty"

say "what the policy refuses is not ok, though it has a place: the file and the reason are told, and nothing is written"
new_file() { printf -- '--- /dev/null\n+++ b/%s\n@@ -0,0 +1 @@\n+x\n' "$1" >"$story_dir/new"; }
for path in .github/workflows/ci.yml tools/hooks/pre-commit yarn.lock .gitattributes; do
  new_file $path
  expect_code 1 oe patch check "$story_dir/new"
  expect_has "$out" "$path"
  expect_code 1 oe patch apply --stdout "$story_dir/new"
  expect_lacks "$out" "@@"
done
new_file .github/workflows/ci.yml
expect_code 1 oe patch check --json "$story_dir/new"
expect_has "$out" '"applies": true'
expect_has "$out" '"allowed": false'
expect_has "$out" '"reason": "policy"'
expect_has "$out" '"path": ".github/workflows/ci.yml"'
expect_has "$out" "denied by default"
new_file tools/b.mjs
expect_code 0 oe patch check --json "$story_dir/new"
expect_has "$out" '"allowed": true'
{ printf -- '--- /dev/null\n+++ b/tools/long.mjs\n@@ -0,0 +1,1501 @@\n'; seq 1501 | sed 's,.*,+// &,'; } >"$story_dir/long"
expect_code 1 oe patch check "$story_dir/long"
expect_has "$out" "1500 are allowed"

say "the policy of the base counts, whatever the working tree says"
mkdir -p .openexpertise flows/mine && printf 'deny: [tools/own]\n' >.openexpertise/policy.yaml
git add -f .openexpertise/policy.yaml && git commit -qm policy && printf 'deny: []\n' >.openexpertise/policy.yaml
new_file tools/own/b.mjs
expect_code 1 oe patch check "$story_dir/new"
expect_has "$out" "tools/own/b.mjs: the policy denies 'tools/own'"
expect_code 0 oe patch check --base HEAD~1 "$story_dir/reply.md"
cp experience.yaml flows/mine && ln -s /etc flows/mine/link && git add flows && git commit -qm flows
new_file flows/mine/tools/own/b.mjs
expect_code 1 oe patch check "$story_dir/new"
expect_has "$out" "flows/mine/tools/own/b.mjs: the policy denies"
for path in flows/mine/link flows/mine/link/passwd; do
  new_file $path
  expect_code 1 oe patch check "$story_dir/new"
  expect_has "$out" "flows/mine/link"
done
git reset -q --hard HEAD~2 && rm -rf flows

say "another commit may be the base"
git apply "$story_dir/made.diff" && git commit -qam longer
expect_code 1 oe patch check "$story_dir/reply.md"
expect_has "$out" "already"
expect_code 0 oe patch check --base HEAD~1 "$story_dir/reply.md"
expect_code 2 oe patch check --base nosuch "$story_dir/reply.md"
git reset -q --hard HEAD~1
expect_same "$(git status --porcelain; git ls-files -s; cat experience.yaml)" "$before"
