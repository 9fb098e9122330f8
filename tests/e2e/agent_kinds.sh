#!/usr/bin/env bash
# The thirteen kinds of example that OpenExpertise v0.1.0 has, with models and coding agents that are scripted: each runs as it
# stands, and every item of a fan-out is asked with a prompt of its own. The files found in the wild are used where they are there;
# their tools and prompts, which are not, and the other kinds are ours.
. "$(dirname "$0")/lib/harness.bash"
. "$top/tests/e2e/lib/models.bash"
model_server
corpus=$top/../shared/corpus/openexpertise
export ANTHROPIC_API_KEY=sk-ant-0123456789 ANTHROPIC_BASE_URL=$server PATH=$top/tests/fakes/bin:$PATH

# example NAME: an empty one; what is written with file() goes into it.
example() {
  say "$1"
  cd "$story_dir"; new_repo "$1"; name=$1
  export FAKE_AGENT_SCRIPT=$story_dir/$1.agents
}
file() { mkdir -p "$(dirname "$1")"; cat >"$1"; }
# tool FILE JSON: gives the delta.
tool() { echo "export default () => ({ state_delta: $2 });" | file "$1"; }
# wild: the workflow found in the wild, or the story's own when it is not there.
wild() { if [ -f "$corpus/$name.experience.yaml" ]; then cat >/dev/null; cp "$corpus/$name.experience.yaml" experience.yaml; else file experience.yaml; fi; }
# agents RULES: what the coding agents say.
agents() { echo "{\"rules\": [$1]}" >"$FAKE_AGENT_SCRIPT"; }
# runs EXPECTED-STATE: at concurrency 1 and 8, with nothing taken from before.
runs() {
  commit_all
  for j in 1 8; do
    oe run -j $j --no-cache >printed 2>&1 || fail "$name at -j $j: $(cat printed)"
    expect_same "$(oe state | python3 -c 'import json, sys; print(json.dumps(json.load(sys.stdin), sort_keys=True))')" \
      "$(python3 -c 'import json, sys; print(json.dumps(json.loads(sys.argv[1]), sort_keys=True))' "$1")" "$name at -j $j"
  done
}
agent_log() { python3 -c 'import json, sys; log = [json.loads(l) for l in open(sys.argv[1])]; print(eval(sys.argv[2]))' "$FAKE_AGENT_SCRIPT.log" "$1"; }
# header FIELDS: of a workflow.
header() { printf 'name: %s\nversion: 0.1.0\nstate:\n  schema:\n%s\ngraph:\n' "$name" "$1"; }

example hello-tool
{ header '    greeting: { type: string }'; cat <<'YAML'; } | file experience.yaml
  nodes: [{ id: greet, kind: tool, impl: ./greet.mjs, args: { name: world }, writes: [greeting] }]
  edges: []
YAML
echo 'export default ({ name }) => ({ state_delta: { greeting: `hello ${name}` } });' | file greet.mjs
runs '{"greeting": "hello world"}'

example agent-echo
{ header '    answer: { type: string }'; cat <<'YAML'; } | file experience.yaml
  nodes:
    - { id: echo, kind: agent, prompt: ./p.md, args: { word: ping }, writes: [answer],
        schema: { type: object, required: [answer], properties: { answer: { type: string } } } }
  edges: []
YAML
echo 'Repeat {{word}}.' | file p.md
script '{"rules": [{"when": {"prompt": "Repeat ping."}, "reply": {"json": {"answer": "ping"}}}]}'
runs '{"answer": "ping"}'

