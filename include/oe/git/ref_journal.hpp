#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "oe/git/repository.hpp"

namespace oe::git {

/// One write of a ref.
struct RefWrite {
  std::string name;           ///< in full: "refs/heads/main"; "HEAD" where it is detached
  std::optional<Oid> before;  ///< nothing: it was not there
  std::optional<Oid> after;   ///< nothing: it was deleted
  friend bool operator==(const RefWrite&, const RefWrite&) = default;
};

/// A command that wrote refs.
struct RefCommand {
  std::string id;
  Timestamp time;
  std::string words;                  ///< "oe accept 1a2b3c4d"
  std::optional<std::size_t> events;  ///< how many events about proposals there were before; nothing: they stay
  std::vector<RefWrite> writes;       ///< in their order; a ref may be there more than once
  bool undone = false;
  friend bool operator==(const RefCommand&, const RefCommand&) = default;
};

/// What oe wrote into refs, command by command: lines of JSON in one file, each there before its ref is written. A
/// command that writes no ref leaves nothing.
class RefJournal {
 public:
  /// Of one command that begins now; `command` without an id and writes.
  RefJournal(std::filesystem::path file, RefCommand command) : file_(std::move(file)), command_(std::move(command)) {}

  /// Errors: environment.
  Result<void> note(const RefWrite& write);

  /// All that is in a file, oldest first; lines that a kill cut off, or that a newer oe wrote, are left out. Errors:
  /// environment.
  static Result<std::vector<RefCommand>> read(const std::filesystem::path& file);
  /// Notes that a command was undone. Errors: environment.
  static Result<void> mark_undone(const std::filesystem::path& file, const std::string& id, Timestamp time);

 private:
  std::filesystem::path file_;
  RefCommand command_;
};

/// The repository, with each write of a ref in the journal first. The journal must outlive it.
std::unique_ptr<Repository> journaled(std::unique_ptr<Repository> repository, RefJournal& journal);

/// Carries out what writes refs by a program of its own, and notes what it changed among the refs of oe that start with
/// one of the prefixes. Without a journal only the first.
Result<void> note_changes(const Repository& repository, RefJournal* journal, const std::vector<std::string>& prefixes,
                          const std::function<Result<void>()>& action);

}  // namespace oe::git
