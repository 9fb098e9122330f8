#include "exec/attempt_environment.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <utility>

namespace oe::exec {

EnvironmentChanges identity_of(const AttemptSpec& spec) {
  std::optional<std::string> index;
  std::optional<std::string> scope;
  std::optional<std::string> key;
  if (spec.index) index = std::to_string(*spec.index);
  if (!spec.scope.empty()) scope = fmt::format("{}", fmt::join(spec.scope, "/"));
  if (!spec.idempotency_key.empty()) key = spec.idempotency_key;
  return {
      {"OE_RUN_ID", spec.run.text},        {"OE_NODE_ID", spec.node.text}, {"OE_ATTEMPT", std::to_string(spec.attempt)},
      {"OE_ITEM_INDEX", std::move(index)}, {"OE_SCOPE", std::move(scope)}, {"OE_IDEMPOTENCY_KEY", std::move(key)}};
}

EnvironmentChanges no_identity() {
  EnvironmentChanges changes = identity_of({});
  for (auto& [name, value] : changes) value.reset();
  return changes;
}

const EnvironmentChanges& granted(const AttemptSpec& spec) {
  static const EnvironmentChanges nothing;
  return spec.environment != nullptr ? *spec.environment : nothing;
}

sys::Environment attempt_environment(const AttemptSpec& spec, EnvironmentChanges more) {
  EnvironmentChanges changes = granted(spec);
  for (auto& change : identity_of(spec)) changes.push_back(std::move(change));
  for (auto& change : more) changes.push_back(std::move(change));
  return sys::environment_with(changes);
}

}  // namespace oe::exec
