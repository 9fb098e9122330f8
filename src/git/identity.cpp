#include "oe/base/text.hpp"
#include "oe/git/program.hpp"

namespace oe::git {
namespace {

constexpr const char* kConfigLines =
    "tell git who you are:\n"
    "  git config --global user.name \"Your Name\"\n"
    "  git config --global user.email \"you@example.com\"";

}  // namespace

Result<Identity> user_identity(const Place& place) {
  OE_TRY(const GitAnswer answer, run_git({.directory = place.root, .arguments = {"var", "GIT_AUTHOR_IDENT"}}));
  // "Name <email> 1700000000 +0000"; git strips "<" and ">" from both.
  const std::size_t open = answer.out.find('<');
  const std::size_t close = answer.out.find('>');
  const bool is_whole = open != std::string::npos && close != std::string::npos && open < close;
  if (answer.code != 0 || !is_whole) {
    return fail(ErrorKind::environment, "git does not know who you are, and a commit needs an author", kConfigLines);
  }
  return Identity{std::string(trim(answer.out.substr(0, open))), answer.out.substr(open + 1, close - open - 1)};
}

}  // namespace oe::git
