#include "ledger/index.hpp"

#include <cmath>
#include <nlohmann/json.hpp>
#include <system_error>

#include "oe/sys/file.hpp"

#include "ledger/index_schema.hpp"
#include "ledger/names.hpp"

namespace oe::ledger {
namespace fs = std::filesystem;
namespace {

std::uint64_t number_in(const Value& row, std::string_view column) {
  const auto member = row.json().find(column);
  return member == row.json().end() || !member->is_number() ? 0 : member->get<std::uint64_t>();
}

Microseconds duration_in(const Value& row) {
  const auto member = row.json().find("duration_ms");
  if (member == row.json().end() || !member->is_number()) return Microseconds(0);
  return Microseconds(std::llround(member->get<double>() * 1000));
}

RunRow run_row(const Value& row) {
  return {.id = {row.get("id").string_or("")},
          .workflow = row.get("workflow").string_or(""),
          .workflow_digest = row.get("workflow_digest").string_or(""),
          .name = row.get("name").string_or(""),
          .status = from_name<RunStatus>(row.get("status").string_or("")).value_or(RunStatus::running),
          .started_at = from_rfc3339(row.get("started_at").string_or("")).value_or(Timestamp{}),
          .duration = duration_in(row),
          .nodes = number_in(row, "nodes"),
          .failed = number_in(row, "failed"),
          .retried = number_in(row, "retried")};
}

// The journals hold everything that was in it.
void remove_index(const fs::path& file) {
  for (const char* const suffix : {"", "-wal", "-shm", "-journal"}) {
    std::error_code ignored;
    fs::remove(file.string() + suffix, ignored);
  }
}

}  // namespace

Result<Index> Index::open_file(const Layout& layout) {
  OE_TRY(db::Database database, db::Database::open(layout.index(), db::Mode::read_write));
  OE_TRY(const bool is_new, prepare_schema(database));
  return Index(layout, std::move(database), is_new);
}

Result<Index> Index::open(const Layout& layout) {
  Result<Index> index = open_file(layout);
  if (index || index.error().kind() != ErrorKind::input) return index;
  remove_index(layout.index());
  return open_file(layout);
}

Result<std::vector<RunRow>> Index::runs(std::size_t limit) {
  OE_TRY(const auto rows,
         database_.query("SELECT id, workflow, workflow_digest, name, status, started_at, duration_ms, "
                         "nodes, failed, retried FROM runs ORDER BY id DESC",
                         {}, limit));
  std::vector<RunRow> runs;
  runs.reserve(rows.size());
  for (const Value& row : rows) runs.push_back(run_row(row));
  return runs;
}

Result<std::vector<RunId>> Index::run_ids() {
  OE_TRY(const auto rows, database_.query("SELECT id FROM runs ORDER BY id DESC"));
  std::vector<RunId> ids;
  ids.reserve(rows.size());
  for (const Value& row : rows) ids.push_back({row.get("id").string_or("")});
  return ids;
}

Result<std::map<RunId, Index::Known>> Index::known_runs() {
  OE_TRY(const auto rows,
         database_.query("SELECT id, journal_bytes AS bytes, status = 'running' AS running FROM runs"));
  std::map<RunId, Known> known;
  for (const Value& row : rows)
    known.emplace(RunId{row.get("id").string_or("")}, Known{number_in(row, "bytes"), number_in(row, "running") != 0});
  return known;
}

}  // namespace oe::ledger
