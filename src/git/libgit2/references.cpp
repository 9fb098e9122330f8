#include "git/libgit2/references.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fmt/format.h>

#include "git/libgit2/repository.hpp"

namespace oe::git {
namespace {

constexpr const char* kLogMessage = "oe: proposal";

// Git holds the lock of a ref for milliseconds; an older one was left by a process that was killed.
constexpr std::chrono::seconds kStaleLock{2};

/// "the branch x" or "the ref refs/oe/x", for people.
std::string words_for(const std::string& name) {
  constexpr std::string_view heads = "refs/heads/";
  return name.starts_with(heads) ? "the branch " + name.substr(heads.size()) : "the ref " + name;
}

bool remove_stale_lock(git_repository* repository, const std::string& name) {
  namespace fs = std::filesystem;
  const fs::path lock = git_repository_commondir(repository) + name + ".lock";
  std::error_code error;
  const fs::file_time_type since = fs::last_write_time(lock, error);
  const bool is_stale = !error && fs::file_time_type::clock::now() - since > kStaleLock;
  return is_stale && fs::remove(lock, error);
}

/// What a change of the ref gives; once more when nothing but a stale lock stood in its way.
template <class Change>
int past_stale_lock(git_repository* repository, const std::string& name, const Change& change) {
  const int code = change();
  return code == GIT_ELOCKED && remove_stale_lock(repository, name) ? change() : code;
}

/// The codes that say "somebody else was there first" are no fault of the environment.
Result<void> as_compare_and_set(int code, const std::string& name, const std::optional<Oid>& expected) {
  const bool was_moved = code == GIT_EMODIFIED || code == GIT_EEXISTS || (expected && code == GIT_ENOTFOUND);
  if (was_moved) {
    const std::string state = expected ? "is no longer at " + expected->text : "exists already";
    return fail(ErrorKind::failed, fmt::format("{} {}", words_for(name), state),
                fmt::format("look at it: git log {}", name));
  }
  return checked(code, "set " + words_for(name));
}

/// Refs of the user are not ours to touch by this way.
Result<void> check_is_ours(const std::string& name) {
  const bool is_ours = name.starts_with("refs/oe/") || name == "refs/notes/oe";
  if (is_ours && git_reference_is_valid_name(name.c_str()) == 1) return {};
  return fail(ErrorKind::usage, fmt::format("'{}' is no name for a ref of oe", name));
}

}  // namespace

Result<ReferenceHandle> find_reference(git_repository* repository, const std::string& name) {
  return find<ReferenceHandle>("read " + words_for(name), git_reference_lookup, repository, name.c_str());
}

Result<std::optional<Oid>> target_of(git_repository* repository, const std::string& name) {
  OE_TRY(const ReferenceHandle reference, find_reference(repository, name));
  if (!reference) return std::nullopt;
  OE_TRY(const ReferenceHandle direct,
         find<ReferenceHandle>("resolve " + words_for(name), git_reference_resolve, reference.get()));
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
  return checked(code, "delete " + words_for(name));
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
  OE_CHECK(check_is_ours(name));
  return set_reference(repository_.get(), name, target, expected);
}

Result<std::optional<Oid>> Libgit2Repository::ref(const std::string& name) const {
  OE_CHECK(check_is_ours(name));
  return target_of(repository_.get(), name);
}

Result<void> Libgit2Repository::delete_ref(const std::string& name) {
  OE_CHECK(check_is_ours(name));
  return delete_reference(repository_.get(), name);
}

Result<std::vector<std::string>> Libgit2Repository::refs(const std::string& prefix) const {
  return names_of_references(repository_.get(), prefix);
}

}  // namespace oe::git
