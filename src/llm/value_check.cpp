#include "llm/value_check.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/base/text.hpp"

#include "llm/plain_line.hpp"
#include "llm/schema_form.hpp"

namespace oe::llm {

using nlohmann::json;
using valijson::Subschema;

namespace {

constexpr std::size_t kMostSteps = 1'000'000;  // parts of values held against parts of schemas
constexpr std::size_t kMostLevels = 300;
constexpr std::size_t kMostCollected = 200;

}  // namespace

bool CheckWork::matches(const std::string& pattern, const std::string& text) {
  auto known = patterns.find(pattern);
  if (known == patterns.end()) {
    auto compiled = graph::Pattern::compile(pattern);
    if (!compiled) return gave_up = true;
    known = patterns.emplace(pattern, std::move(*compiled)).first;
  }
  return known->second.found_in(text);
}

bool ValueCheck::fits(const Subschema& schema) {
  if (schema.getAlwaysInvalid()) return fault(0, "must not be there");
  if (++work_.steps > kMostSteps || work_.level >= kMostLevels) work_.gave_up = true;
  if (work_.gave_up) return true;
  ++work_.level;
  Subschema::ApplyFunction visit_one = [&](const valijson::constraints::Constraint& one) { return one.accept(*this); };
  const bool is_fitting = schema.apply(visit_one);
  --work_.level;
  return is_fitting;
}

bool ValueCheck::fault(int rank, std::string text, std::string wanted) {
  if (faults_.size() < kMostCollected) faults_.push_back({rank, at_, std::move(text), std::move(wanted)});
  return false;
}

bool ValueCheck::must_be(int rank, const std::string& wanted) {
  return fault(rank, fmt::format("must be {}, not {}", wanted, shown(value_)), wanted);
}

bool ValueCheck::part(const json& value, std::string_view token, const Subschema& schema) {
  return ValueCheck(work_, value, pointer_to(at_, token), faults_).fits(schema);
}

bool ValueCheck::silently(const json& value, const Subschema& schema) {
  SchemaFaults unheard;
  return ValueCheck(work_, value, at_, unheard).fits(schema);
}

bool ValueCheck::visit(const AllOfConstraint& all) {
  bool is_kept = true;
  all.applyToSubschemas([&](unsigned, const Subschema* one) {
    is_kept = fits(*one) && is_kept;
    return true;
  });
  return is_kept;
}

/// How many alternatives fit; the faults of the nearest when none does.
template <class Alternatives>
std::size_t ValueCheck::fitting(const Alternatives& alternatives) {
  std::size_t count = 0;
  std::vector<SchemaFaults> branches;
  alternatives.applyToSubschemas([&](unsigned, const Subschema* one) {
    SchemaFaults faults;
    if (ValueCheck(work_, value_, at_, faults).fits(*one))
      ++count;
    else
      branches.push_back(std::move(faults));
    return true;
  });
  if (count == 0) explain(std::move(branches));
  return count;
}

/// When every alternative wants another value at this place, all are named; else the one that is wrong in fewest places
/// and not from the start.
void ValueCheck::explain(std::vector<SchemaFaults> branches) {
  const auto is_plain = [&](const SchemaFaults& faults) {
    return faults.size() == 1 && faults.front().at == at_ && !faults.front().wanted.empty();
  };
  if (std::ranges::all_of(branches, is_plain)) {
    std::vector<std::string> wanted;
    for (const SchemaFaults& faults : branches)
      if (std::ranges::find(wanted, faults.front().wanted) == wanted.end()) wanted.push_back(faults.front().wanted);
    must_be(0, listed(wanted));
    return;
  }
  const auto distance = [&](const SchemaFaults& faults) {
    const bool is_other = std::ranges::any_of(
        faults, [&](const SchemaFault& f) { return f.at == at_ && f.rank == 0 && !f.wanted.empty(); });
    const bool is_other_kind = std::ranges::any_of(faults, [](const SchemaFault& f) { return f.rank == 1; });
    return std::tuple(is_other, is_other_kind, faults.size());
  };
  const auto best = std::ranges::min_element(branches, {}, distance);
  if (best != branches.end()) std::ranges::move(*best, std::back_inserter(faults_));
}

bool ValueCheck::visit(const AnyOfConstraint& any) {
  return fitting(any) > 0;
}

bool ValueCheck::visit(const OneOfConstraint& one) {
  const std::size_t count = fitting(one);
  return count == 1 || (count > 1 && fault(0, fmt::format("fits {} of the alternatives and may fit only one", count)));
}

bool ValueCheck::visit(const NotConstraint& none) {
  return !silently(value_, *none.getSubschema()) || fault(0, fmt::format("must not be {}", shown(value_)));
}

bool ValueCheck::visit(const ConditionalConstraint& when) {
  const Subschema* next = silently(value_, *when.getIfSubschema()) ? when.getThenSubschema() : when.getElseSubschema();
  return next == nullptr || fits(*next);
}

}  // namespace oe::llm
