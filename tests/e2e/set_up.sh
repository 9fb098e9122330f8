#!/usr/bin/env bash
# The first minutes: init, doctor, help.
. "$(dirname "$0")/lib/harness.bash"
new_repo fresh

say "every template validates and runs as it stands"
git commit -q --allow-empty -m start
for template in $(oe init --list | cut -d ' ' -f 1); do
  expect_code 0 oe init --template "$template" "my $template"
  expect_code 0 oe validate "my $template"
  commit_all "$template"
  expect_code 0 oe run "my $template"
done

say "init never overwrites"
expect_code 2 oe init --template tool "my tool"
expect_has "$out" "nothing was written"
expect_code 2 oe init --template tol other
expect_has "$out" "did you mean 'tool'?"
[ ! -e other ] || fail "a refused init wrote something"

say "doctor names what is there and what is missing, with the command that mends it"
expect_code 0 oe doctor
for word in git node libgit2 ledger identity; do expect_has "$out" "$word"; done
mkdir bin && for p in git sh; do ln -s "$(command -v $p)" bin/$p; done
out=$(PATH=$PWD/bin "$OE" doctor)
expect_has "$out" "apt-get install nodejs"
expect_has "$out" "apt-get install bubblewrap"
oe doctor --json | python3 -c 'import json,sys; assert json.load(sys.stdin)["healthy"]'
(cd "$story_dir" && expect_code 4 oe doctor && expect_has "$out" "git init")

say "help and version"
expect_code 0 oe --help
for command in init validate run runs show state diff evolve proposals accept reject doctor; do expect_has "$out" "$command"; done
expect_code 0 oe --version
expect_has "$out" "oe 0."
expect_code 2 oe
