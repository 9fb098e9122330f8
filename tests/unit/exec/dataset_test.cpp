#include "oe/exec/dataset.hpp"

#include "oe/db/database.hpp"

#include "attempts.hpp"
#include "unit/sanitized.hpp"

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
  EXPECT_LT(report.duration, std::chrono::milliseconds(2000));
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

TEST_F(DatasetExecutor, OnlyFilesAndQueriesAreReadRowByRow) {
  for (const graph::Dataset& dataset : {graph::Dataset{graph::HttpSource{}}, graph::Dataset{graph::McpSource{}}}) {
    const auto rows = open_rows(dataset, directory.path());
    ASSERT_FALSE(rows);
    EXPECT_THAT(rows.error().to_string(), testing::HasSubstr("load it with a dataset node first"));
  }
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

TEST_F(DatasetExecutor, FillsTheSourceFromItsInputAndBindsWhatStandsInAQuery) {
  write("data/a.jsonl", "1\n2\n");
  Attempt& file = prepare_file("data/{{name}}.jsonl", graph::RowFormat::jsonl);
  file.spec.input = Value::parse(R"({"_state":{"name":"a"}})").value();
  EXPECT_EQ(run(file).error, "");
  EXPECT_EQ(file.delta("cases"), "[1,2]");
  auto database = db::Database::open(directory.path() / "d.sqlite", db::Mode::read_write);
  ASSERT_TRUE(database->execute("CREATE TABLE t(n INTEGER, name TEXT); INSERT INTO t VALUES (1, 'o''neil'), (2, 'x')"));
  for (const std::string condition : {"name = {{who}}", "name = '{{who}}'", "name LIKE '{{who}}%' AND n = {{n}}"}) {
    Attempt& query = prepare_dataset({graph::SqliteSource{"d.sqlite", "SELECT n FROM t WHERE " + condition}});
    query.spec.input = Value::parse(R"({"who":"o'neil","n":1})").value();
    EXPECT_EQ(run(query).error, "") << condition;
    EXPECT_EQ(query.delta("cases"), R"([{"n":1}])") << condition;
  }
  Attempt& list = prepare_dataset({graph::SqliteSource{"d.sqlite", "SELECT {{list}} AS list FROM t"}});
  list.spec.input = Value::parse(R"({"list":[1,"a long text that no small string holds in itself"]})").value();
  EXPECT_EQ(run(list).error, "");
  EXPECT_THAT(list.delta("cases"), testing::HasSubstr("no small string holds in itself"));
  Attempt& hostile = prepare_dataset({graph::SqliteSource{"d.sqlite", "SELECT n FROM t WHERE name = '{{who}}'"}});
  hostile.spec.input = Value::parse(R"({"who":"' OR 1=1 --"})").value();
  EXPECT_EQ(run(hostile).error, "");
  EXPECT_EQ(hostile.delta("cases"), "[]");
  Attempt& name = prepare_dataset({graph::SqliteSource{"d.sqlite", R"(SELECT "{{who}}" FROM t)"}});
  name.spec.input = Value::parse(R"({"who":"n"})").value();
  EXPECT_THAT(run(name).error, testing::HasSubstr("inside a quoted name"));
  EXPECT_THAT(run(prepare_file("{{gone}}.csv", graph::RowFormat::csv)).error, testing::HasSubstr("{{gone}}"));
}

TEST_F(DatasetExecutor, ATimeoutAndACancelComeBetweenRows) {
  std::string many;
  for (int i = 0; i < 200000; ++i) many += "{\"a\":[1,2,3,4,5,6,7,8,9]}\n";
  write("many.jsonl", many);
  Attempt& late = prepare_file("many.jsonl", graph::RowFormat::jsonl);
  late.spec.timeout = std::chrono::milliseconds(20);
  EXPECT_EQ(run(late).outcome, ledger::Outcome::timed_out);
  Attempt& cancelled = prepare_file("many.jsonl", graph::RowFormat::jsonl);
  start(cancelled);
  loop.after(std::chrono::milliseconds(20), [&] { executor->cancel(cancelled.handle); });
  finish();
  EXPECT_EQ(cancelled.result().outcome, ledger::Outcome::cancelled);
}

std::size_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::size_t all = 0;
  std::size_t resident = 0;
  statm >> all >> resident;
  return resident * 4096;
}

TEST_F(DatasetExecutor, RowsOfALargeFileAreReadInBoundedMemory) {
  if (kIsSanitized) GTEST_SKIP() << "a sanitizer keeps what was freed";
  const std::string field(990, 'x');
  {
    std::ofstream lines(directory.path() / "big.jsonl");
    std::ofstream table(directory.path() / "big.csv");
    table << "a\n";
    for (int i = 0; i < 20000; ++i) {
      lines << "[\"" << field << "\"]\n";
      table << field << "\r\n";
    }
  }
  for (const auto& source :
       {graph::FileSource{"big.jsonl", graph::RowFormat::jsonl}, graph::FileSource{"big.csv", graph::RowFormat::csv}}) {
    const std::size_t before = resident_bytes();
    auto rows = open_rows({source}, directory.path());
    ASSERT_TRUE(rows) << rows.error().to_string();
    int count = 0;
    for (auto row = (*rows)->next(); row && *row; row = (*rows)->next()) ++count;
    EXPECT_EQ(count, 20000);
    EXPECT_LT(resident_bytes(), before + (std::size_t{8} << 20));
  }
}

TEST_F(DatasetExecutor, AnEndlessRowIsAnErrorAndNotAllOfTheMemory) {
  write("one.csv", "a\n\"" + std::string((std::size_t{17} << 20), 'x'));
  EXPECT_THAT(run(prepare_file("one.csv", graph::RowFormat::csv)).error,
              testing::AllOf(testing::StartsWith("one.csv:2:1"), testing::HasSubstr("never closed")));
}

}  // namespace
}  // namespace oe::exec
