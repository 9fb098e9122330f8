#pragma once

#include <filesystem>
#include <map>
#include <vector>

#include "oe/db/database.hpp"
#include "oe/ledger/ledger.hpp"

#include "ledger/layout.hpp"

namespace oe::ledger {

/// state.sqlite: what the journals say, in tables. Follows them, never leads.
class Index {
 public:
  /// Makes the file when it is missing, and anew when it is damaged or of an older oe.
  static Result<Index> open(const Layout& layout);

  db::Database& database() { return database_; }

  /// Brings in the journals that the index is behind of: those of runs that were killed. Gives the runs that it
  /// marked as interrupted; none when the index had to be made anew, for then they are no news.
  Result<std::vector<RunId>> catch_up();
  /// Makes every row again, in one transaction; gives the number of runs.
  Result<std::size_t> rebuild();
  /// The same for the proposals alone.
  Result<void> take_in_proposals();

  Result<std::vector<RunRow>> runs(std::size_t limit);
  Result<std::vector<RunRow>> ended_runs(std::string_view workflow, std::string_view digest, std::size_t limit);
  /// Newest first.
  Result<std::vector<RunId>> run_ids();

 private:
  /// What the index knows of a journal.
  struct Known {
    std::uint64_t bytes = 0;
    bool running = false;
    static bool is_up_to_date(const std::map<RunId, Known>& known, const JournalFile& file);
  };
  struct Behind;
  Index(Layout layout, db::Database database, bool is_new)
      : layout_(std::move(layout)), database_(std::move(database)), is_new_(is_new) {}
  static Result<Index> open_file(const Layout& layout);

  Result<std::map<RunId, Known>> known_runs();
  Result<Behind> find_behind();
  Result<void> project_proposals();
  Result<bool> proposals_are_behind();

  Layout layout_;
  db::Database database_;
  bool is_new_;
};

}  // namespace oe::ledger
