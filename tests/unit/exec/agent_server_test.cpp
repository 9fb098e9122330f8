#include <nlohmann/json.hpp>

#include "attempts.hpp"
#include "fakes/model_server.hpp"

namespace oe::exec {
namespace {

using ledger::Outcome;
using testing::HasSubstr;

/// Agents and the real client of models, against a server that speaks its API.
class AgentAtAServer : public AttemptsTest {
 protected:
  void SetUp() override {
    server.emplace();
    write("p.md", "Judge {{$item}}");
    open(server->url("/v1"));
  }
  void TearDown() override {
    executor.reset();
    server.reset();
    AttemptsTest::TearDown();
  }

  void open(const std::string& base_url) {
    graph::Models models{.standard = "m",
                         .all = {{.name = "m",
                                  .provider = "openai-chat",
                                  .model = "tiny",
                                  .base_url = base_url,
                                  .key_env = "K",
                                  .retries = 0}}};
    auto environment = [](const std::string& name) {
      return name == "K" ? std::optional<std::string>("k") : std::nullopt;
    };
    executor = make_agent_executor({.loop = loop,
                                    .processes = processes,
                                    .models = llm::make_client({.loop = loop,
                                                                .processes = processes,
                                                                .clock = sys::system_clock(),
                                                                .models = std::move(models),
                                                                .directory = directory.path(),
                                                                .environment = environment})});
  }
  Attempt& prepare_agent(const std::string& item, std::string_view schema = "null") {
    Attempt& attempt = prepare(graph::Agent{.prompt = "p.md", .ask = {.schema = Value::parse(schema).value()}},
                               nlohmann::json{{"$item", item}}.dump());
    attempt.node.writes = {"x"};
    return attempt;
  }

  std::optional<fakes::ModelServer> server;
};

TEST_F(AgentAtAServer, EachItemHasItsOwnPrompt) {
  Attempt& first = prepare_agent("apples");
  Attempt& second = prepare_agent("pears");
  start(first);
  start(second);
  finish();
  EXPECT_EQ(first.delta("x"), "\"You said: Judge apples\"") << first.result().error;
  EXPECT_EQ(second.delta("x"), "\"You said: Judge pears\"");
  EXPECT_EQ(first.result().metrics->get("model"), Value::of("tiny"));
}

TEST_F(AgentAtAServer, AnObjectThatFitsTheSchemaGoesOverItsFields) {
  constexpr const char* kSchema =
      R"({"type":"object","properties":{"x":{"type":"integer"}},"required":["x"],"additionalProperties":false})";
  server->set_script({{"rules", {{{"reply", {{"json", {{"x", 4}}}}}}}}});
  Attempt& good = prepare_agent("a", kSchema);
  run(good);
  EXPECT_EQ(good.delta("x"), "4") << good.result().error;
  server->set_script({{"rules", {{{"reply", {{"json", {{"x", "four"}}}}}}}}});
  Attempt& bad = prepare_agent("a", kSchema);
  EXPECT_EQ(run(bad).outcome, Outcome::failed);
  EXPECT_THAT(bad.result().error, HasSubstr("/x"));
  EXPECT_EQ(bad.result().metrics->get("calls"), Value::of(2)) << "it was asked once more";
}

TEST_F(AgentAtAServer, ABusyServerIsAFailureAndNobodyThereIsTheMachine) {
  server->set_script({{"rules", {{{"fault", {{"status", 503}, {"message", "busy"}}}}}}});
  const AttemptReport& busy = run(prepare_agent("a"));
  EXPECT_EQ(busy.http_status, 503);
  EXPECT_FALSE(busy.is_environment);
  open("http://127.0.0.1:1/v1");
  const AttemptReport& nobody = run(prepare_agent("a"));
  EXPECT_TRUE(nobody.is_environment);
  EXPECT_THAT(nobody.error, HasSubstr("127.0.0.1"));
}

TEST_F(AgentAtAServer, ItsTimeoutEndsTheCall) {
  server->set_script({{"rules", {{{"hang", "head"}}}}});
  Attempt& attempt = prepare_agent("a");
  attempt.spec.timeout = std::chrono::milliseconds(300);
  EXPECT_EQ(run(attempt).outcome, Outcome::timed_out);
}

}  // namespace
}  // namespace oe::exec
