#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "oe/base/result.hpp"
#include "oe/forge/settings.hpp"

namespace oe::forge {

enum class RequestState { open, merged, closed };

/// A pull or merge request as its forge has it now.
struct ChangeRequest {
  std::uint64_t number = 0;
  std::string url;     ///< for people
  std::string title;   ///< without the prefix that makes it a draft
  std::string body;    ///< Markdown
  std::string branch;  ///< that it comes from
  std::string base;    ///< that it goes to
  std::string head;    ///< commit id of the branch
  bool is_draft = false;
  RequestState state = RequestState::open;
  std::string merge_commit;  ///< what the base got, of a merged one; a squash is one, too
  std::string ended_by;      ///< who merged or closed it; empty where the forge does not say
  friend bool operator==(const ChangeRequest&, const ChangeRequest&) = default;
};

struct NewRequest {
  std::string branch;
  std::string base;
  std::string title;
  std::string body;
  bool draft = false;
};

struct Comment {
  std::uint64_t id = 0;
  std::string author;
  std::string body;
  friend bool operator==(const Comment&, const Comment&) = default;
};

/// What people have done to a request.
struct Activity {
  std::vector<std::string> commits;    ///< ids of all commits on it, oldest first
  std::vector<std::string> reviewers;  ///< whoever reviewed, approved or commented on a line
  friend bool operator==(const Activity&, const Activity&) = default;
};

/// One project on one forge, through its REST API. Calls block until the answer is there; those that may be repeated
/// without harm are, when the forge is in trouble or asks to wait for at most a minute. Nothing here reopens a request.
/// Errors: environment, one line with what to type next, never with a token in it.
class Forge {
 public:
  virtual ~Forge() = default;
  virtual Kind kind() const = 0;

  /// The open request of a branch of this project; nothing when there is none.
  virtual Result<std::optional<ChangeRequest>> find_open(const std::string& branch) = 0;
  virtual Result<ChangeRequest> read(std::uint64_t number) = 0;
  /// Gives the one that is there when somebody else was faster.
  virtual Result<ChangeRequest> open(const NewRequest& request) = 0;
  /// Title and body; a draft stays one.
  virtual Result<ChangeRequest> update(const ChangeRequest& request, const std::string& title,
                                       const std::string& body) = 0;
  virtual Result<void> close(std::uint64_t number) = 0;
  /// Adds labels that the project has; on Gitea others are left out, elsewhere they are made.
  virtual Result<void> add_labels(std::uint64_t number, const std::vector<std::string>& labels) = 0;

  /// Those of people and programs, oldest first; not what the forge itself notes.
  virtual Result<std::vector<Comment>> comments(std::uint64_t number) = 0;
  virtual Result<void> add_comment(std::uint64_t number, const std::string& body) = 0;
  virtual Result<void> edit_comment(std::uint64_t number, std::uint64_t comment, const std::string& body) = 0;
  virtual Result<Activity> activity(std::uint64_t number) = 0;
};

/// The one comment with a hidden `marker` (letters, digits, '-') in it: edited when it says something else, made when
/// it is missing.
Result<void> say_once(Forge& forge, std::uint64_t number, const std::string& marker, const std::string& text);

/// The last words of whoever ended a request; empty when they said nothing.
Result<std::string> last_words(Forge& forge, const ChangeRequest& request);

}  // namespace oe::forge
