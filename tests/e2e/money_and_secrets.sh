#!/usr/bin/env bash
# What a run may spend and what it may know: budgets stop it before they are exceeded, and a secret is seen by its node alone.
. "$(dirname "$0")/lib/harness.bash"
new_repo money
# The workflow, with budgets as given: of the run, of the node.
workflow() {
  cat <<YAML
name: money
version: 0.1.0
${1:+runtime: { budget: $1 \}}
state: { schema: { list: { type: array }, got: { type: array, merge: array_append }, last: {} } }
graph:
  nodes:
    - { id: list, kind: command, run: seq 8, output: lines, writes: [list] }
    - { id: ask, kind: tool, impl: ./ask.mjs, for_each: { source: \$.list }, writes: [got]${2:+, budget: $2} }
    - { id: last, kind: command, run: echo last, reads: [got], writes: [last] }
  edges: [{ from: list, to: ask }, { from: ask, to: last }]
YAML
}
cat >ask.mjs <<'JS'
export default ({ $item }) =>
  ({ state_delta: { got: [Number($item)] }, metrics: { tokens_in: 100, tokens_out: 50, cost_usd: 0.3 } });
JS
field() { python3 -c 'import json, sys; print(eval("shown" + sys.argv[1], {"shown": json.load(sys.stdin)}))' "$1"; }

say "what a tool reports is added up"
workflow >experience.yaml
commit_all
expect_code 0 oe run
expect_has "$out" "spent 1200 tokens, \$2.4000"
expect_has "$(oe show)" "spent 1200 tokens, \$2.4000"
expect_has "$(oe show --events)" '"metrics":{"cost_usd":0.3,"tokens_in":100,"tokens_out":50}'

say "the budget of the run ends it before it is exceeded, and says so"
workflow '{ usd: 1.0 }' >experience.yaml
expect_code 1 oe run
expect_has "$out" "spent 450 tokens, \$0.9000"
expect_has "$out" "the budget of the run (1 usd) would be exceeded; raise runtime.budget"
expect_same "$(oe state got | tr -d ' \n')" "[1,2,3]"

say "no resume gets around it"
expect_code 1 oe resume
expect_same "$(oe show --json | field '["spent"]["tokens"]')" 450
workflow '{ tokens: 600 }' >experience.yaml
expect_code 1 oe run -j 8
expect_same "$(oe show --json | field '["spent"]["tokens"]')" 600

say "the budget of a node fails that node alone"
workflow '' 400 >experience.yaml
expect_code 1 oe run
expect_has "$out" "spent 300 tokens"
expect_has "$out" "the budget of node 'ask' (400 tokens) would be exceeded"
expect_has "$out" "partial"
workflow '' '{ time_ms: 500 }' >experience.yaml
sed -i '1i await new Promise((done) => setTimeout(done, 5));' ask.mjs
sed -i 's/=>$/=> new Promise((done) => setTimeout(done, 200)).then(() =>/; s/ });$/ }));/' ask.mjs
expect_code 1 oe run
expect_has "$out" "(500 ms)"

cd "$story_dir" && new_repo secrets
cat >experience.yaml <<'YAML'
name: secrets
version: 0.1.0
secrets: [API_TOKEN]
outputs: { said: $.said }
state: { schema: { said: {}, deep: {}, others: {} } }
graph:
  nodes:
    - id: knows
      kind: command
      run: "echo token=$API_TOKEN; echo error $API_TOKEN >&2"
      secrets: [API_TOKEN]
      writes: [said]
    - { id: tool, kind: tool, impl: ./tool.mjs, secrets: [API_TOKEN], writes: [deep] }
    - { id: fails, kind: command, run: "echo no $API_TOKEN >&2; exit 3", secrets: [API_TOKEN] }
    - { id: others, kind: command, run: "env | grep -c API_TOKEN || true", writes: [others] }
    - { id: still, kind: tool, impl: ./still.mjs, writes: [others] }
  edges: [{ from: knows, to: tool }, { from: knows, to: fails }, { from: others, to: still }]
YAML
cat >tool.mjs <<'JS'
export default () => {
  const token = process.env.API_TOKEN;
  console.log('log', token);
  return { state_delta: { deep: { [token]: [`a ${token} b`] } }, edge_output: token };
};
JS
cat >still.mjs <<'JS'
export default () => ({ state_delta: { others: `${process.env.API_TOKEN}` } });
JS
commit_all

say "a secret that is not set: the run does not begin, and it is named"
expect_code 4 oe run
expect_has "$out" "API_TOKEN"
expect_has "$out" "export API_TOKEN="
expect_lacks "$(oe runs 2>&1)" r-

say "its value is nowhere: not on the screen, not in --json, not in any file"
export API_TOKEN='s3cr3t "quoted" %value+/='
for flags in "" --json "--json --no-cache"; do
  expect_code 1 "$OE" run $flags
  expect_lacks "$out" s3cr3t
  expect_lacks "$(oe show; oe show --json; oe show --events; oe state; oe run --dry-run)" s3cr3t
done
expect_has "$(oe state said)" '***'
! grep -raq s3cr3t .openexpertise || fail "in $(grep -ral s3cr3t .openexpertise)"

say "only the node that lists it has it"
expect_same "$(oe show --json | field '["nodes"][-1]["outcome"]')" succeeded
expect_same "$(oe state others)" '"undefined"'
oe show --json | python3 -c '
import json, sys
nodes = {node["id"]: node for node in json.load(sys.stdin)["nodes"]}
assert nodes["others"]["attempts"][0]["output"] == "0\n", nodes["others"]
assert nodes["fails"]["attempts"][0]["exit_code"] == 3, nodes["fails"]'
