#include "evolve/consent.hpp"

#include <fmt/core.h>

#include "oe/exec/content.hpp"
#include "oe/exec/sandbox.hpp"

namespace oe::evolve {

namespace {

Result<void> check_sandbox() {
  const auto works = exec::sandbox_works();
  if (works) return {};
  const std::string otherwise = "or, to let proposals touch all that you may: oe evolve --no-sandbox";
  const std::string& hint = works.error().hint();
  return fail(ErrorKind::environment, "proposals are proven in a sandbox: " + works.error().message(),
              hint.empty() ? otherwise : hint + "\n" + otherwise);
}

// Files that the workflow names may lie anywhere in the repository, so all of it is checked out.
Result<std::string> digest_of(const JudgeContext& judge, const Base& base) {
  OE_TRY(const auto worktree, judge.repository.add_worktree(judge.worktrees, "consent", base.commit));
  return exec::content_digest(base.reading.graph, base.reading.document.text(), worktree->path() / base.directory);
}

}  // namespace

Result<void> check_consent(const EvolveContext& context, const JudgeContext& judge, const Base& base) {
  if (judge.sandbox) OE_CHECK(check_sandbox());
  OE_TRY(const std::string digest, digest_of(judge, base));
  const Result<bool> trusted = context.trust ? context.trust->trusts(digest) : Result<bool>(false);
  if (!trusted) return fail(trusted.error());
  if (*trusted) return {};
  return fail(ErrorKind::environment,
              fmt::format("proposals for {} wait: you have neither run nor trusted what {} has", base.workflow,
                          base.commit.text.substr(0, 12)),
              fmt::format("with that commit checked out, type oe run {0}, or without running it: oe trust {0}",
                          base.workflow));
}

}  // namespace oe::evolve
