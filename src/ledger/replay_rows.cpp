#include "ledger/replay_rows.hpp"

#include <limits>
#include <nlohmann/json.hpp>

#include "ledger/cells.hpp"

namespace oe::ledger {
namespace {

/// Goes up with every change of the tables; those of any other number are dropped: the store may be lost.
constexpr std::int64_t kReplayFormat = 1;
/// Entries of a node among which the nearest one is looked for.
constexpr std::int64_t kMostNear = 200;

constexpr std::string_view kReplayTables = R"(
DROP TABLE IF EXISTS results;
DROP TABLE IF EXISTS looks;
CREATE TABLE results(
  digest TEXT PRIMARY KEY, node TEXT NOT NULL, run TEXT NOT NULL, parts TEXT NOT NULL, delta TEXT NOT NULL,
  edge_output TEXT, metrics TEXT, stored_at TEXT NOT NULL, used_at TEXT NOT NULL, hits INTEGER NOT NULL,
  bytes INTEGER NOT NULL);
CREATE INDEX results_of_node ON results(node, stored_at);
CREATE TABLE looks(
  node TEXT PRIMARY KEY, run TEXT NOT NULL, digest TEXT NOT NULL, parts TEXT NOT NULL, from_run TEXT) WITHOUT ROWID;
PRAGMA user_version = 1;
)";

using Parts = std::map<std::string, std::string>;

Value json_of(const Parts& parts) {
  return Value(nlohmann::json(parts));
}
Value json_of(const std::map<std::string, Value>& delta) {
  nlohmann::json object = nlohmann::json::object();
  for (const auto& [field, value] : delta) object[field] = value.json();
  return Value(std::move(object));
}

Value json_in(const db::Row& row, int column) {
  return Value::parse(row.text(column), {.depth = 1000, .bytes = SIZE_MAX}).value_or(Value());
}
std::optional<Value> optional_in(const db::Row& row, int column) {
  return row.is_null(column) ? std::nullopt : std::optional(json_in(row, column));
}
Timestamp time_in(const db::Row& row, int column) {
  return from_rfc3339(row.text(column)).value_or(Timestamp{});
}
Parts parts_in(const db::Row& row, int column) {
  Parts parts;
  const Value object = json_in(row, column);
  for (const auto& [part, digest] : object.json().items()) parts[part] = Value(digest).string_or("");
  return parts;
}
std::map<std::string, Value> delta_in(const db::Row& row, int column) {
  std::map<std::string, Value> delta;
  const Value object = json_in(row, column);
  for (const auto& [field, value] : object.json().items()) delta.emplace(field, Value(value));
  return delta;
}

std::vector<std::string> differing(const Parts& a, const Parts& b) {
  std::vector<std::string> names;
  for (const auto& [part, digest] : a) {
    const auto other = b.find(part);
    if (other == b.end() || other->second != digest) names.push_back(part);
  }
  for (const auto& [part, digest] : b) {
    if (!a.contains(part)) names.push_back(part);
  }
  return names;
}

// Entries of the run that asked came after its look, or are its other items.
Result<std::vector<std::string>> changed_since_nearest(db::Database& database, const NodeId& node,
                                                       const ReplayLook& look) {
  std::vector<std::string> changed;
  auto fewest = std::numeric_limits<std::size_t>::max();
  OE_CHECK(database.each(
      "SELECT parts FROM results WHERE node = ? AND run <> ? AND digest <> ? ORDER BY stored_at DESC LIMIT ?",
      {cell(node.text), std::string_view(look.run.text), std::string_view(look.digest), kMostNear},
      [&](const db::Row& row) {
        std::vector<std::string> names = differing(look.parts, parts_in(row, 0));
        if (names.size() >= fewest) return;
        fewest = names.size();
        changed = std::move(names);
      }));
  return changed;
}

}  // namespace

Result<db::Database> open_replay_tables(const std::filesystem::path& file) {
  OE_TRY(db::Database database, db::Database::open(file, db::Mode::read_write));
  const auto format = [&]() -> Result<std::int64_t> {
    std::int64_t number = 0;
    OE_CHECK(database.each("PRAGMA user_version", {}, [&](const db::Row& row) { number = row.integer(0); }));
    return number;
  };
  OE_TRY(std::int64_t found, format());
  if (found == kReplayFormat) return database;
  OE_TRY(db::Transaction transaction, db::Transaction::begin(database));
  OE_TRY(found, format());  // another oe may have made them meanwhile
  if (found != kReplayFormat) OE_CHECK(database.execute(kReplayTables));
  OE_CHECK(transaction.commit());
  return database;
}

