#include "ledger/index.hpp"

#include <cmath>
#include <fmt/format.h>
#include <system_error>

#include "oe/sys/file.hpp"

#include "ledger/index_schema.hpp"
#include "ledger/names.hpp"

namespace oe::ledger {
namespace fs = std::filesystem;
namespace {

std::uint64_t count_in(const db::Row& row, int column) {
  return static_cast<std::uint64_t>(row.integer(column));
}

/// In the order in which run_row() reads them.
constexpr std::string_view kRunColumns =
    "id, workflow, workflow_digest, name, status, started_at, duration_ms, nodes, failed, retried, events, head, dirty";

RunRow run_row(const db::Row& row) {
  return {.id = {std::string(row.text(0))},
          .workflow = std::string(row.text(1)),
          .workflow_digest = std::string(row.text(2)),
          .name = std::string(row.text(3)),
          .status = from_name<RunStatus>(row.text(4)).value_or(RunStatus::running),
          .started_at = from_rfc3339(row.text(5)).value_or(Timestamp{}),
          .duration = Microseconds(std::llround(row.number(6) * 1000)),
          .nodes = count_in(row, 7),
          .failed = count_in(row, 8),
          .retried = count_in(row, 9),
          .events = count_in(row, 10),
          .head = std::string(row.text(11)),
          .dirty = row.integer(12) != 0};
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
  std::vector<RunRow> runs;
  const std::int64_t most = limit == 0 ? -1 : static_cast<std::int64_t>(limit);
  OE_CHECK(database_.each(fmt::format("SELECT {} FROM runs ORDER BY id DESC LIMIT ?", kRunColumns), {most},
                          [&](const db::Row& row) { runs.push_back(run_row(row)); }));
  return runs;
}

Result<std::vector<RunRow>> Index::ended_runs(std::string_view workflow, std::string_view digest, std::size_t limit) {
  std::vector<RunRow> runs;
  OE_CHECK(database_.each(
      fmt::format("SELECT {} FROM runs WHERE status <> 'running' AND (?1 = '' OR workflow = ?1) AND "
                  "(?2 = '' OR workflow_digest = ?2) ORDER BY id DESC LIMIT ?3",
                  kRunColumns),
      {workflow, digest, static_cast<std::int64_t>(limit)}, [&](const db::Row& row) { runs.push_back(run_row(row)); }));
  return runs;
}

Result<std::vector<RunId>> Index::run_ids() {
  std::vector<RunId> ids;
  OE_CHECK(database_.each("SELECT id FROM runs ORDER BY id DESC", {},
                          [&](const db::Row& row) { ids.push_back({std::string(row.text(0))}); }));
  return ids;
}

Result<std::map<RunId, Index::Known>> Index::known_runs() {
  std::map<RunId, Known> known;
  OE_CHECK(database_.each(
      "SELECT id, journal_bytes, status = 'running' FROM runs ORDER BY id", {}, [&](const db::Row& row) {
        known.emplace_hint(known.end(), RunId{std::string(row.text(0))}, Known{count_in(row, 1), row.integer(2) != 0});
      }));
  return known;
}

}  // namespace oe::ledger
