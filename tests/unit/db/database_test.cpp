#include "oe/db/database.hpp"

#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>
#include <nlohmann/json.hpp>
#include <sys/wait.h>
#include <unistd.h>

namespace oe::db {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class DatabaseTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = fs::temp_directory_path() / "oe-db-XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    directory_ = name;
  }
  void TearDown() override { fs::remove_all(directory_); }

  fs::path file() const { return directory_ / "some file.sqlite"; }
  Database opened(Mode mode = Mode::read_write) const { return *Database::open(file(), mode); }

  fs::path directory_;
};

Value one(Database& database, std::string_view sql, const std::vector<Value>& parameters = {}) {
  const Result<std::vector<Value>> rows = database.query(sql, parameters);
  if (!rows || rows->size() != 1) return Value::of(rows ? "not one row" : rows.error().to_string());
  return rows->front();
}

TEST_F(DatabaseTest, ReadsEveryKindOfValueAsItWasBound) {
  Database database = opened();
  const std::string text("a\0b\xC3\xA9", 5);
  const Value row = one(
      database, "SELECT ? AS n, ? AS i, ? AS f, ? AS t, ? AS b",
      {Value(), Value::of(std::numeric_limits<std::int64_t>::min()), Value::of(0.1), Value::of(text), Value::of(true)});
  EXPECT_TRUE(row.json().at("n").is_null());
  EXPECT_EQ(row.json().at("i").get<std::int64_t>(), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(row.json().at("f").get<double>(), 0.1);
  EXPECT_TRUE(row.json().at("f").is_number_float());
  EXPECT_EQ(row.json().at("t").get<std::string>(), text);
  EXPECT_EQ(row.json().at("b").get<int>(), 1);
}

TEST_F(DatabaseTest, BindsObjectsArraysAndHugeNumbersAsTheirJsonText) {
  Database database = opened();
  const Value huge(nlohmann::json(std::numeric_limits<std::uint64_t>::max()));
  const Value row =
      one(database, "SELECT ? AS o, ? AS a, ? AS h", {*Value::parse(R"({"k":[1]})"), Value::array(), huge});
  EXPECT_EQ(row.get("o").string_or(""), R"({"k":[1]})");
  EXPECT_EQ(row.get("a").string_or(""), "[]");
  EXPECT_EQ(row.get("h").string_or(""), "18446744073709551615");
}

TEST_F(DatabaseTest, ReadsABlobAsText) {
  Database database = opened();
  EXPECT_EQ(one(database, "SELECT x'6869' AS b").get("b").string_or(""), "hi");
}

TEST_F(DatabaseTest, KeepsRowsUnderTheOrderThatTheQueryGivesAndNoMoreThanTheLimit) {
  Database database = opened();
  ASSERT_TRUE(database.execute("CREATE TABLE t(a); INSERT INTO t VALUES (3), (1), (2)"));
  const Result<std::vector<Value>> rows = database.query("SELECT a FROM t ORDER BY a", {}, 2);
  ASSERT_TRUE(rows);
  ASSERT_EQ(rows->size(), 2U);
  EXPECT_EQ(rows->at(1).dump(), R"({"a":2})");
  EXPECT_EQ(database.query("SELECT a FROM t")->size(), 3U);
}

TEST_F(DatabaseTest, RunsAKeptStatementAgainWithOtherParameters) {
  Database database = opened();
  ASSERT_TRUE(database.execute("CREATE TABLE t(a PRIMARY KEY)"));
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(database.execute("INSERT INTO t VALUES (?)", {std::int64_t{i}}));
  EXPECT_FALSE(database.execute("INSERT INTO t VALUES (?)", {std::int64_t{1}}));
  EXPECT_TRUE(database.execute("INSERT INTO t VALUES (?)", {std::int64_t{7}})) << "a failure must not stick";
  EXPECT_EQ(one(database, "SELECT sum(a) AS s FROM t").dump(), R"({"s":10})");
}

TEST_F(DatabaseTest, GivesRowsOneAtATimeAsTheyWereBound) {
  Database database = opened();
  const std::string long_text(5000, 'x');
  const std::string with_nul("a\0b", 3);
  ASSERT_TRUE(database.execute("CREATE TABLE t(a, b, c, d, e)"));
  ASSERT_TRUE(database.execute("INSERT INTO t VALUES (?, ?, ?, ?, ?)",
                               {std::int64_t{-5}, 0.5, std::string_view(), std::monostate{}, with_nul}));
  ASSERT_TRUE(database.execute("INSERT INTO t VALUES (?, 1, ?, 'y', 2)", {std::string_view(long_text), long_text}));
  std::vector<std::string> texts;
  ASSERT_TRUE(database.each("SELECT a, b, c, d, e FROM t ORDER BY rowid LIMIT ?", {std::int64_t{9}}, [&](const Row& row) {
    if (texts.empty()) {
      EXPECT_EQ(row.integer(0), -5);
      EXPECT_EQ(row.number(1), 0.5);
      EXPECT_FALSE(row.is_null(2)) << "empty text is no NULL";
      EXPECT_TRUE(row.is_null(3));
      EXPECT_EQ(row.text(4), with_nul);
      EXPECT_EQ(row.integer(3), 0);
    }
    texts.push_back(std::string(row.text(0)) + std::string(row.text(3)));
  }));
  EXPECT_EQ(texts, (std::vector<std::string>{"-5", long_text + "y"}));
  EXPECT_FALSE(database.each("SELECT ?", {}, [](const Row&) {}));
  EXPECT_TRUE(database.execute("DROP TABLE t")) << "a reader that is done holds no lock";
}

TEST_F(DatabaseTest, AFailedStatementCanBeMendedAndRunAgain) {
  Database database = opened();
  EXPECT_FALSE(database.query("SELECT a FROM later"));
  ASSERT_TRUE(database.execute("CREATE TABLE later(a)"));
  EXPECT_TRUE(database.query("SELECT a FROM later"));
}

TEST_F(DatabaseTest, SaysWhatSqliteSaysAndWhichFile) {
  Database database = opened();
  const Result<std::vector<Value>> rows = database.query("SELECT * FROM nowhere");
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().kind(), ErrorKind::environment);
  EXPECT_THAT(rows.error().message(), HasSubstr("no such table: nowhere"));
  EXPECT_THAT(rows.error().message(), HasSubstr("some file.sqlite"));
}

