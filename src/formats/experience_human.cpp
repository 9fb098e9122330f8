#include <fmt/core.h>

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

void read_default(Fields& node, graph::Human& human) {
  const auto spot = node.find("default");
  if (!spot) return;
  human.otherwise = doc::to_value(spot->content());
  if (node.find("deadline_ms")) return;
  node.notes().warning(*spot, "the default is never used: the question has no deadline", "add 'deadline_ms: ...'");
}

}  // namespace

graph::Work read_human(Fields& node) {
  graph::Human human{.ask = node.choice("ask", kAsks).value_or(Ask::approve), .question = node.filled_text("question")};
  const auto choices = own_key(node, "choices", "choose", human.ask == Ask::choose);
  if (choices) human.choices = texts_at(*choices, node.notes());
  const auto schema = own_key(node, "schema", "form", human.ask == Ask::form);
  if (schema) human.schema = doc::to_value(schema->content());
  read_default(node, human);
  human.args = node.object("args");
  return human;
}

}  // namespace oe::formats
