#!/usr/bin/env bash
# From a run with weaknesses to proposal branches: what they say, what they change, and what they leave alone.
. "$(dirname "$0")/lib/harness.bash"
new_repo release && copy_example release-check && commit_all "the workflow"
head=$(git rev-parse HEAD)

say "a run that shows weaknesses"
expect_code 1 oe run
before=$(snapshot)

say "evolve proves and commits all three operations; the user's own things stay as they are, byte for byte"
expect_code 0 oe evolve
expect_unchanged "$before" "working tree, index, HEAD, stash, config, refs"
branches=$(git branch --list 'oe/*' --format '%(refname:short)')
for operation in add-node tune-param add-dataset-case; do expect_has "$branches" "oe/$operation/"; done
[ "$(printf '%s\n' "$branches" | wc -l)" -le 5 ] || fail "more than five proposals"
expect_same "$(git status --porcelain)" ""
expect_same "$(git worktree list | wc -l)" 1
expect_same "$(git for-each-ref refs/heads/oe/trial-\* | wc -l)" 0
git fsck --no-dangling --strict

say "one proposal is one commit on HEAD, by the user, with trailers that git reads"
for branch in $branches; do
  expect_same "$(git rev-parse "$branch^")" "$head"
  expect_same "$(git log -1 --format=%ae "$branch")" ada@example.com
  trailers=$(git log -1 --format=%B "$branch" | git interpret-trailers --parse)
  for key in Oe-Proposal Oe-Run Oe-Base Oe-Confidence Oe-Effect; do expect_has "$trailers" "$key: "; done
  expect_has "$trailers" "Oe-Base: $head"
  fingerprint=$(printf '%s\n' "$trailers" | sed -n 's/^Oe-Proposal: //p')
  expect_has "$branch" "/${fingerprint:0:8}"
done

say "a parameter is one line; a comment behind it stays"
branch=$(printf '%s\n' "$branches" | grep oe/tune-param/check_page/ | while read -r b; do
  if git diff "main..$b" | grep '^[+].*timeout_ms' >/dev/null; then echo "$b"; fi; done)
expect_same "$(git diff --numstat "main..$branch" | cut -f 1,2)" "1	1"
expect_has "$(git diff "main..$branch" | grep '^+ ')" "# no page has taken longer so far"

say "each branch validates, and its diff is what git apply takes"
for branch in $branches; do
  git worktree add -q "$story_dir/look" "$branch"
  expect_code 0 oe validate "$story_dir/look"
  git worktree remove --force "$story_dir/look"
  git diff "main..$branch" | git apply --check
done

say "the same evidence again changes nothing and says so"
tips=$(git for-each-ref refs/heads/oe)
expect_code 0 oe evolve
expect_has "$out" "open already"
expect_same "$(git for-each-ref refs/heads/oe)" "$tips"

say "the seed's line works on evolution/<run-id>.md"
markdown=.openexpertise/evolution/$(newest_run).md
expect_has "$(head -n 1 "$markdown")" "# Evolution Proposals for run \`$(newest_run)\`"
expect_has "$(cat "$markdown")" '_(add-node, confidence: '
awk '/^```diff/{f=1;next} /^```/{f=0} f' "$markdown" | git apply --check
cp -R . "$story_dir/applied"
(cd "$story_dir/applied" && awk '/^```diff/{f=1;next} /^```/{f=0} f' "$markdown" | git apply && expect_code 0 oe validate)

say "--dry-run writes nothing; --json tells the same"
find .openexpertise -type f | sort | xargs sha256sum >"$story_dir/record"
expect_code 0 oe evolve --dry-run
expect_same "$(find .openexpertise -type f | sort | xargs sha256sum | diff - "$story_dir/record" | grep -v sqlite || true)" ""
oe evolve --json | python3 -c '
import json, sys
report = json.load(sys.stdin)
assert report["v"] == 1 and len(report["proposals"]) == len({p["fingerprint"] for p in report["proposals"]})
assert all(p["finding"]["citations"] for p in report["proposals"]), report'

say "citations lead to events that are there"
oe proposals --json | python3 -c '
import json, subprocess, sys, os
for p in json.load(sys.stdin)["proposals"]:
    for c in p["change"]["evidence"]:
        events = subprocess.run([os.environ["OE"], "show", c["run"], "--events"], capture_output=True, text=True).stdout.splitlines()
        assert json.loads(events[c["event"] - 1])["n"] == c["event"], c'

say "a healthy workflow gets no proposals"
cd "$story_dir" && new_repo healthy && copy_example dataset-aggregate && commit_all
expect_code 0 oe run && expect_code 0 oe run
expect_code 0 oe evolve
expect_has "$out" "no proposals"
expect_has "$(cat .openexpertise/evolution/*.md)" "_No proposals"
expect_same "$(git branch --list 'oe/*')" ""