TEST_F(DatabaseTest, NamesTheWordAtWhichTheSyntaxGoesWrong) {
  Database database = opened();
  for (const char* sql : {"SELEC 1", "SELECT 1 FRM t", "SELECT 1 FRM t; SELECT 2", "SELECT 'open"}) {
    const Result<std::vector<Value>> rows = database.query(sql);
    ASSERT_FALSE(rows) << sql;
    EXPECT_THAT(rows.error().message(), HasSubstr("SQLite: ")) << sql;
    EXPECT_THAT(rows.error().message(), testing::AnyOf(HasSubstr("syntax error"), HasSubstr("unrecognized token")));
  }
  EXPECT_THAT(database.query("SELEC 1").error().message(), HasSubstr("near \"SELEC\": syntax error"));
}

TEST_F(DatabaseTest, RefusesTheWrongNumberOfParameters) {
  Database database = opened();
  const Result<std::vector<Value>> rows = database.query("SELECT ?, ?", {Value::of(1)});
  ASSERT_FALSE(rows);
  EXPECT_THAT(rows.error().message(), HasSubstr("takes 2 parameters, not 1"));
  EXPECT_FALSE(database.query("SELECT 1", {Value::of(1)}));
}

TEST_F(DatabaseTest, RefusesASecondStatementInsteadOfForgettingIt) {
  Database database = opened();
  ASSERT_TRUE(database.execute("CREATE TABLE t(a)"));
  const Result<std::vector<Value>> rows = database.query("SELECT 1; DROP TABLE t");
  ASSERT_FALSE(rows);
  EXPECT_THAT(rows.error().message(), HasSubstr("more than one statement"));
  EXPECT_TRUE(database.query("SELECT 1; -- only a comment\n;")) << "what is no statement does no harm";
  EXPECT_FALSE(database.query("  -- nothing"));
  EXPECT_FALSE(database.query(""));
  EXPECT_FALSE(database.query(std::string("SELECT 1\0; DROP TABLE t", 23)));
}

