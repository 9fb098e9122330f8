#include <fmt/format.h>

#include "git/libgit2/references.hpp"
#include "git/libgit2/repository.hpp"

namespace oe::git {
namespace {

constexpr std::string_view kHeads = "refs/heads/";

std::string full_name(const std::string& name) {
  return std::string(kHeads) + name;
}

Result<void> check_branch_name(const std::string& name) {
  int is_valid = 0;
  OE_CHECK(checked(git_branch_name_is_valid(&is_valid, name.c_str()), "check the branch name '" + name + "'"));
  if (is_valid == 1 && name.find('\0') == std::string::npos) return {};
  return fail(ErrorKind::usage, fmt::format("'{}' cannot name a branch", name), "git check-ref-format tells the rules");
}

}  // namespace

Result<ReferenceHandle> Libgit2Repository::find_branch(const std::string& name) const {
  return find_reference(repository_.get(), full_name(name));
}

Result<void> Libgit2Repository::check_not_checked_out(const std::string& name, git_reference* reference) const {
  OE_TRY(const Head here, head());
  const int elsewhere = reference == nullptr ? 0 : git_branch_is_checked_out(reference);
  OE_CHECK(checked(elsewhere, "find out where the branch " + name + " is checked out"));
  if (elsewhere == 0 && here.branch != name) return {};
  return fail(ErrorKind::failed, fmt::format("the branch {} is checked out", name),
              "switch to another branch first: git switch -");
}

Result<void> Libgit2Repository::check_nothing_above(const std::string& name) const {
  for (std::size_t slash = name.find('/'); slash != std::string::npos; slash = name.find('/', slash + 1)) {
    const std::string above = name.substr(0, slash);
    OE_TRY(const ReferenceHandle reference, find_branch(above));
    if (!reference) continue;
    return fail(ErrorKind::failed, fmt::format("the branch {} stands in the way of {}", above, name),
                fmt::format("rename it: git branch -m {} {}-old", above, above));
  }
  return {};
}

Result<void> Libgit2Repository::set_branch(const std::string& name, const Oid& target,
                                           const std::optional<Oid>& expected) {
  OE_CHECK(check_branch_name(name));
  OE_TRY(const ReferenceHandle present, find_branch(name));
  OE_CHECK(check_not_checked_out(name, present.get()));
  // First, because the next look-up forgets the reason.
  Result<void> set = set_reference(repository_.get(), full_name(name), target, expected);
  if (!set) OE_CHECK(check_nothing_above(name));
  return set;
}

Result<std::optional<Oid>> Libgit2Repository::branch(const std::string& name) const {
  OE_CHECK(check_branch_name(name));
  return target_of(repository_.get(), full_name(name));
}

Result<void> Libgit2Repository::delete_branch(const std::string& name) {
  OE_CHECK(check_branch_name(name));
  OE_TRY(const ReferenceHandle reference, find_branch(name));
  if (!reference) return {};
  OE_CHECK(check_not_checked_out(name, reference.get()));
  // git_branch_delete() would also take the branch's section out of the user's config.
  return delete_reference(repository_.get(), full_name(name));
}

Result<std::vector<std::string>> Libgit2Repository::branches(const std::string& prefix) const {
  OE_TRY(std::vector<std::string> names, names_of_references(repository_.get(), full_name(prefix)));
  for (std::string& name : names) name.erase(0, kHeads.size());
  return names;
}

}  // namespace oe::git
