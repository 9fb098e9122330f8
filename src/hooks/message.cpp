#include "oe/hooks/message.hpp"

#include <system_error>

#include "oe/base/text.hpp"
#include "oe/git/program.hpp"
#include "oe/sys/file.hpp"

#include "hooks/notes.hpp"

namespace oe::hooks {
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostMessageBytes = std::size_t{16} << 20;

bool is_rebasing(const git::Place& place) {
  std::error_code error;
  return fs::exists(place.git_dir / "rebase-merge", error) || fs::exists(place.git_dir / "rebase-apply", error);
}

/// The message as it was before the editor.
fs::path draft_file(const git::Place& place) {
  return run_note(place).parent_path() / "draft";
}

/// Without comments and needless blanks, by git's own idea of both.
Result<std::string> stripped(const git::Place& place, std::string text) {
  OE_TRY(const git::GitAnswer answer, git::run_git({.directory = place.root,
                                                    .arguments = {"stripspace", "--strip-comments"},
                                                    .input = std::move(text)}));
  if (answer.code != 0) return fail(git::git_error(ErrorKind::environment, "reading the message", answer));
  return answer.out;
}

Result<void> add_trailers(const git::Place& place, const fs::path& file, const std::vector<std::string>& runs) {
  git::GitCall call{.directory = place.root,
                    .arguments = {"interpret-trailers", "--in-place", "--no-divider", "--where", "end", "--if-exists",
                                  "doNothing", "--if-missing", "add"}};
  // Several at once: "doNothing" would leave out all but the first.
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (i == 1) call.arguments.insert(call.arguments.end(), {"--if-exists", "addIfDifferent"});
    call.arguments.insert(call.arguments.end(), {"--trailer", "Oe-Run: " + runs[i]});
  }
  call.arguments.push_back(fs::absolute(file).string());
  OE_TRY(const git::GitAnswer answer, git::run_git(std::move(call)));
  return answer.code == 0 ? Result<void>() : fail(git::git_error(ErrorKind::environment, "adding a trailer", answer));
}

bool has_trailer(std::string_view message) {
  return message.starts_with("Oe-Run:") || message.find("\nOe-Run:") != std::string_view::npos;
}

}  // namespace

Result<void> prepare_message(const git::Place& place, const Message& message, const std::vector<std::string>& runs) {
  std::error_code ignored;
  fs::remove(draft_file(place), ignored);
  if (runs.empty() || is_rebasing(place)) return {};
  OE_TRY(const std::string text, sys::read_file(message.file, kMostMessageBytes));
  if (has_trailer(text)) return {};
  OE_TRY(const std::string words, stripped(place, text));
  if (words.empty() || message.source == "template")
    return sys::write_file(draft_file(place), words);
  return add_trailers(place, message.file, runs);
}

Result<void> finish_message(const git::Place& place, const fs::path& file, const std::vector<std::string>& runs) {
  const auto draft = sys::read_file(draft_file(place), kMostMessageBytes);
  std::error_code ignored;
  fs::remove(draft_file(place), ignored);
  if (!draft || runs.empty() || is_rebasing(place)) return {};
  OE_TRY(const std::string text, sys::read_file(file, kMostMessageBytes));
  OE_TRY(const std::string words, stripped(place, text));
  const bool is_unwritten = words.empty() || words == *draft;
  return is_unwritten || has_trailer(text) ? Result<void>() : add_trailers(place, file, runs);
}

}  // namespace oe::hooks
