#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "oe/base/ids.hpp"
#include "oe/base/result.hpp"
#include "oe/base/time.hpp"
#include "oe/base/value.hpp"

namespace oe::ledger {

/// What the result of an attempt depends on, part by part ("node", "input", "file tools/a.mjs", "model", ...), each a
/// digest, and the digest of them all. Equal keys, equal results.
struct ReplayKey {
  std::map<std::string, std::string> parts;
  std::string digest() const;
};

/// The result of an attempt that succeeded.
struct ReplayEntry {
  RunId run;  ///< that paid for it
  NodeId node;
  std::map<std::string, Value> state_delta;
  std::optional<Value> edge_output;
  std::optional<Value> metrics;
  Timestamp stored_at;
};

/// One line of `oe cache ls`.
struct ReplayRow {
  std::string digest;
  NodeId node;
  RunId run;
  Timestamp stored_at;
  Timestamp used_at;
  std::uint64_t hits = 0;
  std::uint64_t bytes = 0;
};

/// Why the newest look at a node found something or did not.
struct ReplayVerdict {
  bool hit = false;
  RunId run;                         ///< that asked
  RunId from;                        ///< that had paid; empty on a miss
  std::vector<std::string> changed;  ///< on a miss: the parts that differ from the nearest entry; empty: there was none
};

/// A store beside the journals that may be lost at any time. Writes are kept together and follow in batches.
class ReplayStore {
 public:
  virtual ~ReplayStore() = default;
  /// Nothing on a miss. Remembers the look for why(). Only Errors of the database.
  virtual Result<std::optional<ReplayEntry>> find(const RunId& asking, const NodeId& node, const ReplayKey& key) = 0;
  virtual Result<void> put(const ReplayKey& key, const ReplayEntry& entry) = 0;
  virtual Result<void> flush() = 0;

  virtual Result<std::vector<ReplayRow>> list() = 0;  ///< newest first
  /// Forgets entries that were not used for `unused_for`, then the longest unused until at most `bytes` are left; gives
  /// how many went.
  virtual Result<std::size_t> collect(std::chrono::hours unused_for, std::uint64_t bytes) = 0;
  virtual Result<std::optional<ReplayVerdict>> why(const NodeId& node) = 0;
};

}  // namespace oe::ledger
