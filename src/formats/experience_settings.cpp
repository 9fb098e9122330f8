#include <algorithm>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/base/text.hpp"

#include "formats/experience.hpp"

namespace oe::formats {

namespace {

constexpr std::int64_t kMostMebibytes = std::int64_t{1} << 30;

std::optional<std::uint64_t> count(Fields& fields, std::string_view key, std::int64_t least, std::int64_t most) {
  const auto number = fields.integer(key, least, most);
  return number ? std::optional(static_cast<std::uint64_t>(*number)) : std::nullopt;
}

graph::Sandbox read_limits(const Spot& spot, Notes& notes) {
  Fields fields(spot, notes);
  graph::Sandbox sandbox{.network = fields.flag("network").value_or(false), .write = fields.texts("write")};
  sandbox.memory_mb = count(fields, "memory_mb", 1, kMostMebibytes);
  sandbox.processes = count(fields, "processes", 1, kMostCount);
  sandbox.output_mb = count(fields, "output_mb", 1, kMostMebibytes);
  sandbox.cpu = fields.milliseconds("cpu_ms", 1);
  fields.finish(Unknown::error);
  return sandbox;
}

void read_trigger(const Spot& spot, Notes& notes, std::vector<graph::Trigger>& triggers) {
  constexpr std::array<Word<graph::Trigger>, 2> kTriggers = {
      {{"commit", graph::Trigger::commit}, {"merge", graph::Trigger::merge}}};
  const auto text = text_at(spot, notes);
  if (!text) return;
  const auto known = std::ranges::find(kTriggers, *text, &Word<graph::Trigger>::first);
  if (known == kTriggers.end()) {
    const std::vector<std::string> words = {"commit", "merge"};
    return notes.error(spot, fmt::format("must be one of commit, merge, found '{}'", ellipsis(*text, 60)),
                       did_you_mean(*text, words));
  }
  if (std::ranges::find(triggers, known->second) == triggers.end()) triggers.push_back(known->second);
}

}  // namespace

std::vector<graph::Trigger> read_triggers(const Spot& spot, Notes& notes) {
  std::vector<graph::Trigger> triggers;
  const doc::Node& content = spot.content();
  if (content.kind == doc::NodeKind::sequence)
    for (std::size_t i = 0; i < content.items.size(); ++i) read_trigger(spot.item(i), notes, triggers);
  else
    read_trigger(spot, notes, triggers);
  return triggers;
}

graph::Budget read_budget(const Spot& spot, Notes& notes) {
  if (spot.content().kind == doc::NodeKind::scalar) {
    const auto tokens = integer_at(spot, 0, std::numeric_limits<std::int64_t>::max(), notes);
    return {.tokens = tokens ? std::optional(static_cast<std::uint64_t>(*tokens)) : std::nullopt};
  }
  Fields fields(spot, notes);
  graph::Budget budget{.tokens = count(fields, "tokens", 0, std::numeric_limits<std::int64_t>::max()),
                       .usd = fields.amount("usd"),
                       .time = fields.milliseconds("time_ms", 0)};
  if (fields.usable() && spot.content().members.empty())
    notes.error(spot, "must say at least one of tokens, usd, time_ms");
  fields.finish(Unknown::error, "a budget has tokens, usd and time_ms");
  return budget;
}

std::optional<graph::Sandbox> read_sandbox(const Spot& spot, Notes& notes) {
  const Value value = spot.content().kind == doc::NodeKind::scalar ? doc::to_value(spot.content()) : Value();
  if (value.json().is_boolean()) return value.json().get<bool>() ? std::optional(graph::Sandbox()) : std::nullopt;
  if (spot.content().kind == doc::NodeKind::mapping) return read_limits(spot, notes);
  notes.error(spot, "must be true, false or a mapping, found " + described(spot.content()));
  return std::nullopt;
}

graph::Runtime read_runtime(const Spot& spot, Notes& notes) {
  Fields fields(spot, notes);
  graph::Runtime runtime;
  runtime.concurrency = static_cast<std::uint32_t>(fields.integer("concurrency", 1, kMostCount).value_or(1));
  runtime.deadline = fields.milliseconds("deadline_ms", 1);
  if (const auto budget = fields.find("budget")) runtime.budget = read_budget(*budget, notes);
  if (const auto sandbox = fields.find("sandbox")) runtime.sandbox = read_sandbox(*sandbox, notes);
  runtime.cache = fields.flag("cache");
  fields.finish(Unknown::error);
  return runtime;
}

}  // namespace oe::formats
