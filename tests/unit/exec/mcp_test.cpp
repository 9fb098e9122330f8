#include <fmt/core.h>

#include "attempts.hpp"

namespace oe::exec {
namespace {

using ledger::Outcome;
using testing::Contains;
using testing::HasSubstr;

/// With tests/fakes/mcp_server.mjs.
class McpResource : public AttemptsTest {
 protected:
  void SetUp() override {
    executor = make_dataset_executor({loop, processes});
    configure("servers");
  }

  void configure(const std::string& key, const std::string& folder = "") {
    std::string servers;
    for (const char* manner :
         {"list", "object", "text", "blob", "many", "refuse", "odd", "deaf", "rude", "chatty", "dies"})
      servers += fmt::format(
          R"({}"{}": {{"command": "node", "args": ["{}/tests/fakes/mcp_server.mjs", "{}"], "env": {{"GREETING": "you"}}}})",
          servers.empty() ? "" : ",", manner, OE_SOURCE_DIR, manner);
    servers +=
        R"(, "gone": {"command": "no-such-program-7"}, "silent": {"command": "true"}, "remote": {"url": "http://h"})";
    write(folder + "mcp.json", fmt::format(R"({{"{}": {{{}}}}})", key, servers));
  }
  Attempt& prepare_resource(const std::string& server, const std::string& folder = "") {
    Attempt& attempt =
        prepare(graph::Dataset{graph::McpSource{server, "notes://{{$item}}", folder}}, R"({"$item":"a"})");
    attempt.node.writes = {"rows"};
    return attempt;
  }
  Attempt& read(const std::string& server) {
    Attempt& attempt = prepare_resource(server);
    run(attempt);
    return attempt;
  }
  std::string rows(const std::string& server) {
    const Attempt& attempt = read(server);
    return attempt.result().error.empty() ? attempt.delta("rows") : attempt.result().error;
  }
};

TEST_F(McpResource, GivesEachKindOfContentsAsRows) {
  EXPECT_EQ(rows("list"), R"([{"id":1},{"id":2}])");
  EXPECT_EQ(rows("object"), R"([{"id":1}])");
  EXPECT_EQ(rows("text"), R"([{"mimeType":"text/plain","text":"hello"}])");
  EXPECT_EQ(rows("blob"), R"([{"blob":"AAEC","mimeType":"image/png"}])");
  EXPECT_EQ(
      rows("many"),
      R"([{"id":1},{"id":2},{"id":1},{"mimeType":"text/plain","text":"hello"},{"blob":"AAEC","mimeType":"image/png"},)"
      R"({"text":"[not json"}])");
}

TEST_F(McpResource, AnswersWhatAServerMayAsk) {
  const Attempt& attempt = read("chatty");
  EXPECT_EQ(attempt.result().error, "");
  EXPECT_EQ(attempt.delta("rows"), R"([{"id":1},{"id":2}])");
  EXPECT_THAT(attempt.activities, Contains("hello oe you"));
  EXPECT_THAT(attempt.activities, Contains("refused: -32601"));
}

TEST_F(McpResource, SaysWhatIsWrongWithTheConfiguration) {
  EXPECT_EQ(rows("lst"), "mcp.json has no server 'lst'\nhint: did you mean 'list'?");
  EXPECT_THAT(rows("other"), HasSubstr("hint: it has blob, chatty, deaf"));
  EXPECT_THAT(rows("remote"), HasSubstr("the server 'remote' in mcp.json has no command"));
  write("mcp.json", "{\"servers\":\n oops}");
  EXPECT_THAT(rows("list"), HasSubstr("mcp.json:2:2"));
  write("mcp.json", "{}");
  EXPECT_THAT(rows("list"), HasSubstr("mcp.json has no servers"));
  std::filesystem::remove(directory.path() / "mcp.json");
  EXPECT_THAT(rows("list"), HasSubstr("there is no mcp.json beside the workflow"));
}

TEST_F(McpResource, SaysHowAServerFails) {
  EXPECT_THAT(rows("gone"), HasSubstr("no-such-program-7"));
  EXPECT_EQ(rows("silent"), "the server 'silent' does not start: exit status 0");
  EXPECT_EQ(rows("rude"), "the server 'rude' does not start: come back later");
  EXPECT_EQ(rows("refuse"), "the server 'refuse' cannot read notes://a: no such resource: notes://a");
  EXPECT_THAT(rows("odd"), HasSubstr("the server 'odd' cannot read notes://a: it gives no list of contents"));
  EXPECT_EQ(rows("dies"), "the server 'dies' ended before it answered: exit status 7: out of memory");
  EXPECT_EQ(attempts.back().result().outcome, Outcome::failed);
}

TEST_F(McpResource, TakesTheNameThatOtherProgramsGiveTheServers) {
  configure("mcpServers");
  EXPECT_EQ(rows("object"), R"([{"id":1}])");
}

TEST_F(McpResource, OfAnIncludedWorkflowIsConfiguredThere) {
  std::filesystem::remove(directory.path() / "mcp.json");
  configure("servers", "sub/");
  Attempt& attempt = prepare_resource("object", "sub");
  EXPECT_EQ(run(attempt).error, "");
}

TEST_F(McpResource, EndsAtItsTimeoutAndWhenItIsCancelled) {
  Attempt& late = prepare_resource("deaf");
  late.spec.timeout = std::chrono::milliseconds(400);
  EXPECT_EQ(run(late).outcome, Outcome::timed_out);
  Attempt& cancelled = prepare_resource("deaf");
  start(cancelled);
  loop.after(std::chrono::milliseconds(200), [&] { executor->cancel(cancelled.handle); });
  finish();
  EXPECT_EQ(cancelled.result().outcome, Outcome::cancelled);
}

}  // namespace
}  // namespace oe::exec
