#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
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

/// A ref that the user's git was to move. Where to is known when it has: until then a kill leaves this alone.
struct RefMove {
  std::string name;
  std::optional<Oid> before;
  friend bool operator==(const RefMove&, const RefMove&) = default;
};

/// A command that wrote refs, or decided about a proposal.
struct RefCommand {
  std::string id;
  Timestamp time;
  std::string words;                  ///< "oe accept 1a2b3c4d"
  std::optional<std::size_t> events;  ///< how many events about proposals there were before; nothing: they stay
  std::string proposal = {};          ///< the fingerprint of the one that it was about; empty: many, or none
  std::vector<RefWrite> writes;       ///< in their order; a ref may be there more than once
  std::optional<RefMove> move = {};   ///< that was begun and not noted as done
  bool ended = false;                 ///< false: it is at work, or was killed
  bool is_being_undone = false;       ///< or its undoing was killed
  bool undone = false;
  friend bool operator==(const RefCommand&, const RefCommand&) = default;
};

/// What oe wrote into refs, command by command: lines of JSON in one file, each there before its ref is written. A
/// command that writes no ref and announces nothing leaves nothing.
class RefJournal {
 public:
  /// Of one command: that begins now (`command` has no id and no writes), or that was killed and goes on.
  RefJournal(std::filesystem::path file, RefCommand command) : file_(std::move(file)), command_(std::move(command)) {}
  RefJournal(RefJournal&& other) noexcept
      : file_(std::move(other.file_)), command_(std::exchange(other.command_, {})) {}
  RefJournal& operator=(RefJournal&&) = delete;
  /// The command has ended, well or not.
  ~RefJournal();

  /// That it is about to change something, so that a kill from now on is known. Errors: environment.
  Result<void> announce();
  /// That the user's git is about to move a ref; note() says what came of it, also when it has not moved. Errors:
  /// environment.
  Result<void> begin_move(const RefMove& move);
  /// Errors: environment.
  Result<void> note(const RefWrite& write);

  /// What is in the journal of it by now.
  const RefCommand& command() const { return command_; }

  /// All that is in a file, oldest first; lines that a kill cut off, or that a newer oe wrote, are left out. Errors:
  /// environment.
  static Result<std::vector<RefCommand>> read(const std::filesystem::path& file);
  /// Notes that a command is about to be undone, and that it is. Errors: environment.
  static Result<void> mark_undoing(const std::filesystem::path& file, const std::string& id, Timestamp time);
  static Result<void> mark_undone(const std::filesystem::path& file, const std::string& id, Timestamp time);

 private:
  std::filesystem::path file_;
  RefCommand command_;
};

/// Whether the last command in a file was killed, or is at work. Reads the last line only.
bool is_cut_off(const std::filesystem::path& file);

/// Takes away the locks that a killed command left on the refs of oe that it was writing, and on packed-refs; only
/// those older than two seconds. Meant to be called when is_cut_off() and nobody is at work.
void remove_leftover_locks(const Place& place, const std::vector<RefCommand>& commands);

/// What came of a move: the ref went from where it was to a commit that has the line "Oe-Proposal: <proposal>" in its
/// message, wherever it went from there. Nothing: that did not happen. Errors: environment.
Result<std::optional<RefWrite>> outcome_of(const Place& place, const RefMove& move, const std::string& proposal);

/// The repository, with each write of a ref in the journal first. The journal must outlive it.
std::unique_ptr<Repository> journaled(std::unique_ptr<Repository> repository, RefJournal& journal);

/// Carries out what writes refs by a program of its own, and notes what it changed among the refs of oe that start with
/// one of the prefixes. Without a journal only the first.
Result<void> note_changes(const Repository& repository, RefJournal* journal, const std::vector<std::string>& prefixes,
                          const std::function<Result<void>()>& action);

}  // namespace oe::git
