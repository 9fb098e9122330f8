#pragma once

#include "oe/evolve/judge.hpp"

namespace oe::evolve {

/// Runs one node of a fan-out on single items, outside any run: in a worktree at a commit, with the state that the
/// recorded run had there. Of another node an item is an object of fields, which it reads in place of the recorded
/// ones.
class Probe {
 public:
  /// Errors: failed (no such fan-out at that commit), environment.
  static Result<Probe> open(const JudgeContext& context, const Base& base, const RecordedRun& run, const NodeId& node,
                            const git::Oid& commit, const std::string& name);
  Probe(Probe&&) noexcept;
  ~Probe();

  /// The error that the node ends with on this item; nothing when it succeeds. An attempt that passes the node's own
  /// timeout_ms, or half a minute, is ended and has failed. Errors: interrupted.
  Result<std::optional<std::string>> fails_on(const Value& item);

 private:
  struct Impl;
  explicit Probe(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Whether the node fails on this item in the way that the case records for its own.
bool fails_alike(const AddDatasetCase& recorded, std::string_view failure, const Value& item);

}  // namespace oe::evolve
