#!/usr/bin/env bash
# A disk that is full and a repository that cannot be written: a clear error, and what was there stays there.
# Runs in a mount namespace of its own, so nothing stays mounted whatever happens.
if [ -z "${OE_OWN_MOUNTS:-}" ]; then
  for namespace in --mount "--mount --map-root-user"; do
    # shellcheck disable=SC2086
    if unshare $namespace mount -t tmpfs tmpfs /mnt 2>/dev/null; then OE_OWN_MOUNTS=1 exec unshare $namespace bash "$0"; fi
  done
  echo "nobody may mount a file system here: skipped"
  exit 125
fi
. "$(dirname "$0")/lib/harness.bash"

trap 'cd /; umount -l "$story_dir"/{small,frozen} 2>/dev/null; cleanup' EXIT
mkdir small frozen

say "a disk that is full when the run starts"
mount -t tmpfs -o size=600k tmpfs small && cd small
git init -q && naps_workflow | sed 's/0.7.*1.5/0/' >experience.yaml && commit_all
expect_code 0 oe run
kept=$(newest_run)
cat /dev/zero >fill 2>/dev/null || true
expect_code 4 oe run
expect_has "$out" "full"
expect_code 4 oe evolve
expect_has "$out" "full"
rm fill
expect_has "$(oe runs)" "$kept"
expect_code 0 oe run

say "a disk that gets full while the run goes on: no event is lost that was told, and the next command works"
cat >experience.yaml <<'YAML'
name: fills
version: 0.1.0
state: { schema: { first: {} } }
graph:
  nodes:
    - { id: first, kind: command, run: echo one, writes: [first] }
    - { id: fill, kind: command, run: "cat /dev/zero >fill || true" }
    - { id: last, kind: command, run: head -c 100000 /dev/urandom | base64, writes: [first] }
  edges: [{ from: first, to: fill }, { from: fill, to: last }]
YAML
expect_code 4 oe run
expect_has "$out" "full"
rm fill
expect_has "$(oe runs 2>&1)" "interrupted"
expect_same "$(oe state first)" '"one"'
for journal in .openexpertise/runs/*.jsonl; do python3 -c 'import json,sys; [json.loads(l) for l in open(sys.argv[1])]' "$journal"; done
cd "$story_dir"

say "a repository that cannot be written"
# Named in full: as an ordinary user's root, mount cannot take over the options that it finds.
frozen() { mount -t tmpfs -o "remount,$1" tmpfs "$story_dir/frozen"; }
mount -t tmpfs tmpfs frozen && cd frozen
git init -q && naps_workflow | sed 's/0.7.*1.5/0/' >experience.yaml && commit_all
frozen ro
expect_code 4 oe run
expect_has "$out" "read-only"
expect_code 4 oe evolve
expect_code 0 oe validate
frozen rw
expect_code 0 oe run
