# Sourced by the stories of the hooks, after harness.bash.
export GIT_EDITOR=false
unset OE_SKIP OE_HOOK_SECONDS

# small_workflow [TIMEOUT] [TOP LINE]: a workflow with a tool and a prompt of a file.
small_workflow() {
  cat <<YAML
name: small
version: 0.1.0
${2:+$2
}state: { schema: { out: {} } }
graph:
  nodes:
    - { id: a, kind: tool, impl: tools/a.sh, writes: [out], timeout_ms: ${1:-1000} }
  edges: []
YAML
}
# workflow_repo NAME: a repository with that, committed, entered.
workflow_repo() {
  new_repo "$@"
  mkdir -p tools
  small_workflow >experience.yaml
  printf '#!/bin/sh\necho %s\n' "'{\"state_delta\": {\"out\": 1}}'" >tools/a.sh; chmod +x tools/a.sh
  echo readme >README
  commit_all "a workflow"
}
# of_user: all of the user's own, also where .git is a file: working tree, index entries, HEAD, refs, stash, config.
of_user() {
  git rev-parse HEAD; git symbolic-ref -q HEAD || true; git for-each-ref; git stash list; git ls-files --stage -t
  cat "$(git rev-parse --git-common-dir)/config"; cat "$HOME/.gitconfig"
  local root; root=$(git rev-parse --show-toplevel)
  (cd "$root" && find . -name .git -prune -o -path ./.openexpertise -prune -o -type f -print0 | sort -z | xargs -0 -r sha256sum
   find . -name .git -prune -o -path ./.openexpertise -prune -o -printf '%y %m %T@ %p %l\n' | grep -v ' \.$' | sort)
}
hooks_of() { (cd "$(git rev-parse --git-path hooks)" && find . -mindepth 1 -printf '%y %m %p %l\n' | sort && find . -type f -print0 | sort -z | xargs -0 -r sha256sum); }
message() { git log -1 --format=%B; }
trailer() { git log -1 --format='%(trailers:key=Oe-Run,valueonly)' | grep . || true; }