TEST_F(DatabaseTest, ReadOnlyNeitherWritesNorMakesAFile) {
  const Result<Database> missing = Database::open(file(), Mode::read_only);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind(), ErrorKind::environment);
  EXPECT_FALSE(missing.error().hint().empty());
  EXPECT_FALSE(fs::exists(file()));

  ASSERT_TRUE(opened().execute("CREATE TABLE t(a)"));
  Database reader = opened(Mode::read_only);
  EXPECT_TRUE(reader.query("SELECT * FROM t"));
  EXPECT_FALSE(reader.execute("INSERT INTO t VALUES (1)"));
}

TEST_F(DatabaseTest, AFileThatIsNoDatabaseIsAnInputError) {
  std::ofstream(file()) << std::string(4096, 'x');
  for (const Mode mode : {Mode::read_only, Mode::read_write}) {
    const Result<Database> database = Database::open(file(), mode);
    ASSERT_FALSE(database);
    EXPECT_EQ(database.error().kind(), ErrorKind::input);
    EXPECT_THAT(database.error().message(), HasSubstr("some file.sqlite"));
  }
}

TEST_F(DatabaseTest, KeepsAWriteAheadLog) {
  Database database = opened();
  EXPECT_EQ(one(database, "PRAGMA journal_mode").dump(), R"({"journal_mode":"wal"})");
  EXPECT_EQ(one(database, "PRAGMA synchronous").dump(), R"({"synchronous":1})");
  EXPECT_EQ(one(database, "PRAGMA busy_timeout").dump(), R"({"timeout":5000})");
  EXPECT_EQ(one(database, "PRAGMA foreign_keys").dump(), R"({"foreign_keys":0})");
}

TEST_F(DatabaseTest, AQueryThatStopsEarlyHoldsNoLock) {
  Database first = opened();
  ASSERT_TRUE(first.execute("CREATE TABLE t(a); INSERT INTO t VALUES (1), (2)"));
  ASSERT_EQ(first.query("SELECT a FROM t", {}, 1)->size(), 1U);
  EXPECT_TRUE(first.execute("DROP TABLE t"));
}

TEST_F(DatabaseTest, ATransactionRollsBackUnlessItIsCommitted) {
  Database database = opened();
  ASSERT_TRUE(database.execute("CREATE TABLE t(a)"));
  {
    Result<Transaction> transaction = Transaction::begin(database);
    ASSERT_TRUE(transaction);
    const Transaction moved = std::move(*transaction);
    ASSERT_TRUE(database.execute("INSERT INTO t VALUES (1)"));
  }
  EXPECT_EQ(one(database, "SELECT count(*) AS n FROM t").dump(), R"({"n":0})");
  {
    Result<Transaction> transaction = Transaction::begin(database);
    ASSERT_TRUE(database.execute("INSERT INTO t VALUES (1)"));
    ASSERT_TRUE(transaction->commit());
  }
  EXPECT_EQ(one(database, "SELECT count(*) AS n FROM t").dump(), R"({"n":1})");
}

TEST_F(DatabaseTest, ProcessesThatOpenAndWriteAtOnceWaitForEachOther) {
  constexpr int kProcesses = 6;
  constexpr int kRows = 20;
  std::vector<pid_t> children;
  for (int i = 0; i < kProcesses; ++i) {
    const pid_t child = fork();
    if (child == 0) {
      Result<Database> database = Database::open(file(), Mode::read_write);
      bool good = database && database->execute("CREATE TABLE IF NOT EXISTS t(a)");
      for (int row = 0; good && row < kRows; ++row) {
        Result<Transaction> transaction = Transaction::begin(*database);
        good = transaction && database->query("SELECT count(*) AS n FROM t") &&
               database->execute("INSERT INTO t VALUES (?)", {std::int64_t{row}}) && transaction->commit();
      }
      _exit(good ? 0 : 1);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
  Database database = opened();
  EXPECT_EQ(one(database, "SELECT count(*) AS n FROM t").get("n").json().get<int>(), kProcesses * kRows);
}

}  // namespace
}  // namespace oe::db