example review-branch
wild <<'YAML'
name: review-branch
version: 0.1.0
state: { schema: { diff: {}, dimensions: {}, findings: { merge: array_append }, verified_findings: { merge: array_append }, risk_score: {} } }
graph:
  nodes:
    - { id: fetch_diff, kind: tool, impl: ./tools/fetch_diff.mjs, writes: [diff] }
    - { id: seed_dimensions, kind: tool, impl: ./tools/list_dimensions.mjs, writes: [dimensions] }
    - { id: bug_review, kind: agent, prompt: ./prompts/review.md, reads: [diff], for_each: { source: $.dimensions }, writes: [findings],
        schema: { type: object, required: [findings], properties: { findings: { type: array, items: { type: object } } } } }
    - { id: verify_finding, kind: agent, prompt: ./prompts/verify.md, reads: [diff], for_each: { source: $.findings }, writes: [verified_findings],
        schema: { type: object, required: [verified_findings], properties: { verified_findings: { type: array, items: { type: object } } } } }
    - { id: score, kind: agent, prompt: ./prompts/score.md, reads: [verified_findings], writes: [risk_score],
        schema: { type: object, required: [risk_score], properties: { risk_score: { type: number } } } }
  edges:
    - { from: fetch_diff, to: seed_dimensions }
    - { from: seed_dimensions, to: bug_review }
    - { from: bug_review, to: verify_finding }
    - { from: verify_finding, to: score, when: 'length($.findings) > 0' }
YAML
tool tools/fetch_diff.mjs '{ diff: "+ run(query)" }'
tool tools/list_dimensions.mjs '{ dimensions: [{ key: "bugs" }, { key: "style" }, { key: "speed" }] }'
echo 'Review for {{$item.key}}: {{diff}}' | file prompts/review.md
echo 'Is it real: {{$item.title}}?' | file prompts/verify.md
echo 'Score {{verified_findings}}' | file prompts/score.md
script '{"rules": [
  {"when": {"prompt": "for bugs"}, "delay_ms": 80, "reply": {"json": {"findings": [{"title": "b", "severity": "high"}]}}},
  {"when": {"prompt": "for style"}, "reply": {"json": {"findings": []}}},
  {"when": {"prompt": "for speed"}, "reply": {"json": {"findings": [{"title": "s", "severity": "low"}]}}},
  {"when": {"prompt": "real: b"}, "reply": {"json": {"verified_findings": [{"is_real": true}]}}},
  {"when": {"prompt": "real: s"}, "reply": {"json": {"verified_findings": [{"is_real": false}]}}},
  {"when": {"prompt": "Score"}, "reply": {"json": {"risk_score": 7}}}]}'
runs '{"diff": "+ run(query)", "dimensions": [{"key": "bugs"}, {"key": "style"}, {"key": "speed"}], "risk_score": 7,
  "findings": [{"title": "b", "severity": "high"}, {"title": "s", "severity": "low"}], "verified_findings": [{"is_real": true}, {"is_real": false}]}'
expect_same "$(asked 'sorted(e["prompt"].strip().splitlines()[-1] for e in log if "Review for" in e["prompt"])[::2]')" \
  "['Review for bugs: + run(query)', 'Review for speed: + run(query)', 'Review for style: + run(query)']" "prompts of their own"

example oncall-runbook
{ header '    incident: {}
    parts: { type: array }
    notes: { type: array, merge: array_append }
    summary: { type: string }'; cat <<'YAML'; } | file experience.yaml
  nodes:
    - { id: load, kind: tool, impl: ./load.mjs, writes: [incident, parts] }
    - { id: look, kind: agent, prompt: ./look.md, reads: [incident], for_each: { source: $.parts, concurrency: 2 }, writes: [notes],
        schema: { type: object, required: [notes], properties: { notes: { type: array, items: { type: string } } } } }
    - { id: summary, kind: agent, prompt: ./sum.md, reads: [notes], writes: [summary] }
  edges: [{ from: load, to: look }, { from: look, to: summary }]
YAML
tool load.mjs '{ incident: { id: 7 }, parts: ["db", "net"] }'
echo 'Incident {{incident.id}}, part {{$item}}' | file look.md
echo 'Sum up {{notes}}' | file sum.md
script '{"rules": [{"when": {"prompt": "7, part db"}, "delay_ms": 60, "reply": {"json": {"notes": ["full"]}}},
  {"when": {"prompt": "7, part net"}, "reply": {"json": {"notes": ["fine"]}}}, {"when": {"prompt": "[\"full\",\"fine\"]"}, "reply": {"text": "disk"}}]}'
