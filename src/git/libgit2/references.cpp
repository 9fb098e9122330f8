#include "git/libgit2/references.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "git/libgit2/repository.hpp"
#include "git/own_ref.hpp"

namespace oe::git {
namespace {

constexpr const char* kLogMessage = "oe: proposal";

/// What a change of the ref gives; once more when nothing but a stale lock stood in its way.
template <class Change>
int past_stale_lock(git_repository* repository, const std::string& name, const Change& change) {
  const int code = change();
  return code == GIT_ELOCKED && remove_stale_lock(git_repository_commondir(repository), name) ? change() : code;
}

/// The codes that say "somebody else was there first" are no fault of the environment.
Result<void> as_compare_and_set(int code, const std::string& name, const std::optional<Oid>& expected) {
  const bool was_moved = code == GIT_EMODIFIED || code == GIT_EEXISTS || (expected && code == GIT_ENOTFOUND);
  if (was_moved) {
    const std::string state = expected ? "is no longer at " + expected->text : "exists already";
    return fail(ErrorKind::failed, fmt::format("{} {}", words_for_ref(name), state),
                fmt::format("look at it: git log {}", name));
  }
  return checked(code, "set " + words_for_ref(name));
}

}  // namespace

Result<ReferenceHandle> find_reference(git_repository* repository, const std::string& name) {
  return find<ReferenceHandle>("read " + words_for_ref(name), git_reference_lookup, repository, name.c_str());
}

Result<std::optional<Oid>> target_of(git_repository* repository, const std::string& name) {
  OE_TRY(const ReferenceHandle reference, find_reference(repository, name));
  if (!reference) return std::nullopt;
  OE_TRY(const ReferenceHandle direct,
         find<ReferenceHandle>("resolve " + words_for_ref(name), git_reference_resolve, reference.get()));
  if (!direct) return std::nullopt;
  return to_oid(*git_reference_target(direct.get()));
}

Result<void> set_reference(git_repository* repository, const std::string& name, const Oid& target,
                           const std::optional<Oid>& expected) {
  OE_TRY(const git_oid to, parse_oid(target));
  OE_TRY(const git_oid from, expected ? parse_oid(*expected) : Result<git_oid>(git_oid{}));
  git_reference* raw = nullptr;
  const int code = past_stale_lock(repository, name, [&] {
    return git_reference_create_matching(&raw, repository, name.c_str(), &to, expected ? 1 : 0,
                                         expected ? &from : nullptr, kLogMessage);
  });
  const ReferenceHandle written(raw);
  return as_compare_and_set(code, name, expected);
}

Result<void> delete_reference(git_repository* repository, const std::string& name) {
  OE_TRY(const ReferenceHandle reference, find_reference(repository, name));
  if (!reference) return {};
  const int code = past_stale_lock(repository, name, [&] { return git_reference_delete(reference.get()); });
  return checked(code, "delete " + words_for_ref(name));
}

Result<std::vector<std::string>> names_of_references(git_repository* repository, const std::string& prefix) {
  OE_TRY(const ReferenceIteratorHandle all, acquire<ReferenceIteratorHandle>(
                                                "list the refs", git_reference_iterator_glob_new, repository,
                                                (prefix + "*").c_str()));
  std::vector<std::string> names;
  const char* name = nullptr;
  int code = 0;
  while ((code = git_reference_next_name(&name, all.get())) == 0) names.emplace_back(name);
  if (code != GIT_ITEROVER) return fail(libgit2_error(code, "list the refs"));
  std::ranges::sort(names);
  return names;
}

Result<void> Libgit2Repository::set_ref(const std::string& name, const Oid& target,
                                        const std::optional<Oid>& expected) {
  OE_CHECK(check_own_ref(name));
  return set_reference(repository_.get(), name, target, expected);
}

Result<std::optional<Oid>> Libgit2Repository::ref(const std::string& name) const {
  OE_CHECK(check_own_ref(name));
  return target_of(repository_.get(), name);
}

Result<void> Libgit2Repository::delete_ref(const std::string& name) {
  OE_CHECK(check_own_ref(name));
  return delete_reference(repository_.get(), name);
}

Result<std::vector<std::string>> Libgit2Repository::refs(const std::string& prefix) const {
  return names_of_references(repository_.get(), prefix);
}

}  // namespace oe::git
