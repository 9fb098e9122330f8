#include "oe/git/user_commit.hpp"

#include <fmt/format.h>

#include "oe/base/text.hpp"
#include "oe/git/program.hpp"
#include "oe/git/trailers.hpp"

#include "git/user_hooks.hpp"

namespace oe::git {
namespace {

Result<bool> is_configured(const Place& place, const char* name) {
  OE_TRY(const GitAnswer answer,
         run_git({.directory = place.root, .arguments = {"config", "--type=bool", "--get", name}}));
  return trim(answer.out) == "true";
}

std::string with_signoff(std::string message, const Identity& who) {
  const std::string line = fmt::format("{} <{}>", who.name, who.email);
  const std::vector<Trailer> all = trailers(message);
  for (const Trailer& trailer : all)
    if (trailer.key == "Signed-off-by" && trailer.value == line) return message;
  if (!message.ends_with('\n')) message += '\n';
  if (all.empty()) message += '\n';
  return message + fmt::format("Signed-off-by: {}\n", line);
}

// git commit-tree takes the message as it is. What it is encoded in is not what the user's editor writes.
Result<Oid> write_signed(const Place& place, const CommitDraft& draft) {
  std::vector<std::string> arguments{"-c", "i18n.commitEncoding=UTF-8", "commit-tree", "-S"};
  if (!draft.parent.empty()) arguments.insert(arguments.end(), {"-p", draft.parent.text});
  arguments.insert(arguments.end(), {"-F", "-", draft.tree.text});
  OE_TRY(const GitAnswer answer,
         run_git({.directory = place.root, .arguments = std::move(arguments), .input = draft.message}));
  if (answer.code == 0) return Oid{std::string(trim(answer.out))};
  return fail(git_error(ErrorKind::environment, "signing a commit, as commit.gpgSign asks for,", answer,
                        "see what git config --get-regexp '^(user.signingkey|gpg)' says, or stop signing here: "
                        "git config commit.gpgSign false"));
}

}  // namespace

Result<Oid> write_user_commit(const Place& place, Repository& repository, const CommitDraft& draft,
                              const Author& author, const CommitStyle& style) {
  CommitDraft wanted = draft;
  OE_TRY(const bool asks_signoff, is_configured(place, "format.signOff"));
  if (style.signoff || asks_signoff) wanted.message = with_signoff(wanted.message, author.who);
  if (style.verify) {
    OE_TRY(wanted.message, past_user_hooks(place, repository, wanted, style.worktrees));
  }
  OE_TRY(const bool is_signed, is_configured(place, "commit.gpgSign"));
  if (is_signed) return write_signed(place, wanted);
  return repository.write_commit(wanted.tree, {wanted.parent}, wanted.message, author.who, author.when);
}

Result<void> check_signing(const Place& place, const Oid& tree_of) {
  OE_TRY(const bool is_signed, is_configured(place, "commit.gpgSign"));
  if (!is_signed) return {};
  OE_CHECK(
      write_signed(place, {.tree = {tree_of.text + "^{tree}"}, .parent = {}, .message = "oe: can this be signed?\n"}));
  return {};
}

}  // namespace oe::git
