#pragma once

#include <string>
#include <vector>

#include "oe/evolve/advisor.hpp"

namespace oe::evolve {

/// A proposal of a model that cannot be used, and why, in words for the model and for people.
struct Unusable {
  std::string title;
  std::string reason;
  friend bool operator==(const Unusable&, const Unusable&) = default;
};

/// What of an answer can be used: read, and passed by context.check.
struct ReadAnswer {
  std::vector<Proposal> usable;
  std::vector<Unusable> unusable;
};
/// The first `most` proposals of an answer that fits answer_schema(). Citations that lead nowhere are dropped; a
/// proposal without any cites the end of the newest run.
ReadAnswer read_answer(const Value& answer, const AdvisorContext& context, std::size_t most);

}  // namespace oe::evolve
