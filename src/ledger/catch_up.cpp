#include <system_error>

#include "oe/sys/file.hpp"

#include "ledger/index.hpp"
#include "ledger/index_schema.hpp"
#include "ledger/journal.hpp"
#include "ledger/project.hpp"
#include "ledger/proposal_projection.hpp"
#include "ledger/run_rows.hpp"

namespace oe::ledger {
namespace fs = std::filesystem;
namespace {

std::uint64_t size_of(const fs::path& file) {
  std::error_code code;
  const std::uint64_t bytes = fs::file_size(file, code);
  return code ? 0 : bytes;
}

}  // namespace

struct Index::Behind {
  /// Nobody writes to it; held so that nobody else takes it in at the same time.
  struct DeadJournal {
    JournalFile file;
    sys::FileLock lock;
  };
  std::vector<DeadJournal> journals;
  std::vector<RunId> gone;  ///< in the index, without a journal
  bool proposals = false;
  bool nothing() const { return journals.empty() && gone.empty() && !proposals; }
};

bool Index::Known::is_up_to_date(const std::map<RunId, Known>& known, const JournalFile& file) {
  const auto row = known.find(file.run);
  return row != known.end() && !row->second.running && row->second.bytes == file.bytes;
}

Result<Index::Behind> Index::find_behind() {
  OE_TRY(auto known, known_runs());
  OE_TRY(const auto files, list_journals(layout_));
  Behind behind;
  OE_TRY(behind.proposals, proposals_are_behind());
  for (const JournalFile& file : files) {
    if (!Known::is_up_to_date(known, file)) {
      OE_TRY(auto lock, sys::FileLock::try_acquire(layout_.journal(file.run)));
      if (lock) behind.journals.push_back({file, std::move(*lock)});
    }
    known.erase(file.run);
  }
  for (const auto& [run, row] : known) behind.gone.push_back(run);
  return behind;
}

Result<std::vector<RunId>> Index::catch_up() {
  OE_TRY(const Behind behind, find_behind());
  std::vector<RunId> interrupted;
  if (behind.nothing()) return interrupted;
  OE_TRY(db::Transaction transaction, db::Transaction::begin(database_));
  OE_TRY(const auto known, known_runs());  // again: another oe may have been faster
  for (const auto& [file, lock] : behind.journals) {
    if (Known::is_up_to_date(known, file)) continue;
    OE_TRY(const bool was_cut_off, project_journal(database_, layout_.journal(file.run), file.run, true));
    if (was_cut_off && !is_new_) interrupted.push_back(file.run);
  }
  for (const RunId& run : behind.gone) OE_CHECK(forget_run(database_, run));
  if (behind.proposals) OE_CHECK(project_proposals());
  OE_CHECK(transaction.commit());
  return interrupted;
}

Result<std::size_t> Index::rebuild() {
  OE_TRY(db::Transaction transaction, db::Transaction::begin(database_));
  OE_CHECK(reset_schema(database_));
  OE_TRY(const auto files, list_journals(layout_));
  for (const JournalFile& file : files) {
    OE_TRY(const auto lock, sys::FileLock::try_acquire(layout_.journal(file.run)));
    OE_CHECK(project_journal(database_, layout_.journal(file.run), file.run, lock.has_value()));
  }
  OE_CHECK(project_proposals());
  OE_CHECK(transaction.commit());
  OE_TRY(const auto runs, run_ids());
  return runs.size();
}

Result<bool> Index::proposals_are_behind() {
  OE_TRY(const std::string bytes, meta(database_, kProposalsBytes));
  return bytes != std::to_string(size_of(layout_.proposals()));
}

Result<void> Index::take_in_proposals() {
  OE_TRY(db::Transaction transaction, db::Transaction::begin(database_));
  OE_CHECK(project_proposals());
  return transaction.commit();
}

/// Up to a broken line, where there is one: Ledger::proposals() is what complains.
Result<void> Index::project_proposals() {
  const std::uint64_t bytes = size_of(layout_.proposals());
  std::vector<ProposalEvent> events;
  const Result<void> read =
      read_proposals(layout_.proposals(), [&](ProposalEvent event) { events.push_back(std::move(event)); });
  if (!read && read.error().kind() != ErrorKind::input) return fail(read.error());
  OE_CHECK(write_proposals(database_, fold_proposals(events)));
  return set_meta(database_, kProposalsBytes, std::to_string(bytes));
}

}  // namespace oe::ledger
