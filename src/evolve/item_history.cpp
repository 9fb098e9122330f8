#include "evolve/item_history.hpp"

#include <map>
#include <nlohmann/json.hpp>

#include "oe/base/text.hpp"

#include "evolve/signature.hpp"

namespace oe::evolve {

namespace {

// Shorter texts occur in any sentence.
constexpr std::size_t kShortestText = 3;

std::optional<Value> item_of(const ledger::Attempt& attempt, const std::optional<Value>& list) {
  if (attempt.item) return attempt.item;
  if (!list || !attempt.index || *attempt.index >= list->size()) return std::nullopt;
  return Value(list->json().at(*attempt.index));
}

void count_attempt(const Seen& seen, ItemHistory& history) {
  if (seen.ended_as(ledger::Outcome::failed)) history.failures.push_back(seen);
  if (seen.ended_as(ledger::Outcome::succeeded)) ++history.succeeded;
  if (seen.ended_as(ledger::Outcome::timed_out)) ++history.timed_out;
  if (was_rate_limited(*seen.attempt)) ++history.refused;
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size())
    text.replace(at, what.size(), with);
}

void take_out_texts(std::string& error, const nlohmann::json& item) {
  if (item.is_string() && item.get_ref<const std::string&>().size() >= kShortestText)
    replace_all(error, item.get_ref<const std::string&>(), "<item>");
  if (!item.is_structured()) return;
  for (const nlohmann::json& member : item) take_out_texts(error, member);
}

}  // namespace

std::vector<ItemHistory> item_histories(std::span<const Sighting> sightings) {
  std::vector<ItemHistory> histories;
  std::map<std::string, std::size_t> positions;
  for (const Sighting& sighting : sightings) {
    const std::optional<Value> list = items_of(*sighting.run, sighting.node->id);
    for (const Seen& seen : attempts(std::span(&sighting, 1))) {
      const std::optional<Value> item = item_of(*seen.attempt, list);
      if (!item) continue;
      const auto [position, is_new] = positions.emplace(item->dump(), histories.size());
      if (is_new) histories.push_back({.item = *item});
      count_attempt(seen, histories[position->second]);
    }
  }
  return histories;
}

std::string failure_kind(std::string_view error, const Value& item) {
  std::string line = without_folders(trim(error).substr(0, trim(error).find('\n')));
  take_out_texts(line, item.json());
  return error_signature(line);
}

std::string failure_kind(const ItemHistory& history) {
  return failure_kind(history.error(), history.item);
}

}  // namespace oe::evolve