runs '{"incident": {"id": 7}, "parts": ["db", "net"], "notes": ["full", "fine"], "summary": "disk"}'

example issue-triage
wild <<'YAML'
name: issue-triage
version: 0.1.0
state: { schema: { issue: {}, classification: {}, similar_issues: {}, is_duplicate: {}, duplicate_of: {}, labels: { merge: array_append }, suggested_owner: {} } }
graph:
  nodes:
    - { id: load_issue, kind: tool, impl: ./tools/load_issue.mjs, writes: [issue] }
    - { id: classify, kind: agent, prompt: ./prompts/classify.md, reads: [issue], writes: [classification],
        schema: { type: object, required: [classification], properties: { classification: { type: object } } } }
    - { id: search_similar, kind: tool, impl: ./tools/search_similar.mjs, reads: [issue], writes: [similar_issues] }
    - { id: dedup, kind: agent, prompt: ./prompts/dedup.md, reads: [issue, similar_issues], writes: [is_duplicate, duplicate_of],
        schema: { type: object, required: [is_duplicate], properties: { is_duplicate: { type: boolean }, duplicate_of: { type: string } } } }
    - { id: assign_labels, kind: agent, prompt: ./prompts/assign_labels.md, reads: [issue, classification], writes: [labels],
        schema: { type: object, required: [labels], properties: { labels: { type: array, items: { type: string } } } } }
    - { id: suggest_owner, kind: agent, prompt: ./prompts/suggest_owner.md, reads: [classification], writes: [suggested_owner],
        schema: { type: object, required: [suggested_owner], properties: { suggested_owner: { type: string } } } }
  edges:
    - { from: load_issue, to: classify }
    - { from: classify, to: search_similar }
    - { from: search_similar, to: dedup, when: 'length($.similar_issues) > 0' }
    - { from: dedup, to: assign_labels }
    - { from: classify, to: assign_labels }
    - { from: assign_labels, to: suggest_owner }
YAML
tool tools/load_issue.mjs '{ issue: { title: "boom" } }'
tool tools/search_similar.mjs '{ similar_issues: [{ id: "9" }] }'
echo 'Classify {{issue.title}}' | file prompts/classify.md
echo 'Is {{issue}} one of {{similar_issues}}?' | file prompts/dedup.md
echo 'Label {{issue}} {{classification.area}}' | file prompts/assign_labels.md
echo 'Who owns {{classification.area}}?' | file prompts/suggest_owner.md
script '{"rules": [{"when": {"prompt": "Classify boom"}, "reply": {"json": {"classification": {"type": "bug", "severity": "high", "area": "db"}}}},
  {"when": {"prompt": "one of [{\"id\":\"9\"}]"}, "reply": {"json": {"is_duplicate": false, "duplicate_of": ""}}},
  {"when": {"prompt": "Label"}, "reply": {"json": {"labels": ["bug"]}}}, {"when": {"prompt": "Who owns db"}, "reply": {"json": {"suggested_owner": "ada"}}}]}'
runs '{"issue": {"title": "boom"}, "classification": {"type": "bug", "severity": "high", "area": "db"}, "similar_issues": [{"id": "9"}],
  "is_duplicate": false, "duplicate_of": "", "labels": ["bug"], "suggested_owner": "ada"}'

example release-gates
wild <<'YAML'
name: release-gates
version: 0.1.0
state: { schema: { license_issues: { merge: array_append }, breaking_changes: { merge: array_append }, coverage_delta: {}, security_findings: { merge: array_append }, decision: {} } }
graph:
  nodes:
    - { id: license_check, kind: tool, impl: ./tools/license_check.mjs, writes: [license_issues] }
    - { id: changelog_scan, kind: tool, impl: ./tools/changelog_scan.mjs, writes: [breaking_changes] }
    - { id: coverage_diff, kind: tool, impl: ./tools/coverage_diff.mjs, writes: [coverage_delta] }
    - { id: security_scan, kind: cli-agent, provider: claude-code, prompt: Review the diff for security issues., output_format: json, timeout_ms: 300000,
        schema: { type: object, required: [security_findings], properties: { security_findings: { type: array } } }, writes: [security_findings] }
    - { id: score, kind: agent, prompt: ./prompts/score.md, reads: [license_issues, breaking_changes, coverage_delta, security_findings], writes: [decision],
        schema: { type: object, required: [decision], properties: { decision: { type: object } } } }
  edges: [{ from: license_check, to: score }, { from: changelog_scan, to: score }, { from: coverage_diff, to: score }, { from: security_scan, to: score }]
