#include "ledger/replay_database.hpp"

#include <fmt/format.h>
#include <optional>
#include <system_error>
#include <unordered_map>

#include "oe/base/digest.hpp"

#include "ledger/replay_rows.hpp"
#include "ledger/wait_for_lock.hpp"

namespace oe::ledger {
namespace fs = std::filesystem;
namespace {

/// What waits in memory before it is written: so many results or looks, or so many values.
constexpr std::size_t kMostUnwritten = 1000;

class ReplayDatabase final : public ReplayStore {
 public:
  ReplayDatabase(fs::path file, const sys::Clock& clock) : file_(std::move(file)), clock_(clock) {
    [[maybe_unused]] const Result<void> later = open();
  }
  ReplayDatabase(const ReplayDatabase&) = delete;
  ReplayDatabase& operator=(const ReplayDatabase&) = delete;
  ~ReplayDatabase() override { [[maybe_unused]] const Result<void> lost = flush(); }

  Result<std::optional<ReplayEntry>> find(const RunId& asking, const NodeId& node, const ReplayKey& key) override;
  Result<void> put(const ReplayKey& key, const ReplayEntry& entry) override;
  Result<void> flush() override;
  Result<std::vector<ReplayRow>> list() override;
  Result<std::size_t> collect(std::chrono::hours unused_for, std::uint64_t bytes) override;
  Result<std::optional<ReplayVerdict>> why(const NodeId& node) override;

 private:
  Result<void> open();
  void forgive(const Error& error);
  Result<void> ready();
  std::optional<ReplayEntry> look_up(const std::string& digest);
  Result<void> write_all();
  void flush_when_full();

  fs::path file_;
  const sys::Clock& clock_;
  std::optional<db::Database> database_;  ///< nothing: it cannot be used
  std::unordered_map<std::string, ReplayResult> results_;
  std::unordered_map<NodeId, ReplayLook> looks_;
  std::unordered_map<std::string, ReplayUse> uses_;
};

void remove_database(const fs::path& file) {
  for (const char* const suffix : {"", "-wal", "-shm", "-journal"}) {
    std::error_code ignored;
    fs::remove(file.string() + suffix, ignored);
  }
}

Result<void> ReplayDatabase::open() {
  Result<db::Database> database = open_replay_tables(file_);
  if (!database && database.error().kind() == ErrorKind::input) {
    remove_database(file_);
    database = open_replay_tables(file_);
  }
  if (!database) return fail(database.error());
  database_ = std::move(*database);
  return {};
}

// What cannot be had is a miss. A file that turns out to be broken is made again, others may be usable later.
void ReplayDatabase::forgive(const Error& error) {
  results_.clear();
  looks_.clear();
  uses_.clear();
  if (error.kind() != ErrorKind::input) return;
  database_.reset();
  remove_database(file_);
  [[maybe_unused]] const Result<void> later = open();
}

std::optional<ReplayEntry> ReplayDatabase::look_up(const std::string& digest) {
  const auto waiting = results_.find(digest);
  if (waiting != results_.end()) return waiting->second.entry;
  if (!database_) return std::nullopt;
  Result<std::optional<ReplayEntry>> entry = read_result(*database_, digest);
  if (entry) return std::move(*entry);
  forgive(entry.error());
  return std::nullopt;
}

Result<std::optional<ReplayEntry>> ReplayDatabase::find(const RunId& asking, const NodeId& node,
                                                        const ReplayKey& key) {
  const std::string digest = key.digest();
  std::optional<ReplayEntry> entry = look_up(digest);
  if (entry) {
    ReplayUse& use = uses_[digest];
    ++use.hits;
    use.at = clock_.now();
  }
  looks_[node] = {asking, digest, key.parts, entry ? entry->run : RunId()};
  flush_when_full();
  return entry;
}

Result<void> ReplayDatabase::put(const ReplayKey& key, const ReplayEntry& entry) {
  results_[key.digest()] = {entry, key.parts};
  flush_when_full();
  return {};
}

void ReplayDatabase::flush_when_full() {
  if (results_.size() + looks_.size() + uses_.size() < kMostUnwritten) return;
  [[maybe_unused]] const Result<void> lost = flush();
}

Result<void> ReplayDatabase::write_all() {
  OE_TRY(db::Transaction transaction, db::Transaction::begin(*database_));
  for (const auto& [digest, result] : results_) OE_CHECK(write_result(*database_, digest, result));
  for (const auto& [digest, use] : uses_) OE_CHECK(write_use(*database_, digest, use));
  for (const auto& [node, look] : looks_) OE_CHECK(write_look(*database_, node, look));
  return transaction.commit();
}

Result<void> ReplayDatabase::flush() {
  if (results_.empty() && looks_.empty() && uses_.empty()) return {};
  const Result<void> written = database_ ? write_all() : Result<void>();
  if (!written) forgive(written.error());
  results_.clear();
  looks_.clear();
  uses_.clear();
  return {};
}

/// For people who ask about the store: what is wrong with it is said.
Result<void> ReplayDatabase::ready() {
  OE_CHECK(flush());
  return database_ ? Result<void>() : open();
}

Result<std::vector<ReplayRow>> ReplayDatabase::list() {
  OE_CHECK(ready());
  return list_results(*database_);
}

Result<std::size_t> ReplayDatabase::collect(std::chrono::hours unused_for, std::uint64_t bytes) {
  OE_CHECK(ready());
  return collect_results(*database_, clock_.now() - unused_for, bytes);
}

Result<std::optional<ReplayVerdict>> ReplayDatabase::why(const NodeId& node) {
  OE_CHECK(ready());
  return explain_look(*database_, node);
}

}  // namespace

std::unique_ptr<ReplayStore> open_replay_database(const fs::path& file, const sys::Clock& clock) {
  return std::make_unique<ReplayDatabase>(file, clock);
}

std::string ReplayKey::digest() const {
  std::string text;
  for (const auto& [part, content] : parts)
    text += fmt::format("{}:{}={}:{}\n", part.size(), part, content.size(), content);
  return sha256_hex(text);
}

}  // namespace oe::ledger
