#include <algorithm>
#include <array>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/base/text.hpp"

#include "graph/index.hpp"

namespace oe::graph {

namespace {

using Ask = Human::Ask;

constexpr std::array<std::string_view, 4> kFlatTypes = {"string", "number", "integer", "boolean"};

bool has_type(const nlohmann::json& value, std::string_view type) {
  if (type == "integer") return value.is_number_integer();
  return std::ranges::find(kFlatTypes, type) == kFlatTypes.end() || type == value.type_name();
}

// The checks of a node that asks a human.
class GateCheck {
 public:
  GateCheck(const Node& node, const Human& human, Problems& problems)
      : node_(node), human_(human), problems_(problems), properties_(human.schema.get("properties")) {}

  void run() {
    if (human_.ask == Ask::choose) check_choices();
    if (human_.ask == Ask::form) check_form();
    if (human_.otherwise) check_default(human_.otherwise->json());
    check_writes();
  }

 private:
  void check_choices() {
    if (human_.choices.empty()) add("/choices", fmt::format("'{}' has nothing to choose from", id()), "add 'choices: [...]'");
    for (std::size_t i = 0; i < human_.choices.size(); ++i) {
      const auto first = std::ranges::find(human_.choices, human_.choices[i]);
      if (first != human_.choices.begin() + static_cast<std::ptrdiff_t>(i)) {
        add(fmt::format("/choices/{}", i), fmt::format("'{}' stands twice among the choices", human_.choices[i]), "");
      }
    }
  }

  void check_form() {
    if (!properties_.is_object() || properties_.size() == 0) {
      add("/schema", fmt::format("the form of '{}' has no properties", id()),
          "write 'schema: {properties: {name: {type: string}}}'");
      return;
    }
    for (const auto& [name, property] : properties_.json().items()) {
      const std::string type = properties_.get(name).get("type").string_or("string");
      if (std::ranges::find(kFlatTypes, type) != kFlatTypes.end()) continue;
      add("/schema/properties/" + name, fmt::format("'{}' of the form is of type {}, which a form cannot ask for", name, type),
          "a form has strings, numbers, integers and booleans");
    }
  }

  void check_default(const nlohmann::json& answer) {
    const auto misfit = [&](std::string_view wanted) {
      add("/default", fmt::format("the default of '{}' must be {}, found {}", id(), wanted, ellipsis(answer.dump(), 60)), "");
    };
    if (human_.ask == Ask::approve) {
      if (!answer.is_boolean()) misfit("true or false");
    } else if (human_.ask == Ask::choose) {
      const bool known = answer.is_string() && std::ranges::find(human_.choices, answer.get<std::string>()) != human_.choices.end();
      if (!known && !human_.choices.empty()) misfit("one of " + join(human_.choices, ", "));
    } else if (!answer.is_object()) {
      misfit("an object, as the form gives");
    } else {
      check_filled_form(answer);
    }
  }

  void check_filled_form(const nlohmann::json& answer) {
    for (const auto& [name, value] : answer.items()) {
      const Value property = properties_.get(name);
      const std::string type = property.get("type").string_or("");
      if (!properties_.json().contains(name)) {
        add("/default/" + name, fmt::format("the form of '{}' has no '{}'", id(), name), "");
      } else if (!has_type(value, type)) {
        add("/default/" + name, fmt::format("'{}' of the form is of type {}, found {}", name, type, ellipsis(value.dump(), 60)), "");
      }
    }
    const Value required = human_.schema.get("required");
    for (std::size_t i = 0; required.is_array() && i < required.size(); ++i) {
      const nlohmann::json& name = required.json()[i];
      if (!name.is_string() || answer.contains(name.get<std::string>())) continue;
      add("/default", fmt::format("the default of '{}' lacks '{}', which the form requires", id(), name.get<std::string>()), "");
    }
  }

  void check_writes() {
    const std::vector<std::string>& writes = node_.writes;
    if (writes.size() < 2) return;
    if (human_.ask != Ask::form) {
      add("/writes", fmt::format("'{}' gives one answer and writes {} fields", id(), writes.size()),
          "name one field in writes, or ask for a form");
      return;
    }
    for (std::size_t i = 0; i < writes.size(); ++i) {
      if (!properties_.is_object() || properties_.json().contains(writes[i])) continue;
      add(fmt::format("/writes/{}", i), fmt::format("the form of '{}' has no '{}' to write", id(), writes[i]),
          "several writes are named as the properties of the form");
    }
  }

  const std::string& id() const { return node_.id.text; }
  void add(std::string_view below, std::string message, std::string hint) {
    problems_.push_back(
        {.where = place_below(node_.where, below), .message = std::move(message), .hint = std::move(hint)});
  }

  const Node& node_;
  const Human& human_;
  Problems& problems_;
  Value properties_;
};

}  // namespace

void check_gates(const Index& index, Problems& problems) {
  for (const Node& node : index.graph.nodes) {
    if (const auto* human = std::get_if<Human>(&leaf(node).work)) GateCheck(node, *human, problems).run();
  }
}

}  // namespace oe::graph