YAML
tool tools/license_check.mjs '{ license_issues: [] }'
tool tools/changelog_scan.mjs '{ breaking_changes: [{ what: "api" }] }'
tool tools/coverage_diff.mjs '{ coverage_delta: { pct: -1 } }'
echo 'Decide: {{security_findings}} {{breaking_changes}} {{coverage_delta.pct}}' | file prompts/score.md
agents '{"when": {"api": "claude"}, "reply": {"json": {"security_findings": [{"title": "xss", "severity": "high"}]}}, "usd": 0.05}'
script '{"rules": [{"when": {"prompt": "xss"}, "reply": {"json": {"decision": {"ready_to_release": false, "score": 3, "blocking_issues": ["xss"]}}}}]}'
runs '{"license_issues": [], "breaking_changes": [{"what": "api"}], "coverage_delta": {"pct": -1},
  "security_findings": [{"title": "xss", "severity": "high"}], "decision": {"ready_to_release": false, "score": 3, "blocking_issues": ["xss"]}}'
expect_has "$(oe show --events | grep '"node_id":"security_scan"')" '"cost_usd":0.05'

example cli-orchestration
wild <<'YAML'
name: cli-orchestration
version: 0.1.0
state: { schema: { topic: {}, summary: {}, critique: {} } }
graph:
  nodes:
    - { id: summarize, kind: cli-agent, provider: claude-code, prompt: 'Summary of Topic: {{topic}}', reads: [topic], writes: [summary] }
    - { id: critique, kind: cli-agent, provider: codex, prompt: 'Critique this Summary: {{summary}}', reads: [summary], writes: [critique] }
  edges: [{ from: summarize, to: critique }]
YAML
agents '{"when": {"api": "claude"}, "reply": {"text": "It is short."}}, {"when": {"api": "codex", "prompt": "It is short."}, "reply": {"text": "Too short."}}'
runs '{"summary": "It is short.", "critique": "Too short."}'
expect_same "$(agent_log '[w for c in log for w in c["argv"] if "bypass" in w or "danger" in w or "yolo" in w]')" "[]" "nothing is approved by itself"

