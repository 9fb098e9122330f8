#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "oe/base/result.hpp"

namespace oe::ledger {

/// What this user has run or trusted, by content digest (exec::content_digest). One file per user, outside of every
/// repository: $XDG_STATE_HOME/openexpertise/trusted, else ~/.local/state/openexpertise/trusted; one line
/// "<digest> <time> <how>" each, newest last, at most 10,000.
class TrustStore {
 public:
  /// Errors: environment, when there is no home directory. A store that is not there yet is empty.
  static Result<TrustStore> open();
  explicit TrustStore(std::filesystem::path file) : file_(std::move(file)) {}

  Result<bool> trusts(std::string_view digest) const;
  /// `how` is "run" or "trust". Costs nothing when the digest is there already.
  Result<void> add(std::string_view digest, std::string_view how);

 private:
  std::filesystem::path file_;
};

}  // namespace oe::ledger