Result<std::optional<ReplayEntry>> read_result(db::Database& database, const std::string& digest) {
  std::optional<ReplayEntry> entry;
  OE_CHECK(database.each("SELECT run, node, delta, edge_output, metrics, stored_at FROM results WHERE digest = ?",
                         {std::string_view(digest)}, [&](const db::Row& row) {
                           entry = {.run = {std::string(row.text(0))},
                                    .node = {std::string(row.text(1))},
                                    .state_delta = delta_in(row, 2),
                                    .edge_output = optional_in(row, 3),
                                    .metrics = optional_in(row, 4),
                                    .stored_at = time_in(row, 5)};
                         }));
  return entry;
}

Result<void> write_result(db::Database& database, const std::string& digest, const ReplayResult& result) {
  const ReplayEntry& entry = result.entry;
  const std::string parts = json_of(result.parts).dump();
  const std::string delta = json_of(entry.state_delta).dump();
  const std::string edge = entry.edge_output ? entry.edge_output->dump() : "";
  const std::string metrics = entry.metrics ? entry.metrics->dump() : "";
  return database.execute("INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?)",
                          {std::string_view(digest), std::string_view(entry.node.text), std::string_view(entry.run.text),
                           std::string_view(parts), std::string_view(delta), cell(edge), cell(metrics),
                           cell(entry.stored_at), cell(entry.stored_at),
                           cell(parts.size() + delta.size() + edge.size() + metrics.size())});
}

Result<void> write_look(db::Database& database, const NodeId& node, const ReplayLook& look) {
  return database.execute("INSERT OR REPLACE INTO looks VALUES (?, ?, ?, ?, ?)",
                          {std::string_view(node.text), std::string_view(look.run.text), std::string_view(look.digest),
                           json_of(look.parts).dump(), cell(look.from.text)});
}

Result<void> write_use(db::Database& database, const std::string& digest, const ReplayUse& use) {
  return database.execute("UPDATE results SET hits = hits + ?, used_at = max(used_at, ?) WHERE digest = ?",
                          {cell(use.hits), cell(use.at), std::string_view(digest)});
}

Result<std::vector<ReplayRow>> list_results(db::Database& database) {
  std::vector<ReplayRow> rows;
  OE_CHECK(database.each(
      "SELECT digest, node, run, stored_at, used_at, hits, bytes FROM results ORDER BY stored_at DESC, digest", {},
      [&](const db::Row& row) {
        rows.push_back({.digest = std::string(row.text(0)),
                        .node = {std::string(row.text(1))},
                        .run = {std::string(row.text(2))},
                        .stored_at = time_in(row, 3),
                        .used_at = time_in(row, 4),
                        .hits = static_cast<std::uint64_t>(row.integer(5)),
                        .bytes = static_cast<std::uint64_t>(row.integer(6))});
      }));
  return rows;
}

Result<std::optional<ReplayVerdict>> explain_look(db::Database& database, const NodeId& node) {
  std::optional<ReplayLook> look;
  OE_CHECK(database.each("SELECT run, digest, parts, from_run FROM looks WHERE node = ?", {cell(node.text)},
                         [&](const db::Row& row) {
                           look = {.run = {std::string(row.text(0))},
                                   .digest = std::string(row.text(1)),
                                   .parts = parts_in(row, 2),
                                   .from = {std::string(row.text(3))}};
                         }));
  if (!look) return std::optional<ReplayVerdict>();
  ReplayVerdict verdict{.hit = !look->from.empty(), .run = look->run, .from = look->from, .changed = {}};
  if (!verdict.hit) {
    OE_TRY(verdict.changed, changed_since_nearest(database, node, *look));
  }
  return std::optional(std::move(verdict));
}

Result<std::size_t> collect_results(db::Database& database, Timestamp unused_since, std::uint64_t bytes) {
  std::int64_t gone = 0;
  const auto count = [&](const db::Row& row) { gone += row.integer(0); };
  OE_TRY(db::Transaction transaction, db::Transaction::begin(database));
  OE_CHECK(database.execute("DELETE FROM results WHERE used_at < ?", {cell(unused_since)}));
  OE_CHECK(database.each("SELECT changes()", {}, count));
  const auto most = static_cast<std::int64_t>(std::min<std::uint64_t>(bytes, INT64_MAX));
  OE_CHECK(database.execute("DELETE FROM results WHERE digest IN (SELECT digest FROM (SELECT digest, sum(bytes) OVER "
                            "(ORDER BY used_at DESC, stored_at DESC, digest) AS sum FROM results) WHERE sum > ?)",
                            {most}));
  OE_CHECK(database.each("SELECT changes()", {}, count));
  OE_CHECK(transaction.commit());
  if (gone > 0) OE_CHECK(database.execute("VACUUM"));
  return static_cast<std::size_t>(gone);
}

}  // namespace oe::ledger
