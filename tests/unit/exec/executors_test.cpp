#include "attempts.hpp"

namespace oe::exec {
namespace {

class StandardExecutors : public AttemptsTest {};

TEST_F(StandardExecutors, AreThereForEachLeafKind) {
  const Executors executors = standard_executors({loop, processes});
  for (const auto* kind : {"tool", "command", "dataset", "human", "agent", "skill", "cli-agent"})
    EXPECT_NE(executors.find(kind), nullptr) << kind;
  for (const auto* kind : {"experience", "", "Tool"}) EXPECT_EQ(executors.find(kind), nullptr) << kind;
}

TEST_F(StandardExecutors, ALaterOneTakesThePlaceOfAnEarlierOne) {
  Executors executors;
  const auto dataset = make_dataset_executor({loop, processes});
  executors.add("tool", make_tool_executor({loop, processes}));
  executors.add("tool", dataset);
  EXPECT_EQ(executors.find("tool"), dataset.get());
}

TEST_F(StandardExecutors, RefuseANodeOfAnotherKind) {
  const Executors executors = standard_executors({loop, processes});
  for (const auto* kind : {"tool", "dataset", "command", "cli-agent"}) {
    executor = std::shared_ptr<Executor>(executors.find(kind), [](Executor*) {});
    Attempt& attempt = prepare(graph::Agent{});
    EXPECT_EQ(run(attempt).outcome, ledger::Outcome::failed);
    EXPECT_THAT(attempt.result().error, testing::HasSubstr("node 'n' is not a " + std::string(kind)));
  }
}

}  // namespace
}  // namespace oe::exec
