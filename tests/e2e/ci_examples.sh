#!/usr/bin/env bash
# The examples for CI: each of their shell steps, as it stands in its file, against a fake forge.
. "$(dirname "$0")/lib/harness.bash"
. "$top/tests/e2e/lib/forge.bash"
mkdir bin
printf '#!/bin/sh\nexec %q "$@"\n' "$OE" >bin/oe && chmod +x bin/oe
export PATH=$story_dir/bin:$PATH

# steps FILE KEY DIRECTORY: the block scalars of `run:` or of the items of `script:` there, one file each, and beside each
# its environment, with what the CI puts in place of ${{ ... }} taken from the environment here.
steps() {
  mkdir -p "$3"
  python3 - "$@" <<'PY'
import os, re, sys, textwrap
file, key, directory = sys.argv[1:]
given = {"inputs.directory": ".", "inputs.evolve-flags": os.environ["NO_SANDBOX"], "inputs.token": "right-token",
         "github.event.pull_request.number": os.environ.get("NUMBER", "")}
lines, count = open(file).read().split("\n"), 0
for i, line in enumerate(lines):
    if not re.fullmatch(r" *run: \|" if key == "run" else r" *- \|", line):
        continue
    indent = len(line) - len(line.lstrip())
    block = []
    for text in lines[i + 1:]:
        if text.strip() and len(text) - len(text.lstrip()) <= indent:
            break
        block.append(text)
    env, at = [], i - 1
    while key == "run" and not lines[at].lstrip().startswith("- name:"):
        found = re.fullmatch(r" {8}(\w+): (.*)", lines[at])
        if found:
            value = re.sub(r"\$\{\{ (.*?) \}\}", lambda m: given[m.group(1)], found.group(2))
            env.append(f"export {found.group(1)}='{value}'")
        at -= 1
    count += 1
    open(f"{directory}/{count}.sh", "w").write("\n".join(env) + "\n" + textwrap.dedent("\n".join(block)))
assert count >= 4, (file, count)
PY
}
export NO_SANDBOX=$no_sandbox OE_FORGE_TOKEN=right-token

# project KIND NAME: a repository with a weakness and the forge that it lives on.
project() {
  cd "$story_dir"
  bare_repo "$2"
  fake_forge "$1" "$2"
  export OE_FORGE_URL=$forge
  new_repo "$2" && naps_workflow >experience.yaml && commit_all "the workflow"
  git remote add origin "$bare" && git config oe.forge "$1" && git push -q origin main
  git switch -qc topic && git commit -q --allow-empty -m topic && git push -q origin topic && git switch -q main
}

say "the shell script: on the main branch it opens, within the limits, and ends as the run did"
project gitea ada
export OE_EVOLVE_FLAGS=$no_sandbox
expect_code 1 "$top/examples/ci/oe-ci.sh"
expect_same "$(requests 'len(all)')" 1
expect_has "$(requests 'all[0]["body"]')" "Verdict: better"
expect_code 1 "$top/examples/ci/oe-ci.sh"
expect_same "$(requests 'len(all)')" 1
say "and on a request it keeps one comment"
expect_code 1 "$top/examples/ci/oe-ci.sh" . 1
expect_code 1 "$top/examples/ci/oe-ci.sh" . 1
expect_same "$(requests 'len(all[0]["comments"])')" 1
expect_has "$(requests 'all[0]["comments"][0]["body"]')" "nap"
expect_published_shapes

say "the GitHub action, step by step"
project github bea
export RUNNER_TEMP=$story_dir/runner; mkdir "$RUNNER_TEMP"
NUMBER= steps "$top/examples/ci/github/action.yml" run "$story_dir/push"
for step in 1 2 3 4; do expect_code 0 bash -eo pipefail "$story_dir/push/$step.sh"; done
expect_code 1 bash -eo pipefail "$story_dir/push/5.sh"
expect_same "$(requests '[r["branch"].split("/")[0] for r in all]')" "['oe']"
NUMBER=1 steps "$top/examples/ci/github/action.yml" run "$story_dir/request"
for step in 1 2 3 4; do expect_code 0 bash -eo pipefail "$story_dir/request/$step.sh"; done
for step in 1 2; do expect_code 0 bash -eo pipefail "$story_dir/request/$step.sh"; done
expect_same "$(requests '[len(r["comments"]) for r in all]')" "[1]"
expect_published_shapes

say "the GitLab template, item by item, in one shell as a runner does it"
project gitlab cid
export CI_PROJECT_URL=${bare%.git} OE_DIRECTORY=. GITLAB_TOKEN=not-for-this-host
steps "$top/examples/ci/gitlab/oe.gitlab-ci.yml" script "$story_dir/main"
cat "$story_dir"/main/?.sh >"$story_dir/main.sh"
expect_code 1 bash -eo pipefail "$story_dir/main.sh"
expect_same "$(requests 'len(all)')" 1
CI_MERGE_REQUEST_IID=1 expect_code 1 bash -eo pipefail "$story_dir/main.sh"
CI_MERGE_REQUEST_IID=1 expect_code 1 bash -eo pipefail "$story_dir/main.sh"
expect_same "$(requests '[len(r["comments"]) for r in all]')" "[1]"
expect_published_shapes
