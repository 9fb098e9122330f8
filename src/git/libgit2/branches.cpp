#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fmt/format.h>

#include "git/libgit2/repository.hpp"

namespace oe::git {
namespace {

constexpr std::string_view kHeads = "refs/heads/";
constexpr const char* kLogMessage = "oe: proposal";

// Git holds the lock of a branch for milliseconds; an older one was left by a process that was killed.
constexpr std::chrono::seconds kStaleLock{2};

std::string full_name(const std::string& name) {
  return std::string(kHeads) + name;
}

bool remove_stale_lock(git_repository* repository, const std::string& name) {
  namespace fs = std::filesystem;
  const fs::path lock = git_repository_commondir(repository) + full_name(name) + ".lock";
  std::error_code error;
  const fs::file_time_type since = fs::last_write_time(lock, error);
  const bool is_stale = !error && fs::file_time_type::clock::now() - since > kStaleLock;
  return is_stale && fs::remove(lock, error);
}

/// What a change of the branch gives; once more when nothing but a stale lock stood in its way.
template <class Change>
int past_stale_lock(git_repository* repository, const std::string& name, const Change& change) {
  const int code = change();
  return code == GIT_ELOCKED && remove_stale_lock(repository, name) ? change() : code;
}

Result<void> check_branch_name(const std::string& name) {
  int is_valid = 0;
  OE_CHECK(checked(git_branch_name_is_valid(&is_valid, name.c_str()), "check the branch name '" + name + "'"));
  if (is_valid == 1 && name.find('\0') == std::string::npos) return {};
  return fail(ErrorKind::usage, fmt::format("'{}' cannot name a branch", name), "git check-ref-format tells the rules");
}

/// The codes that say "somebody else was there first" are no fault of the environment.
Result<void> as_compare_and_set(int code, const std::string& name, const std::optional<Oid>& expected) {
  const bool was_moved = code == GIT_EMODIFIED || code == GIT_EEXISTS || (expected && code == GIT_ENOTFOUND);
  if (was_moved) {
    const std::string state = expected ? "is no longer at " + expected->text : "exists already";
    return fail(ErrorKind::failed, fmt::format("the branch {} {}", name, state),
                fmt::format("look at it: git log {}", name));
  }
  return checked(code, "set the branch " + name);
}

}  // namespace

Result<ReferenceHandle> Libgit2Repository::find_branch(const std::string& name) const {
  return find<ReferenceHandle>("read the branch " + name, git_reference_lookup, repository_.get(),
                               full_name(name).c_str());
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
  OE_TRY(const git_oid to, parse_oid(target));
  OE_TRY(const git_oid from, expected ? parse_oid(*expected) : Result<git_oid>(git_oid{}));
  OE_TRY(const ReferenceHandle present, find_branch(name));
  OE_CHECK(check_not_checked_out(name, present.get()));
  git_reference* raw = nullptr;
  const int code = past_stale_lock(repository_.get(), name, [&] {
    return git_reference_create_matching(&raw, repository_.get(), full_name(name).c_str(), &to, expected ? 1 : 0,
                                         expected ? &from : nullptr, kLogMessage);
  });
  const ReferenceHandle written(raw);
  Result<void> set = as_compare_and_set(code, name, expected);  // first, because the next look-up forgets the reason
  if (!set) OE_CHECK(check_nothing_above(name));
  return set;
}

Result<std::optional<Oid>> Libgit2Repository::branch(const std::string& name) const {
  OE_CHECK(check_branch_name(name));
  OE_TRY(const ReferenceHandle reference, find_branch(name));
  if (!reference) return std::nullopt;
  OE_TRY(const ReferenceHandle direct,
         find<ReferenceHandle>("resolve the branch " + name, git_reference_resolve, reference.get()));
  if (!direct) return std::nullopt;
  return to_oid(*git_reference_target(direct.get()));
}

Result<void> Libgit2Repository::delete_branch(const std::string& name) {
  OE_CHECK(check_branch_name(name));
  OE_TRY(const ReferenceHandle reference, find_branch(name));
  if (!reference) return {};
  OE_CHECK(check_not_checked_out(name, reference.get()));
  // git_branch_delete() would also take the branch's section out of the user's config.
  const int code = past_stale_lock(repository_.get(), name, [&] { return git_reference_delete(reference.get()); });
  return checked(code, "delete the branch " + name);
}

Result<std::vector<std::string>> Libgit2Repository::branches(const std::string& prefix) const {
  OE_TRY(const ReferenceIteratorHandle all,
         acquire<ReferenceIteratorHandle>("list the branches", git_reference_iterator_glob_new, repository_.get(),
                                          (full_name(prefix) + "*").c_str()));
  std::vector<std::string> names;
  const char* name = nullptr;
  int code = 0;
  while ((code = git_reference_next_name(&name, all.get())) == 0) {
    names.emplace_back(std::string_view(name).substr(kHeads.size()));
  }
  if (code != GIT_ITEROVER) return fail(libgit2_error(code, "list the branches"));
  std::ranges::sort(names);
  return names;
}

}  // namespace oe::git
