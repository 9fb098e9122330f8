#include "ledger/project.hpp"

#include <system_error>

#include "ledger/cells.hpp"
#include "ledger/journal.hpp"
#include "ledger/run_projection.hpp"

namespace oe::ledger {
namespace fs = std::filesystem;
namespace {

/// Events whose rows are kept in memory.
constexpr std::size_t kMostAhead = 20'000;

std::string words_of(const Error& error) {
  return to_string(error.location()) + ": " + error.message();
}

}  // namespace

Result<bool> project_journal(db::Database& database, const fs::path& journal, const RunId& run, bool is_dead) {
  OE_CHECK(forget_run(database, run));
  std::error_code code;
  const std::uint64_t bytes = fs::file_size(journal, code);  // first: what comes meanwhile makes the index behind again
  RunProjection projection;
  Result<void> rows;
  const auto read = read_journal(journal, run, [&](const Event& event) {
    projection.add(event);
    if (!rows || projection.ahead() < kMostAhead) return;
    rows = projection.write(database, bytes);
    projection.written();
  });
  OE_CHECK(rows);
  if (!read && read.error().kind() != ErrorKind::input) return fail(read.error());
  if (projection.empty()) return false;
  const bool was_cut_off = !projection.is_over() && is_dead;
  if (was_cut_off) projection.interrupt(read ? std::string() : words_of(read.error()));
  OE_CHECK(projection.write(database, bytes));
  return was_cut_off;
}

Result<void> project_again(db::Database& database, const fs::path& journal, const RunId& run) {
  OE_TRY(db::Transaction transaction, db::Transaction::begin(database));
  OE_CHECK(project_journal(database, journal, run, true));
  return transaction.commit();
}

Result<bool> index_is_behind(db::Database& database, const RunId& run, std::uint64_t journal_bytes) {
  bool is_behind = true;
  OE_CHECK(database.each("SELECT journal_bytes, status FROM runs WHERE id = ?", {cell(run.text)}, [&](const db::Row& row) {
    is_behind = static_cast<std::uint64_t>(row.integer(0)) != journal_bytes || row.text(1) == "running";
  }));
  return is_behind;
}

}  // namespace oe::ledger
