# The whole life of change requests on one kind of forge: sourced by submit_*.sh.
. "$(dirname "${BASH_SOURCE[0]}")/forge.bash"

id_on() { git branch --list "oe/$1/*" --format '%(refname:short)' | head -n 1; }
tip() { git -C "$bare" rev-parse --verify -q "refs/heads/$1" || echo none; }
# record BRANCH FIELD: of the newest proposal that has it.
record() { oe proposals --json | python3 -c '
import json, sys
print([p for p in json.load(sys.stdin)["proposals"] if p["branch"] == sys.argv[1] and p["status"] != "unproven"][-1][sys.argv[2]])' "$1" "$2"; }
settings() { printf '%s\n' "$@" >.openexpertise/config.yaml; }

# licences_workflow: of examples/release-check what leads to two proposals of different kinds, so that an evolve is short.
licences_workflow() {
  cat <<'YAML'
name: licences
version: 0.1.0
state:
  schema:
    dependencies: { type: array }
    licences: { type: array }
    licence_issues: { type: array, merge: array_append }
graph:
  nodes:
    - { id: load_licences, kind: dataset, source: { type: file, uri: ./data/cleared-licences.tsv }, writes: [licences] }
    - { id: read_materials, kind: tool, impl: ./tools/read_materials.mjs, args: { file: package/bom.json }, writes: [dependencies] }
    - id: check_licence
      kind: tool
      impl: ./tools/check_licence.mjs
      for_each: { source: $.dependencies, concurrency: 4 }
      reads: [licences]
      writes: [licence_issues]
  edges:
    - { from: load_licences, to: check_licence }
    - { from: read_materials, to: check_licence }
YAML
}

# submit_story KIND PROJECT TRANSPORT REVIEWED HOW: git gets there by http, ssh or file; somebody has reviewed (yes) or not (no)
# what is made again later; HOW it is merged in the end: merge or squash.
submit_story() {
  local kind=$1 project=$2 transport=$3 reviewed=$4 how=$5
  new_repo flows && copy_example release-check && licences_workflow >experience.yaml && commit_all "the workflow"
  bare_repo "$project"
  fake_forge "$kind" "$project"
  case $transport in
    file) remote=$bare ;;
    *) "${transport}_remote" "$project" || { say "skipped: no git over $transport here; by path instead"; remote=$bare; } ;;
  esac
  git remote add origin "$remote"
  git push -q origin main
  expect_code 1 oe run
  expect_code 0 oe evolve
  local add case; add=$(id_on add-node) case=$(id_on add-dataset-case)

  say "a dry run tells nobody; without a token the branch is pushed, and the text is there to be opened by hand"
  expect_code 0 oe submit "$add" --dry-run
  expect_has "$out" "**Verdict: better**"
  expect_same "$(tip "$add")" none "a dry run"
  [ "$remote" = "$bare" ] || export OE_FORGE_URL=$forge
  git config oe.forge "$kind"
  expect_code 0 oe submit "$add"
  expect_has "$out" "Say no"
  expect_has "$out" "no change request was opened"
  [ "$remote" = "$bare" ] || expect_has "$out" "$forge/$project/flows/"
  expect_same "$(tip "$add")" "$(git rev-parse "$add")"
  expect_same "$(requests 'len(all)')" 0
  git push -q origin --delete "$add"
  git config --unset oe.forge

  say "with one, it asks the host what it is, pushes and opens; the second time there is nothing to do"
  export OE_FORGE_URL=$forge OE_FORGE_TOKEN=wrong-token
  expect_code 4 oe submit "$add"
  expect_has "$out" "the token of OE_FORGE_TOKEN"
  expect_lacks "$out" "wrong-token"
  export OE_FORGE_TOKEN=right-token
  local before; before=$(git status --porcelain; git rev-parse HEAD; git stash list)
  expect_code 0 oe submit "$add"
  expect_has "$out" "opened $forge/$project/flows/"
  expect_same "$(git status --porcelain; git rev-parse HEAD; git stash list)" "$before"
  expect_same "$(tip "$add")" "$(git rev-parse "$add")"
  expect_same "$(requests '(all[0]["branch"], all[0]["base"])')" "('$add', 'main')"
  expect_has "$(record "$add" request)" "$forge"
  local lines; lines=$(wc -l <.openexpertise/proposals.jsonl)
  expect_code 0 oe submit "$add" --json
  expect_has "$out" '"action": "unchanged"'
  expect_same "$(wc -l <.openexpertise/proposals.jsonl)" "$lines" "nothing new to record"
  expect_lacks "$(cat .openexpertise/proposals.jsonl)" right-token

  say "limits: one a day, and which one it was; so many open; quiet opens none"
  expect_code 1 oe submit "$case"
  expect_has "$out" "submit.per_day is 1"
  expect_has "$out" "$(requests 'all[0]["title"]')"
  expect_same "$(tip "$case")" none "over a limit"
  settings "submit: {preset: quiet}"
  expect_code 1 oe submit "$case"
  expect_has "$out" "quiet"
  settings "submit: {per_day: 9, open: 1}"
  expect_code 1 oe submit "$case"
  expect_has "$out" "submit.open is 1"
  settings "submit: {per_day: 9, labels: [oe]}"
  expect_code 0 oe submit "$case" --draft
  expect_has "$(requests 'all[1]["labels"]')" oe

  say "what people write stays; the table and the machine block are kept up to date"
  people edit '{"number": 1, "title": "mine", "body": "My words.\n\n<!-- oe:table -->\nold\n<!-- /oe:table -->\n\nMore."}'
  expect_code 0 oe submit "$add"
  expect_has "$out" updated
  local body; body=$(requests 'all[0]["body"]')
  for part in "My words." "More." "what the trial showed" "<!-- oe:v1 {"; do expect_has "$body" "$part"; done
  expect_same "$(requests 'all[0]["title"]')" mine

  say "a human's commit on top is left alone"
  git clone -q "$bare" ../ann
  (cd ../ann && git switch -q "$case" && echo "hers" >hers.txt && commit_all "hers" && git push -q origin "$case")
  local hers; hers=$(tip "$case")
  expect_code 1 oe submit "$case"
  expect_has "$out" "${hers:0:12}"
  expect_has "$out" "left as it is"
  expect_same "$(tip "$case")" "$hers" "her commit"
  [ "$reviewed" = no ] || people review '{"number": 1, "by": "bob"}'

  say "main moves on, and the proposal is made again on it: pushed over what oe made, but not once somebody has reviewed that"
  sed -i '1i # touched' experience.yaml && git add -A && git commit -qm "main moves on" && git push -q origin main
  expect_code 1 oe run
  local old; old=$(tip "$add")
  expect_code 0 oe evolve
  [ "$(git rev-parse "$add")" != "$old" ] || fail "it was not made again"
  if [ "$reviewed" = yes ]; then
    expect_code 1 oe submit "$add"
    expect_has "$out" "bob has reviewed it"
    expect_same "$(tip "$add")" "$old"
  else
    expect_code 0 oe submit "$add"
    expect_same "$(tip "$add")" "$(git rev-parse "$add")"
    expect_same "$(requests 'len(all)')" 2
  fi

  say "closed = rejected, by whom and why"
  people close '{"number": 2, "by": "ann", "comment": "we know that one"}'
  expect_code 0 oe submit --refresh
  expect_has "$out" "closed by ann: we know that one"
  expect_same "$(record "$case" status)" rejected
  expect_same "$(record "$case" reason)" "we know that one"
  expect_same "$(git branch --list "$case")" ""

  say "merged = accepted, with the commit that main got"
  people merge '{"number": 1, "how": "'"$how"'", "by": "bob"}'
  expect_code 1 oe submit "$add"
  expect_has "$out" "merged by bob"
  expect_same "$(record "$add" status)" accepted
  expect_same "$(record "$add" commit)" "$(git -C "$bare" rev-parse main)"
  expect_code 0 oe submit --refresh
  expect_has "$out" "nothing was decided"

  say "the next evolve proposes neither again"
  git pull -q --no-rebase --no-edit origin main
  oe run >/dev/null 2>&1 || true
  expect_code 0 oe evolve
  expect_same "$(git branch --list "$case")" ""
  expect_same "$(record "$case" status)" rejected
  expect_same "$(record "$add" status)" accepted

  say "every call had the published shape"
  expect_published_shapes
}
