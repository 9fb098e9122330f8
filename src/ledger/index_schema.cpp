#include "ledger/index_schema.hpp"

#include <charconv>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace oe::ledger {
namespace {

/// Goes up with every change of kTables; an index with a smaller number is made again from the journals.
constexpr int kSchemaVersion = 3;
/// The first oe that reads kSchemaVersion, for the message of an older one.
constexpr std::string_view kNeedsOe = "0.1.0";

/// A projection of runs/*.jsonl and proposals.jsonl, described for people in docs/ledger.md. Times are RFC 3339,
/// durations milliseconds, values JSON; `*_event` and state_history.id are event numbers in the run's journal.
constexpr std::string_view kTables = R"(
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE runs(
  id TEXT PRIMARY KEY, name TEXT, workflow TEXT, workflow_digest TEXT, status TEXT NOT NULL, reason TEXT,
  started_at TEXT NOT NULL, duration_ms REAL, nodes INTEGER, failed INTEGER, retried INTEGER, concurrency INTEGER,
  head TEXT, dirty INTEGER, args TEXT, oe_version TEXT, outputs TEXT, events INTEGER NOT NULL, journal_bytes INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE run_numbers(run_id TEXT PRIMARY KEY, number INTEGER NOT NULL UNIQUE) WITHOUT ROWID;
CREATE TABLE node_rows(
  key INTEGER PRIMARY KEY, node_id TEXT, phase TEXT, position INTEGER, items INTEGER, outcome TEXT, skip_cause TEXT,
  error TEXT, attempts INTEGER, ready_at TEXT, ended_at TEXT, ready_event INTEGER, ended_event INTEGER, edge_output TEXT,
  question TEXT
);
CREATE TABLE attempt_rows(
  key INTEGER PRIMARY KEY, node_id TEXT, item INTEGER, scope TEXT, attempt INTEGER, outcome TEXT, error TEXT,
  started_at TEXT, duration_ms REAL, exit_code INTEGER, signal INTEGER, input_digest TEXT, cache_hit INTEGER,
  reused_from TEXT, metrics TEXT, started_event INTEGER, ended_event INTEGER
);
CREATE TABLE write_rows(
  key INTEGER PRIMARY KEY, field TEXT NOT NULL, node_id TEXT NOT NULL, item INTEGER, place TEXT NOT NULL,
  value TEXT NOT NULL, digest TEXT, ts TEXT NOT NULL
);
CREATE TABLE state(run_id TEXT, field TEXT, value TEXT NOT NULL, PRIMARY KEY(run_id, field)) WITHOUT ROWID;
CREATE TABLE proposals(
  fingerprint TEXT PRIMARY KEY, status TEXT NOT NULL, operation TEXT, target TEXT, title TEXT, confidence TEXT,
  rule TEXT, workflow TEXT, base TEXT, runs TEXT, effect TEXT, reason TEXT, branch TEXT, commit_id TEXT, made_at TEXT
) WITHOUT ROWID;
)";

/// CROSS JOIN: SQLite takes the run first, and of the rows only its own.
std::string view(std::string_view name, std::string_view number, std::string_view rows, std::string_view columns) {
  return fmt::format(
      "CREATE VIEW {0} AS SELECT run_id, key & {4} AS {1}, {3} FROM run_numbers CROSS JOIN {2} "
      "ON key BETWEEN number << {5} AND (number << {5}) + {4};",
      name, number, rows, columns, kLastRow, kRowBits);
}

std::string views() {
  return view("nodes", "seq", "node_rows",
              "node_id, phase, position, items, outcome, skip_cause, error, attempts, ready_at, ended_at, ready_event, "
              "ended_event, edge_output, question") +
         view("attempts", "seq", "attempt_rows",
              "node_id, item, scope, attempt, outcome, error, started_at, duration_ms, exit_code, signal, input_digest, "
              "cache_hit, reused_from, metrics, started_event, ended_event") +
         view("state_history", "id", "write_rows", "field, node_id, item, place, value, digest, ts");
}

struct Relation {
  std::string type;  ///< "table" or "view"
  std::string name;
};

Result<std::vector<Relation>> relations(db::Database& database) {
  OE_TRY(const auto rows, database.query("SELECT type, name FROM sqlite_master WHERE type IN ('table', 'view')"));
  std::vector<Relation> relations;
  for (const Value& row : rows) relations.push_back({row.get("type").string_or(""), row.get("name").string_or("")});
  return relations;
}

/// 0 for no tables or those of nobody we know.
Result<int> schema_version(db::Database& database) {
  OE_TRY(const auto found, database.query("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'meta'"));
  if (found.empty()) return 0;
  OE_TRY(const std::string text, meta(database, "schema"));
  int version = 0;
  std::from_chars(text.data(), text.data() + text.size(), version);
  return version;
}

Error made_by_newer(int version, const std::string& needed) {
  return Error(ErrorKind::environment,
               fmt::format("the ledger's index has format {}; this oe reads format {}", version, kSchemaVersion),
               fmt::format("use oe {} or newer, or delete .openexpertise/state.sqlite: it is made again from the runs",
                           needed.empty() ? std::string("that made it") : needed));
}

}  // namespace

Result<std::string> meta(db::Database& database, std::string_view key) {
  OE_TRY(const auto rows, database.query("SELECT value FROM meta WHERE key = ?", {Value::of(key)}));
  return rows.empty() ? std::string() : rows.front().get("value").string_or("");
}

Result<void> set_meta(db::Database& database, std::string_view key, std::string_view value) {
  return database.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", {key, value});
}

Result<void> reset_schema(db::Database& database) {
  OE_TRY(const auto found, relations(database));
  for (const auto& [type, name] : found) OE_CHECK(database.execute(fmt::format("DROP {} \"{}\"", type, name)));
  OE_CHECK(database.execute(kTables));
  OE_CHECK(database.execute(views()));
  OE_CHECK(set_meta(database, "schema", std::to_string(kSchemaVersion)));
  OE_CHECK(set_meta(database, "needs_oe", kNeedsOe));
  return set_meta(database, kProposalsBytes, "0");
}

Result<bool> prepare_schema(db::Database& database) {
  OE_TRY(int version, schema_version(database));
  if (version == kSchemaVersion) return false;
  OE_TRY(db::Transaction transaction, db::Transaction::begin(database));
  OE_TRY(version, schema_version(database));  // another oe may have made it meanwhile
  if (version > kSchemaVersion) {
    OE_TRY(const std::string needed, meta(database, "needs_oe"));
    return fail(made_by_newer(version, needed));
  }
  if (version == kSchemaVersion) return false;
  OE_CHECK(reset_schema(database));
  OE_CHECK(transaction.commit());
  return true;
}

}  // namespace oe::ledger
