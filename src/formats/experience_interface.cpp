#include <algorithm>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/base/text.hpp"

#include "formats/experience.hpp"

namespace oe::formats {

using graph::FieldType;

namespace {

std::vector<std::string> type_words() {
  std::vector<std::string> words;
  for (const auto& [word, type] : kFieldTypes) words.emplace_back(word);
  words.emplace_back("any");
  return words;
}

FieldType type_of(std::string_view word) {
  const auto found = std::ranges::find(kFieldTypes, word, &Word<FieldType>::first);
  return found == kFieldTypes.end() ? FieldType::any : found->second;
}

FieldType type_at(const Spot& spot, Notes& notes) {
  const auto text = text_at(spot, notes);
  const std::vector<std::string> words = type_words();
  if (!text || std::ranges::find(words, *text) != words.end()) return type_of(text.value_or("any"));
  notes.error(spot, fmt::format("must be one of {}, found '{}'", join(words, ", "), ellipsis(*text, 60)),
              did_you_mean(*text, words));
  return FieldType::any;
}

// `required` says only that there is no default, and may say it again.
void read_declaration(const Spot& spot, Notes& notes, graph::Input& input) {
  Fields fields(spot, notes);
  if (const auto type = fields.find("type")) input.type = type_at(*type, notes);
  const auto otherwise = fields.find("default");
  if (otherwise) input.otherwise = doc::to_value(otherwise->content());
  input.required = fields.flag("required").value_or(!otherwise);
  input.description = fields.text("description");
  fields.finish(Unknown::error);
}

graph::Input read_input(const doc::Member& member, const Spot& spot, Notes& notes) {
  const Spot key{&member.key, spot.path};
  graph::Input input{.name = member.key.text, .where = notes.locate(key)};
  if (!is_identifier(input.name)) {
    notes.error(key, fmt::format("'{}' cannot be the name of an input: only letters, digits and '_', no digit first",
                                 input.name));
  }
  if (spot.content().kind == doc::NodeKind::mapping)
    read_declaration(spot, notes, input);
  else
    input.type = type_at(spot, notes);
  return input;
}

graph::Output read_output(const doc::Member& member, const Spot& spot, Notes& notes) {
  graph::Output output{.name = member.key.text, .where = notes.locate({&member.key, spot.path})};
  if (spot.content().kind == doc::NodeKind::mapping) {
    Fields fields(spot, notes);
    output.value = fields.filled_text("value");
    output.description = fields.text("description");
    fields.finish(Unknown::error);
  } else {
    output.value = text_at(spot, notes).value_or("");
    if (output.value.empty() && !notes.is_spoilt(spot.path)) notes.error(spot, "must not be empty");
  }
  return output;
}

constexpr std::array<Word<bool>, 2> kDirections = {{{"higher", true}, {"lower", false}}};
constexpr std::array<Word<bool>, 2> kRoles = {{{"goal", true}, {"guard", false}}};

graph::Metric read_metric(const Spot& spot, Notes& notes) {
  Fields fields(spot, notes);
  graph::Metric metric{.name = fields.filled_text("name"), .source = fields.filled_text("source")};
  metric.is_higher_better = fields.choice("direction", kDirections, Need::required).value_or(false);
  metric.is_goal = fields.choice("role", kRoles).value_or(false);
  metric.margin = fields.amount("margin").value_or(0);
  metric.where = notes.locate(spot);
  fields.finish(Unknown::error);
  return metric;
}

template <class Read>
void read_members(Fields& top, std::string_view key, Read read) {
  const auto spot = top.find(key);
  if (!spot || !Fields(*spot, top.notes()).usable()) return;
  for (const doc::Member& member : spot->content().members) {
    read(member, Spot{&member.value, fmt::format("{}/{}", spot->path, doc::pointer_token(member.key.text))});
  }
}

}  // namespace

void read_interface(Fields& top, graph::Graph& graph) {
  Notes& notes = top.notes();
  read_members(top, "inputs", [&](const doc::Member& member, const Spot& spot) {
    graph.inputs.push_back(read_input(member, spot, notes));
  });
  read_members(top, "outputs", [&](const doc::Member& member, const Spot& spot) {
    graph::Output output = read_output(member, spot, notes);
    if (!output.value.empty()) graph.outputs.push_back(std::move(output));
  });
  for (const Spot& metric : top.items("metrics")) graph.metrics.push_back(read_metric(metric, notes));
  graph.secrets = top.texts("secrets");
  const auto spot = top.find("secrets");
  for (std::size_t i = 0; i < graph.secrets.size() && !notes.is_spoilt("/secrets"); ++i) {
    if (is_identifier(graph.secrets[i])) continue;
    notes.error(spot->item(i), fmt::format("'{}' cannot be the name of an environment variable", graph.secrets[i]));
  }
}

}  // namespace oe::formats
