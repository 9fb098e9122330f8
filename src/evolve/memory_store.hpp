#pragma once

#include <map>

#include "oe/ledger/replay_store.hpp"

namespace oe::evolve {

/// Results of one side of a contest, for as long as it lasts: what a change of `cache` saves shows from the second pair
/// on. Keeps no record of looks.
class MemoryStore final : public ledger::ReplayStore {
 public:
  Result<std::optional<ledger::ReplayEntry>> find(const RunId&, const NodeId&, const ledger::ReplayKey& key) override {
    const auto entry = entries_.find(key.digest());
    return entry == entries_.end() ? std::nullopt : std::optional(entry->second);
  }
  Result<void> put(const ledger::ReplayKey& key, const ledger::ReplayEntry& entry) override {
    entries_.insert_or_assign(key.digest(), entry);
    return {};
  }
  Result<void> flush() override { return {}; }
  Result<std::vector<ledger::ReplayRow>> list() override { return std::vector<ledger::ReplayRow>(); }
  Result<std::size_t> collect(std::chrono::hours, std::uint64_t) override { return std::size_t{0}; }
  Result<std::optional<ledger::ReplayVerdict>> why(const NodeId&) override {
    return std::optional<ledger::ReplayVerdict>();
  }

 private:
  std::map<std::string, ledger::ReplayEntry> entries_;
};

}  // namespace oe::evolve
