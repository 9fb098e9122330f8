#include "git/libgit2/handle.hpp"

#include <array>
#include <fmt/format.h>

namespace oe::git {
namespace {

std::string hint_for(int code) {
  switch (code) {
    case GIT_ELOCKED:
      return "another git process holds a lock: try again; if none runs, remove the .lock file that is named above";
    case GIT_ENOTFOUND:
      return "if this is a partial or shallow clone, fetch what is missing: git fetch --refetch";
    default:
      return {};
  }
}

}  // namespace

Error libgit2_error(int code, const std::string& doing) {
  const git_error* last = git_error_last();
  const std::string words = last != nullptr && last->message != nullptr ? last->message : fmt::format("code {}", code);
  return {ErrorKind::environment, fmt::format("cannot {}: {}", doing, words), hint_for(code)};
}

Result<git_oid> parse_oid(const Oid& id) {
  git_oid raw;
  const bool is_full = id.text.size() == GIT_OID_HEXSZ;
  if (is_full && git_oid_fromstrn(&raw, id.text.data(), id.text.size()) == 0) return raw;
  return fail(ErrorKind::input, fmt::format("'{}' is no full object id", id.text), "git rev-parse prints it");
}

Oid to_oid(const git_oid& id) {
  std::array<char, GIT_OID_HEXSZ + 1> text;
  git_oid_tostr(text.data(), text.size(), &id);
  return Oid{text.data()};
}

}  // namespace oe::git
