#include <algorithm>
#include <nlohmann/json.hpp>

#include "evolve/probe.hpp"
#include "evolve/seen.hpp"
#include "evolve/shrink.hpp"

namespace oe::evolve {

namespace {

bool asks_a_model(const graph::Node& node) {
  const std::string_view kind = graph::kind_name(graph::leaf(node).work);
  return kind == "agent" || kind == "cli-agent" || kind == "skill";
}

constexpr std::size_t kMostProbes = 200;
constexpr std::chrono::seconds kLongestSearch{60};

// Rows of csv and tsv keep their columns: only the texts get shorter.
bool fits_file(const AddDatasetCase& original, const Value& item) {
  if (original.is_wrapped || !item.is_object() || !original.item.is_object()) return true;
  const bool columns = original.format == graph::RowFormat::csv || original.format == graph::RowFormat::tsv;
  return !columns || item.size() == original.item.size();
}

// Fields that a node reads: one that was taken out would come back from the recorded state.
bool keeps_fields(const Value& original, const Value& item) {
  const nlohmann::json& fields = original.json();
  return item.is_object() && item.size() == original.size() &&
         std::all_of(fields.items().begin(), fields.items().end(), [&](const auto& field) {
           return item.json().contains(field.key()) && item.get(field.key()).is_array() == field.value().is_array();
         });
}

AddDatasetCase with_item(AddDatasetCase smaller, const Value& item, const std::string& error) {
  smaller.item = item;
  smaller.error = first_line(error);
  if (!smaller.is_wrapped) {
    smaller.row = item;
    return smaller;
  }
  nlohmann::json row = smaller.row.json();
  row["item"] = item.json();
  row["error"] = smaller.error;
  smaller.row = Value(std::move(row));
  return smaller;
}

Result<AddDatasetCase> minimise_case(const JudgeContext& context, const TrialBasis& basis, const Finding& finding,
                                     const AddDatasetCase& original) {
  auto probe = Probe::open(context, basis.base, basis.run_of(finding), original.node, basis.base.commit, "minimise");
  if (!probe && probe.error().kind() == ErrorKind::failed) return original;
  if (!probe) return fail(std::move(probe).error());
  auto end = context.clock.monotonic() + kLongestSearch;
  if (context.purse != nullptr && context.purse->until()) end = std::min(end, *context.purse->until());
  std::optional<Error> error;
  std::string newest;
  const graph::Node* node = graph::find(basis.base.reading.graph, original.node);
  const bool is_fields = node != nullptr && graph::each(*node) == nullptr && original.is_wrapped;
  const auto still_fails = [&](const Value& item) {
    if (error || context.clock.monotonic() > end || !fits_file(original, item)) return false;
    if (is_fields && !keeps_fields(original.item, item)) return false;
    auto failure = probe->fails_on(item);
    if (!failure) error = failure.error();
    if (!failure || !*failure || !fails_alike(original, **failure, item)) return false;
    newest = **failure;
    return true;
  };
  const bool reproduces = still_fails(original.item);
  const Value smallest = reproduces ? shrink(original.item, still_fails, kMostProbes) : original.item;
  if (error) return fail(*error);
  return smallest == original.item ? original : with_item(original, smallest, newest);
}

}  // namespace

Result<Proposal> minimise(const JudgeContext& context, const TrialBasis& basis, const Proposal& original) {
  const auto* add = std::get_if<AddDatasetCase>(&original.operation);
  if (add == nullptr || original.expectation.kind == Expectation::Kind::no_worse) return original;
  const graph::Node* node = graph::find(basis.base.reading.graph, add->node);
  if (node != nullptr && asks_a_model(*node)) return original;  // a search of that many calls is not worth its price
  Proposal smaller = original;
  OE_TRY(smaller.operation, minimise_case(context, basis, original.finding, *add));
  return smaller;
}

}  // namespace oe::evolve
