#include "oe/exec/content.hpp"

#include "attempts.hpp"
#include "exec/imports.hpp"

namespace oe::exec {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

class ContentTest : public AttemptsTest {
 protected:
  std::map<std::string, std::string> files(graph::Work work) {
    return files_of({.id = {"n"}, .work = std::move(work)}, directory.path()).value();
  }
  std::vector<std::string> names(graph::Work work) {
    std::vector<std::string> found;
    for (const auto& [path, digest] : files(std::move(work)))
      found.push_back(digest.empty() ? "missing " + path : path);
    return found;
  }
};

TEST_F(ContentTest, FollowsImportsAlsoInCycles) {
  write("tools/a.mjs", "import x from './b.mjs';\nexport { y } from \"../lib/c.mjs\";\nimport fs from 'node:fs';");
  write("tools/b.mjs", "import('./a.mjs'); const d = require('./d');");
  write("tools/d.js", "");
  write("lib/c.mjs", "import './gone.mjs'");
  EXPECT_THAT(names(graph::Tool{.impl = "tools/a.mjs"}),
              UnorderedElementsAre("tools/a.mjs", "tools/b.mjs", "tools/d.js", "lib/c.mjs", "missing lib/gone.mjs"));
}

TEST_F(ContentTest, SeesANewContentOfAnImportedFileOfTheSameSize) {
  write("a.mjs", "import './b.mjs'");
  write("b.mjs", "1");
  const auto before = files(graph::Tool{.impl = "a.mjs"});
  EXPECT_EQ(before, files(graph::Tool{.impl = "a.mjs"}));
  write("b.mjs", "2");
  const auto after = files(graph::Tool{.impl = "a.mjs"});
  EXPECT_EQ(before.at("a.mjs"), after.at("a.mjs"));
  EXPECT_NE(before.at("b.mjs"), after.at("b.mjs"));
}

TEST_F(ContentTest, KnowsThePythonModulesBesideATool) {
  write("t.py", "import os, helper\nfrom . import near\nfrom .pack.deep import thing # import no\n");
  for (const char* name : {"helper.py", "near.py", "pack/deep.py"}) write(name, "");
  EXPECT_THAT(names(graph::Tool{.impl = "t.py"}), UnorderedElementsAre("t.py", "helper.py", "near.py", "pack/deep.py"));
}

TEST_F(ContentTest, TakesInPromptsDatasetsScriptsAndWholeBodies) {
  write("p.md", "");
  write("rows.csv", "");
  write("run.py", "");
  graph::Graph body;
  body.nodes.push_back({.id = {"x"}, .work = graph::Agent{.prompt = "p.md"}});
  body.nodes.push_back(
      {.id = {"y"}, .work = graph::Command{.run = std::vector<std::string>{"python3", "run.py", "x"}}});
  graph::Each each{.rows = graph::Dataset{graph::FileSource{"rows.csv", graph::RowFormat::csv}}, .body = body};
  EXPECT_THAT(names(each), ElementsAre("p.md", "rows.csv", "run.py"));
}

TEST_F(ContentTest, OfAnIncludedWorkflowCountsFromTheOuterOne) {
  for (const char* name : {"sub/c.yaml", "sub/t.mjs", "sub/S.md", "sub/mcp.json"}) write(name, "");
  graph::Subgraph child{.impl = "sub/c.yaml"};
  child.body->nodes.push_back({.id = {"t"}, .work = graph::Tool{.impl = "sub/t.mjs"}});
  child.body->nodes.push_back({.id = {"s"}, .work = graph::Skill{.impl = "sub/S.md"}});
  child.body->nodes.push_back({.id = {"m"}, .work = graph::Dataset{graph::McpSource{"s", "u", "sub"}}});
  EXPECT_THAT(names(child), UnorderedElementsAre("sub/c.yaml", "sub/t.mjs", "sub/S.md", "sub/mcp.json"));
}

TEST_F(ContentTest, FindsTheFilesThatACommandNames) {
  for (const char* name : {"tools/x.sh", "data.txt", "own.sh"}) write(name, "");
  EXPECT_THAT(names(graph::Command{.run = "sh 'tools/x.sh' <data.txt | grep -v nothing.txt; ./own.sh"}),
              UnorderedElementsAre("tools/x.sh", "data.txt", "own.sh"));
  EXPECT_THAT(names(graph::Command{.run = std::vector<std::string>{"sh", "tools/x.sh", "data.txt"}}),
              UnorderedElementsAre("tools/x.sh", "data.txt"));
}

TEST_F(ContentTest, OneDigestForAWorkflowChangesWithEachOfItsFiles) {
  write("a.mjs", "1");
  graph::Graph graph;
  graph.nodes.push_back({.id = {"n"}, .work = graph::Tool{.impl = "a.mjs"}});
  const auto digest = [&](std::string_view text) { return content_digest(graph, text, directory.path()).value(); };
  const std::string first = digest("w");
  EXPECT_EQ(first, digest("w"));
  EXPECT_NE(first, digest("v"));
  write("a.mjs", "22");
  EXPECT_NE(first, digest("w"));
}

TEST(RelativeImports, AreNotFoundInCommentsAndTexts) {
  EXPECT_THAT(
      relative_imports("// import './a.mjs'\n/* require('./b') */ const s = \"import './c.mjs'\";\n"
                       "const t = `from './d'`; const r = /'/; \nimport * as e from './e.mjs'; y = x.from['./f']",
                       "t.mjs"),
      ElementsAre("./e.mjs"));
}

}  // namespace
}  // namespace oe::exec