example tri-cli-orchestration
{ header '    a: {}
    b: {}
    c: {}'; cat <<'YAML'; } | file experience.yaml
  nodes:
    - { id: one, kind: cli-agent, provider: claude-code, prompt: 'Write about {{topic}}', args: { topic: tea }, writes: [a] }
    - { id: two, kind: cli-agent, provider: codex, prompt: 'Shorten {{a}}', reads: [a], writes: [b] }
    - { id: three, kind: cli-agent, provider: gemini, prompt: 'Title for {{b}}', reads: [b], writes: [c], extra_args: [--sandbox] }
  edges: [{ from: one, to: two }, { from: two, to: three }]
YAML
agents '{"when": {"prompt": "about tea"}, "reply": {"text": "long tea"}}, {"when": {"api": "codex", "prompt": "long tea"}, "reply": {"text": "tea"}},
  {"when": {"api": "gemini", "prompt": "for tea"}, "reply": {"text": "Tea!"}}'
runs '{"a": "long tea", "b": "tea", "c": "Tea!"}'

example deep-research
{ header '    questions: { type: array }
    sources: { type: array, merge: array_append }
    claims: { type: array, merge: array_append }
    report: {}'; cat <<'YAML'; } | file experience.yaml
  nodes:
    - { id: split, kind: agent, prompt: ./split.md, writes: [questions],
        schema: { type: object, required: [questions], properties: { questions: { type: array, items: { type: object, required: [q], properties: { q: { type: string } } } } } } }
    - { id: search, kind: cli-agent, provider: claude-code, prompt: 'Search {{$item.q}}', for_each: { source: $.questions, concurrency: 2 }, output_format: json, writes: [sources] }
    - { id: check, kind: cli-agent, provider: gemini, prompt: 'Check {{$item.q}}', for_each: { source: $.questions, concurrency: 2 }, output_format: json, writes: [claims] }
    - { id: write, kind: agent, prompt: ./write.md, reads: [sources, claims], writes: [report] }
  edges: [{ from: split, to: search }, { from: split, to: check }, { from: search, to: write }, { from: check, to: write }]
YAML
echo 'Split it.' | file split.md
echo 'Report on {{sources}} and {{claims}}.' | file write.md
script '{"rules": [{"when": {"prompt": "Split"}, "reply": {"json": {"questions": [{"q": "why"}, {"q": "how"}]}}}, {"when": {"prompt": "[\"s-why\",\"s-how\"] and [\"c-why\",\"c-how\"]"}, "reply": {"text": "done"}}]}'
agents '{"when": {"prompt": "Search why"}, "delay_ms": 100, "reply": {"json": {"sources": ["s-why"]}}}, {"when": {"prompt": "Search how"}, "reply": {"json": {"sources": ["s-how"]}}},
  {"when": {"prompt": "Check why"}, "delay_ms": 100, "reply": {"json": {"claims": ["c-why"]}}}, {"when": {"prompt": "Check how"}, "reply": {"json": {"claims": ["c-how"]}}}'
runs '{"questions": [{"q": "why"}, {"q": "how"}], "sources": ["s-why", "s-how"], "claims": ["c-why", "c-how"], "report": "done"}'

example systematic-debugging
{ header '    symptoms: {}
    hypotheses: { type: array }
    checked: { type: array, merge: array_append }
    fix: {}
    green: {}'; cat <<'YAML'; } | file experience.yaml
  nodes:
    - { id: load, kind: tool, impl: ./load.mjs, writes: [symptoms] }
    - { id: think, kind: agent, prompt: ./think.md, reads: [symptoms], writes: [hypotheses],
        schema: { type: object, required: [hypotheses], properties: { hypotheses: { type: array, items: { type: string } } } } }
    - { id: check, kind: agent, prompt: ./check.md, reads: [symptoms], for_each: { source: $.hypotheses, concurrency: 2 }, writes: [checked],
        schema: { type: object, required: [checked], properties: { checked: { type: array, items: { type: boolean } } } } }
    - { id: edit, kind: cli-agent, provider: claude-code, prompt: 'Fix it in {{symptoms.repo_path}}: {{checked}}', workdir: ./repo, reads: [symptoms, checked], writes: [fix], extra_args: [--permission-mode, acceptEdits] }
    - { id: test, kind: tool, impl: ./test.mjs, reads: [fix], writes: [green] }
  edges: [{ from: load, to: think }, { from: think, to: check }, { from: check, to: edit }, { from: edit, to: test }]
YAML
mkdir repo && echo broken >repo/code
tool load.mjs '{ symptoms: { repo_path: "./repo", error: "x" } }'
echo 'Why {{symptoms.error}}?' | file think.md
echo 'Is it {{$item}}?' | file check.md
echo 'import { readFileSync } from "node:fs"; export default () => ({ state_delta: { green: readFileSync("repo/code", "utf8") === "mended" } });' | file test.mjs
script '{"rules": [{"when": {"prompt": "Why x"}, "reply": {"json": {"hypotheses": ["disk", "net"]}}},
  {"when": {"prompt": "it disk"}, "reply": {"json": {"checked": [true]}}}, {"when": {"prompt": "it net"}, "reply": {"json": {"checked": [false]}}}]}'
agents '{"when": {"prompt": "in ./repo: [true,false]"}, "files": {"code": "mended"}, "reply": {"text": "mended it"}}'
runs '{"symptoms": {"repo_path": "./repo", "error": "x"}, "hypotheses": ["disk", "net"], "checked": [true, false], "fix": "mended it", "green": true}'

example brainstorming
{ header '    angles: { type: array }
    ideas: { type: array, merge: array_append }
    groups: { type: array }
    critiques: { type: array, merge: array_append }
    best: { type: array }'; cat <<'YAML'; } | file experience.yaml
  nodes:
    - { id: seed, kind: tool, impl: ./seed.mjs, writes: [angles] }
    - { id: diverge, kind: cli-agent, provider: claude-code, prompt: 'Ideas from the angle of {{$item.name}}', for_each: { source: $.angles, concurrency: 3 }, output_format: json, writes: [ideas] }
    - { id: cluster, kind: agent, prompt: ./cluster.md, reads: [ideas], writes: [groups], schema: { type: object, required: [groups], properties: { groups: { type: array, items: { type: string } } } } }
    - { id: critique, kind: cli-agent, provider: claude-code, prompt: 'What is wrong with {{$item}}', for_each: { source: $.groups, concurrency: 2 }, output_format: json, writes: [critiques] }
    - { id: pick, kind: agent, prompt: ./pick.md, reads: [critiques], writes: [best], schema: { type: object, required: [best], properties: { best: { type: array, items: { type: string } } } } }
  edges: [{ from: seed, to: diverge }, { from: diverge, to: cluster }, { from: cluster, to: critique }, { from: critique, to: pick }]
YAML
tool seed.mjs '{ angles: [{ name: "cost" }, { name: "joy" }, { name: "risk" }] }'
echo 'Group {{ideas}}' | file cluster.md
echo 'Pick from {{critiques}}' | file pick.md
script '{"rules": [{"when": {"prompt": "Group [\"i-cost\",\"i-joy\",\"i-risk\"]"}, "reply": {"json": {"groups": ["g1", "g2"]}}}, {"when": {"prompt": "Pick from [\"c1\",\"c2\"]"}, "reply": {"json": {"best": ["g2"]}}}]}'
agents '{"when": {"prompt": "of cost"}, "delay_ms": 150, "reply": {"json": {"ideas": ["i-cost"]}}}, {"when": {"prompt": "of joy"}, "delay_ms": 70, "reply": {"json": {"ideas": ["i-joy"]}}},
  {"when": {"prompt": "of risk"}, "reply": {"json": {"ideas": ["i-risk"]}}}, {"when": {"prompt": "with g1"}, "reply": {"json": {"critiques": ["c1"]}}}, {"when": {"prompt": "with g2"}, "reply": {"json": {"critiques": ["c2"]}}}'
runs '{"angles": [{"name": "cost"}, {"name": "joy"}, {"name": "risk"}], "ideas": ["i-cost", "i-joy", "i-risk"], "groups": ["g1", "g2"], "critiques": ["c1", "c2"], "best": ["g2"]}'

example your-first-experience
{ header '    commits: { type: array }
    classes: {}
    digest: {}'; cat <<'YAML'; } | file experience.yaml
  nodes:
    - { id: load, kind: tool, impl: ./load.mjs, writes: [commits] }
    - { id: classify, kind: agent, prompt: ./classify.md, reads: [commits], writes: [classes], schema: { type: object, required: [classes], properties: { classes: { type: object } } } }
    - { id: write, kind: agent, prompt: ./write.md, reads: [classes], writes: [digest] }
  edges: [{ from: load, to: classify }, { from: classify, to: write }]
YAML
tool load.mjs '{ commits: ["fix a", "add b"] }'
echo 'Classify {{commits.0}} and {{commits.1}}' | file classify.md
echo 'Write up {{classes.fixes}} fixes' | file write.md
script '{"rules": [{"when": {"prompt": "fix a and add b"}, "reply": {"json": {"classes": {"fixes": 1}}}}, {"when": {"prompt": "up 1 fixes"}, "reply": {"text": "A week."}}]}'
runs '{"commits": ["fix a", "add b"], "classes": {"fixes": 1}, "digest": "A week."}'

if [ -f "$corpus/dataset-aggregate.experience.yaml" ]; then
  example dataset-aggregate && copy_example dataset-aggregate && commit_all && expect_code 0 oe run
fi
