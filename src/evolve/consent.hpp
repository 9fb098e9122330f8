#pragma once

#include "oe/evolve/evolve.hpp"
#include "oe/evolve/judge.hpp"

namespace oe::evolve {

/// Whether code may be tried here: the user has run or trusted the workflow and its tool files as the base has them, and
/// the sandbox that is asked for works. Costs one checkout. Errors: environment, with what to type.
Result<void> check_consent(const EvolveContext& context, const JudgeContext& judge, const Base& base);

/// The same, looked up once and only when there is something to try. All is borrowed.
class Consent {
 public:
  Consent(const EvolveContext& context, const JudgeContext& judge, const Base& base)
      : context_(context), judge_(judge), base_(base) {}
  Result<void> ask() {
    if (!is_given_) OE_CHECK(check_consent(context_, judge_, base_));
    is_given_ = true;
    return {};
  }

 private:
  const EvolveContext& context_;
  const JudgeContext& judge_;
  const Base& base_;
  bool is_given_ = false;
};

}  // namespace oe::evolve
