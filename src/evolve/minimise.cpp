#include <nlohmann/json.hpp>

#include "evolve/probe.hpp"
#include "evolve/shrink.hpp"
#include "evolve/signature.hpp"

namespace oe::evolve {

namespace {

constexpr std::size_t kMostProbes = 200;

// Rows of csv and tsv keep their columns: only the texts get shorter.
bool fits_file(const AddDatasetCase& original, const Value& item) {
  if (original.is_wrapped || !item.is_object() || !original.item.is_object()) return true;
  const bool columns = original.format == graph::RowFormat::csv || original.format == graph::RowFormat::tsv;
  return !columns || item.size() == original.item.size();
}

AddDatasetCase with_item(AddDatasetCase smaller, const Value& item) {
  smaller.item = item;
  if (!smaller.is_wrapped) {
    smaller.row = item;
    return smaller;
  }
  nlohmann::json row = smaller.row.json();
  row["item"] = item.json();
  smaller.row = Value(std::move(row));
  return smaller;
}

Result<AddDatasetCase> minimise_case(const JudgeContext& context, const TrialBasis& basis, const Finding& finding,
                                     const AddDatasetCase& original) {
  OE_TRY(Probe probe, Probe::open(context, basis.base, basis.run_of(finding), original.node, basis.base.commit,
                                  "minimise-" + original.node.text));
  const std::string signature = error_signature(original.error);
  std::optional<Error> error;
  const auto still_fails = [&](const Value& item) {
    if (error || !fits_file(original, item)) return false;
    auto failure = probe.fails_on(item);
    if (!failure) error = failure.error();
    return failure && *failure && error_signature(**failure) == signature;
  };
  const bool reproduces = still_fails(original.item);
  const Value smallest = reproduces ? shrink(original.item, still_fails, kMostProbes) : original.item;
  if (error) return fail(*error);
  return with_item(original, smallest);
}

}  // namespace

Result<Proposal> minimise(const JudgeContext& context, const TrialBasis& basis, const Proposal& original) {
  const auto* add = std::get_if<AddDatasetCase>(&original.operation);
  if (add == nullptr) return original;
  Proposal smaller = original;
  OE_TRY(smaller.operation, minimise_case(context, basis, original.finding, *add));
  return smaller;
}

}  // namespace oe::evolve
