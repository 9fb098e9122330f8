#include "oe/exec/dataset.hpp"

#include "oe/db/database.hpp"

#include "attempts.hpp"

namespace oe::exec {
namespace {

class DatasetExecutor : public AttemptsTest {
 protected:
  void SetUp() override { executor = make_dataset_executor({loop, processes}); }

  Attempt& prepare_dataset(graph::Dataset dataset) {
    Attempt& attempt = prepare(std::move(dataset));
    attempt.node.writes = {"cases"};
    return attempt;
  }
  Attempt& prepare_file(const std::string& uri, graph::RowFormat format) {
    return prepare_dataset({graph::FileSource{uri, format}});
  }
  const AttemptReport& query(const std::string& uri, const std::string& sql) {
    return run(prepare_dataset({graph::SqliteSource{uri, sql}}));
  }
};

TEST_F(DatasetExecutor, GivesTheRowsToTheOneFieldThatTheNodeWrites) {
  write("data/cases.csv", "a,b\n1,2\n");
  Attempt& attempt = prepare_file("data/cases.csv", graph::RowFormat::csv);
  const AttemptReport& report = run(attempt);
  EXPECT_EQ(report.outcome, ledger::Outcome::succeeded) << report.error;
  EXPECT_EQ(attempt.delta("cases"), R"([{"a":"1","b":"2"}])");
  EXPECT_EQ(report.state_delta.size(), 1U);
}

TEST_F(DatasetExecutor, FailsUnlessTheNodeWritesExactlyOneField) {
  write("x.json", "[]");
  for (const std::vector<std::string>& writes : {std::vector<std::string>{}, {"a", "b"}}) {
    Attempt& attempt = prepare_file("x.json", graph::RowFormat::json);
    attempt.node.writes = writes;
    EXPECT_THAT(run(attempt).error, testing::HasSubstr("writes exactly one field"));
    EXPECT_EQ(attempt.result().outcome, ledger::Outcome::failed);
  }
}

TEST_F(DatasetExecutor, NamesAMissingFileAndAWrongPlace) {
  EXPECT_THAT(run(prepare_file("no/such.json", graph::RowFormat::json)).error, testing::HasSubstr("no/such.json"));
  write("bad.json", "[\n1,,2]");
  EXPECT_THAT(run(prepare_file("bad.json", graph::RowFormat::json)).error, testing::StartsWith("bad.json:2:3"));
}

TEST_F(DatasetExecutor, RefusesAFileOverTheLimitWithoutReadingIt) {
  const auto path = write("huge.jsonl", "");
  std::filesystem::resize_file(path, kMaxDatasetBytes + 1);
  const AttemptReport& report = run(prepare_file("huge.jsonl", graph::RowFormat::jsonl));
  EXPECT_EQ(report.outcome, ledger::Outcome::failed);
  EXPECT_THAT(report.error, testing::HasSubstr("huge.jsonl"));
  EXPECT_LT(report.duration, std::chrono::milliseconds(500));
}

TEST_F(DatasetExecutor, GivesTheRowsOfAQueryAsObjects) {
  auto database = db::Database::open(directory.path() / "data.sqlite", db::Mode::read_write);
  ASSERT_TRUE(database);
  ASSERT_TRUE(database->execute("CREATE TABLE t(n INTEGER, name TEXT, x REAL)"));
  ASSERT_TRUE(database->execute("INSERT INTO t VALUES (1, 'one', 1.5), (2, NULL, NULL)"));
  Attempt& attempt = prepare_dataset({graph::SqliteSource{"data.sqlite", "SELECT n, name, x FROM t ORDER BY n"}});
  EXPECT_EQ(run(attempt).outcome, ledger::Outcome::succeeded) << attempt.result().error;
  EXPECT_EQ(attempt.delta("cases"), R"([{"n":1,"name":"one","x":1.5},{"n":2,"name":null,"x":null}])");
}

TEST_F(DatasetExecutor, CannotChangeOrMakeADatabase) {
  auto database = db::Database::open(directory.path() / "data.sqlite", db::Mode::read_write);
  ASSERT_TRUE(database->execute("CREATE TABLE t(n INTEGER)"));
  EXPECT_EQ(query("data.sqlite", "DELETE FROM t").outcome, ledger::Outcome::failed);
  EXPECT_EQ(query("missing.sqlite", "SELECT 1").outcome, ledger::Outcome::failed);
  EXPECT_FALSE(std::filesystem::exists(directory.path() / "missing.sqlite"));
  EXPECT_THAT(query("data.sqlite", "SELEKT 1").error, testing::HasSubstr("SQLite"));
}

TEST_F(DatasetExecutor, FailsForSourcesThatAreNotThereYet) {
  EXPECT_THAT(run(prepare_dataset({graph::HttpSource{.url = "http://localhost/"}})).error,
              testing::HasSubstr("dataset source 'http' is not supported yet"));
  EXPECT_THAT(run(prepare_dataset({graph::McpSource{}})).error, testing::HasSubstr("'mcp-resource'"));
}

TEST_F(DatasetExecutor, ACancelBeforeTheReadGivesNothing) {
  write("x.json", "[1]");
  Attempt& attempt = prepare_file("x.json", graph::RowFormat::json);
  start(attempt);
  executor->cancel(attempt.handle);
  executor->cancel(attempt.handle + 100);
  finish();
  EXPECT_EQ(attempt.result().outcome, ledger::Outcome::cancelled);
  EXPECT_TRUE(attempt.result().state_delta.empty());
}

}  // namespace
}  // namespace oe::exec
