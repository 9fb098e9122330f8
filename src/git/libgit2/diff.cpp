#include "git/libgit2/repository.hpp"

namespace oe::git {
namespace {

/// Everything that the user's configuration could change is set here, so the same trees always give the same text.
git_diff_options canonical_options() {
  git_diff_options options = GIT_DIFF_OPTIONS_INIT;
  options.flags = GIT_DIFF_SHOW_BINARY;
  options.context_lines = 3;
  options.interhunk_lines = 0;
  options.id_abbrev = 7;
  options.old_prefix = "a";
  options.new_prefix = "b";
  return options;
}

}  // namespace

Result<std::string> Libgit2Repository::diff(const Oid& before, const Oid& after,
                                            const std::vector<std::string>& only) const {
  const std::string doing = "compare " + before.text + " with " + after.text;
  OE_TRY(const TreeHandle old_tree, tree_of(before));
  OE_TRY(const TreeHandle new_tree, tree_of(after));
  git_diff_options options = canonical_options();
  PathList paths(only);
  if (!paths.empty()) {
    options.flags |= GIT_DIFF_DISABLE_PATHSPEC_MATCH;
    options.pathspec = paths.array();
  }
  OE_TRY(const DiffHandle diff, acquire<DiffHandle>(doing, git_diff_tree_to_tree, repository_.get(), old_tree.get(),
                                                    new_tree.get(), &options));
  git_buf text = GIT_BUF_INIT;
  const std::unique_ptr<git_buf, FreeWith<git_buf_dispose>> guard(&text);
  OE_CHECK(checked(git_diff_to_buf(&text, diff.get(), GIT_DIFF_FORMAT_PATCH), doing));
  return std::string(text.ptr, text.size);
}

}  // namespace oe::git
