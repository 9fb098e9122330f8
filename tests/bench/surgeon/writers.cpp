#include "bench/surgeon/writers.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace oe::surgeon {
namespace {

using Lines = std::vector<std::string>;

// Where a line of a block may be tuned, or another one stand before it.
void mark(Base& base, std::string_view scalar, std::string_view gap) {
  for (std::size_t i = 0; i < base.text.lines.size(); ++i) {
    if (base.text.lines[i].find(scalar) != std::string::npos) base.scalars.push_back(i);
    if (base.text.lines[i].find(gap) != std::string::npos) base.gaps.push_back(i);
  }
}

void ends(Base& base, std::initializer_list<const char*> lines) {
  for (const char* line : lines) base.text.lines.emplace_back(line);
}

}  // namespace

const std::string& word(Random& random) {
  static const Lines words = {"check", "fetch",   "review", "style", "score",  "merge",  "rank",
                              "prüfe", "lint",    "draft",  "notes", "schema", "bounds", "tests",
                              "naïve", "release", "audit",  "topic", "plan",   "split"};
  return random.of(words);
}

Lines names(std::size_t count, Random& random) {
  Lines made;
  while (made.size() < count) {
    std::string name = fmt::format("{}_{}", word(random), word(random));
    if (std::find(made.begin(), made.end(), name) == made.end()) made.push_back(std::move(name));
  }
  return made;
}

void add_block(Base& base, const std::string& name, const Lines& lines) {
  const std::size_t begin = base.text.lines.size();
  base.text.lines.insert(base.text.lines.end(), lines.begin(), lines.end());
  base.blocks.push_back({name, begin, base.text.lines.size()});
}

Lines yaml_node(const std::string& name, Random& random, bool spaced) {
  Lines lines = {fmt::format("    - id: {}", name), "      kind: command"};
  if (random.percent(80)) lines.push_back(fmt::format("      run: ./bin/{}.sh --level {}", name, random.between(1, 3)));
  if (random.percent(25))
    lines.push_back(fmt::format("      description: \"what '{}' finds - <raw> & all\"", word(random)));
  lines.push_back(fmt::format("      timeout_ms: {}", random.between(1, 3) * 10000));
  lines.push_back(fmt::format("      retries: {}", random.between(1, 3)));
  lines.push_back(fmt::format("      writes: [{}]", random.percent(50) ? "notes" : "score"));
  if (spaced) lines.insert(lines.begin(), "");
  return lines;
}

Base yaml_base(Random& random) {
  Base base;
  base.text.path = "flows/nightly/experience.yaml";
  ends(base, {"name: nightly", "version: 0.1.0", "description: \"Looks – each night – at “what’s new”.\"",
              "state:", "  schema:", "    notes: { type: array, merge: array_append }", "    score: { type: number }",
              "graph:", "  nodes:"});
  const bool spaced = random.percent(30);
  for (const std::string& name : names(random.between(10, 40), random))
    add_block(base, name, yaml_node(name, random, spaced));
  ends(base, {"  edges: []"});
  mark(base, "timeout_ms: ", "      retries: ");
  return base;
}

Lines json_entry(const std::string& name, Random& random) {
  return {"    {",
          fmt::format("      \"id\": \"{}\",", name),
          fmt::format("      \"pattern\": \"<{}> & '…'\",", word(random)),
          fmt::format("      \"level\": {},", random.between(1, 3)),
          fmt::format("      \"enabled\": {}", random.percent(50) ? "true" : "false"),
          "    },"};
}

Base json_base(Random& random) {
  Base base;
  base.text.path = "config/rules.json";
  ends(base, {"{", "  \"name\": \"Règles\",", "  \"limits\": { \"most\": 20 },", "  \"rules\": ["});
  for (const std::string& name : names(random.between(6, 24), random)) add_block(base, name, json_entry(name, random));
  ends(base, {"    { \"id\": \"last\", \"level\": 1 }", "  ]", "}"});
  mark(base, "\"level\": ", "      \"enabled\"");
  base.scalars.pop_back();
  return base;
}

std::string row(const std::string& name, Random& random) {
  return fmt::format("{{\"case\": \"{}\", \"input\": {{\"text\": \"it’s {} & <{}>\"}}, \"expected\": {}}}", name,
                     word(random), word(random), random.between(1, 9));
}

Base rows_base(Random& random) {
  Base base;
  base.text.path = "flows/nightly/cases.jsonl";
  for (const std::string& name : names(random.between(8, 40), random)) add_block(base, name, {row(name, random)});
  mark(base, "\"expected\"", "\"case\"");
  return base;
}

Lines js_function(const std::string& name, Random& random) {
  Lines lines = {fmt::format("export function {}(items) {{", name)};
  if (random.percent(30)) lines.push_back(fmt::format("\t// {} - “{}” only", word(random), word(random)));
  lines.push_back(fmt::format("\tconst limit = {};", random.between(1, 4) * 5));
  lines.emplace_back("\tconst found = [];");
  lines.emplace_back("\tfor (const item of items) {");
  lines.push_back(fmt::format("\t\tif (item.score < limit && item.kind !== \"{}\") continue;", word(random)));
  lines.emplace_back("\t\tfound.push(item);");
  lines.emplace_back("\t}");
  lines.emplace_back("\treturn found;");
  lines.emplace_back("}");
  lines.emplace_back("");
  return lines;
}

Base js_base(Random& random) {
  Base base;
  base.text.path = "tools/report.mjs";
  ends(base, {"import { log } from './log.mjs';", "import fs from 'node:fs';", ""});
  for (const std::string& name : names(random.between(4, 14), random)) add_block(base, name, js_function(name, random));
  ends(base, {"export default { log, fs };"});
  mark(base, "const limit", "\t\tfound.push");
  return base;
}

Lines markdown_section(const std::string& name, Random& random) {
  Lines lines = {fmt::format("## {}", name), "", fmt::format("Look for “{}” – and what it’s for.", word(random)), ""};
  for (std::size_t i = random.between(2, 4); i > 0; --i)
    lines.push_back(
        fmt::format("- Give at most {} of <{}> & \"{}\".", random.between(1, 9), word(random), word(random)));
  if (random.percent(30)) lines.insert(lines.end(), {"", "```json", fmt::format("{{\"found\": \"{}\"}}", name), "```"});
  lines.emplace_back("");
  return lines;
}

Base markdown_base(Random& random) {
  Base base;
  base.text.path = "prompts/reviewer.md";
  ends(base, {"# Reviewer", "", "You review changes; répondez en français when asked.", ""});
  for (const std::string& name : names(random.between(4, 14), random))
    add_block(base, name, markdown_section(name, random));
  ends(base, {"Answer with JSON only."});
  mark(base, "- Give at most", "- Give at most");
  for (std::size_t i = 0; i < base.scalars.size(); ++i)
    if (base.text.lines[base.scalars[i]].find_first_of("0123456789") == std::string::npos)
      base.scalars.erase(base.scalars.begin() + static_cast<long>(i--));
  return base;
}

}  // namespace oe::surgeon
