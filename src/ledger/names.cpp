#include "ledger/names.hpp"

namespace oe::ledger {

std::string_view to_string(Outcome outcome) {
  return name_of(outcome);
}
std::string_view to_string(RunStatus status) {
  return name_of(status);
}
std::string_view to_string(SkipCause cause) {
  return name_of(cause);
}
std::string_view to_string(FieldMerge merge) {
  return name_of(merge);
}
std::string_view to_string(ProposalStatus status) {
  return name_of(status);
}
std::optional<FieldMerge> field_merge(std::string_view name) {
  return from_name<FieldMerge>(name);
}

}  // namespace oe::ledger
