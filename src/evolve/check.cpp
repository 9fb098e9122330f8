#include "oe/evolve/policy.hpp"

#include "evolve/tree_files.hpp"

namespace oe::evolve {

namespace {

Result<void> check_modes(const git::Repository& repository, const Base& base, const Patch& patch) {
  for (const git::FileChange& file : patch.files) {
    OE_TRY(auto before, repository.read(base.commit, file.path));
    if (before && before->mode != file.mode) return fail(ErrorKind::failed, "the mode of " + file.path + " changed");
  }
  return {};
}

Result<void> check_valid(const Base& before, const Base& after) {
  if (after.reading.usable()) return {};
  if (!before.reading.usable()) return fail(ErrorKind::failed, "the workflow at HEAD is not valid: run `oe validate`");
  return fail(Error(ErrorKind::failed, "the patched workflow is not valid").with(after.reading.problems));
}

// A patched workflow that cannot be read at all is the patch's fault, not the user's input.
Result<Base> read_patched(const git::Repository& repository, const Base& base, const git::Oid& scratch) {
  auto after = read_base(repository, scratch, base.workflow);
  if (after || after.error().kind() != ErrorKind::input) return after;
  return fail(ErrorKind::failed, "the patched workflow cannot be read: " + after.error().to_string());
}

}  // namespace

Result<CheckedPatch> check(const JudgeContext& context, const Base& base, const Operation& operation,
                           const Patch& patch) {
  git::Repository& repository = context.repository;
  const Policy policy = context.policy ? *context.policy : Policy{};
  OE_CHECK(check_policy(policy, base, operation, patch, ""));  // before anything is written
  OE_CHECK(check_modes(repository, base, patch));
  CheckedPatch checked{.patch = patch};
  OE_TRY(checked.tree, repository.write_tree(base.commit, patch.files));
  OE_TRY(checked.scratch, repository.write_commit(checked.tree, {base.commit}, "oe: trial of a proposal\n",
                                                  context.identity, context.clock.now()));
  std::vector<std::string> touched;
  for (const git::FileChange& file : patch.files) touched.push_back(file.path);
  OE_TRY(checked.diff, repository.diff(base.commit, checked.scratch, touched));
  OE_CHECK(check_policy(policy, base, operation, patch, checked.diff));
  OE_TRY(const Base after, read_patched(repository, base, checked.scratch));
  OE_CHECK(check_valid(base, after));
  OE_CHECK(check_contract(repository, base, after, operation, patch));
  return checked;
}

}  // namespace oe::evolve
