#include <algorithm>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/base/text.hpp"

#include "formats/experience.hpp"

namespace oe::formats {

namespace {

using Ask = graph::Human::Ask;

constexpr std::array<Word<Ask>, 3> kAsks = {{
    {"approve", Ask::approve},
    {"choose", Ask::choose},
    {"form", Ask::form},
}};

// A key of one way to ask, which the other ways have no use for.
std::optional<Spot> own_key(Fields& node, std::string_view key, std::string_view ask, bool owned) {
  const auto spot = node.find(key, owned ? Need::required : Need::optional);
  if (spot && !owned) node.notes().warning(*spot, fmt::format("only 'ask: {}' uses {}", ask, key));
  return owned ? spot : std::nullopt;
}

std::vector<std::string> read_choices(const Spot& spot, Notes& notes) {
  std::vector<std::string> choices = texts_at(spot, notes);
  if (choices.empty() && !notes.is_spoilt(spot.path)) notes.error(spot, "must name at least one choice");
  return choices;
}

Value read_form(const Spot& spot, Notes& notes) {
  const bool is_mapping = spot.content().kind == doc::NodeKind::mapping;
  const doc::Node* properties = is_mapping ? spot.content().find("properties") : nullptr;
  if (properties && properties->resolved().kind == doc::NodeKind::mapping) return doc::to_value(spot.content());
  notes.error(spot, "must be a JSON Schema object with properties",
              "write 'schema: {properties: {name: {type: string}}}'");
  return Value();
}

std::string unfit(const graph::Human& human, const Value& answer) {
  switch (human.ask) {
    case Ask::approve:
      return answer.json().is_boolean() ? "" : "must be true or false";
    case Ask::choose:
      return std::ranges::find(human.choices, answer.string_or("")) != human.choices.end()
                 ? ""
                 : "must be one of " + join(human.choices, ", ");
    case Ask::form:
      return answer.is_object() ? "" : "must be a mapping, as the form gives";
  }
  return "";
}

void read_default(Fields& node, graph::Human& human) {
  const auto spot = node.find("default");
  if (!spot) return;
  human.otherwise = doc::to_value(spot->content());
  const bool choices_known = human.ask != Ask::choose || !human.choices.empty();
  const std::string fault = choices_known ? unfit(human, *human.otherwise) : "";
  if (!fault.empty()) node.notes().error(*spot, fmt::format("{}, found {}", fault, described(spot->content())));
  if (node.find("deadline_ms")) return;
  node.notes().warning(*spot, "the default is never used: the question has no deadline", "add 'deadline_ms: ...'");
}

}  // namespace

graph::Work read_human(Fields& node) {
  graph::Human human{.ask = node.choice("ask", kAsks).value_or(Ask::approve), .question = node.filled_text("question")};
  const auto choices = own_key(node, "choices", "choose", human.ask == Ask::choose);
  if (choices) human.choices = read_choices(*choices, node.notes());
  const auto schema = own_key(node, "schema", "form", human.ask == Ask::form);
  if (schema) human.schema = read_form(*schema, node.notes());
  read_default(node, human);
  human.args = node.object("args");
  return human;
}

}  // namespace oe::formats
