#pragma once

#include <functional>
#include <memory>
#include <string>

#include "oe/git/repository.hpp"

namespace oe::hooks {

/// What a hook asked the background for: "commit" or "merge".
using Wanted = std::function<Result<void>(const std::string& event)>;

/// Notes the wish, and carries out all that are noted, one after the other and each kind once, unless another process
/// does. What is wished for meanwhile is done before this returns.
Result<void> serve(const git::Place& place, const std::string& event, const Wanted& serve_one);

/// A linked worktree of a commit below `directory`, locked, made by the git program so that it works in every kind of
/// repository. The destructor takes it away. One at a time in a repository: what a killed one left is taken away first.
class CommitWorktree {
 public:
  static Result<std::unique_ptr<CommitWorktree>> add(const git::Place& place, const std::filesystem::path& directory);
  CommitWorktree(const CommitWorktree&) = delete;
  CommitWorktree& operator=(const CommitWorktree&) = delete;
  ~CommitWorktree();
  const std::filesystem::path& path() const { return path_; }

 private:
  CommitWorktree(git::Place place, std::filesystem::path path) : place_(std::move(place)), path_(std::move(path)) {}
  git::Place place_;
  std::filesystem::path path_;
};

/// One line of what happened in the background, for `oe hooks status`; the log keeps the newest ones.
void log_background(const git::Place& place, const std::string& line);
/// The newest `count` lines, oldest first.
std::vector<std::string> background_log(const git::Place& place, std::size_t count);

}  // namespace oe::hooks
