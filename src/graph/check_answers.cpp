#include <algorithm>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/base/text.hpp"

#include "graph/index.hpp"

namespace oe::graph {

namespace {

// The checks of where the answer of a model goes: a text into one field, an object over the fields that it names.
class AnswerCheck {
 public:
  AnswerCheck(const Index& index, Problems& problems) : index_(index), problems_(problems) {}

  void run(const Node& node) {
    node_ = &node;
    if (const auto* agent = std::get_if<Agent>(&leaf(node).work)) check_ask(agent->ask, "an agent");
    if (const auto* skill = std::get_if<Skill>(&leaf(node).work)) check_ask(skill->ask, "a skill");
    if (const auto* cli = std::get_if<CliAgent>(&leaf(node).work)) check_cli(*cli);
  }

 private:
  void check_ask(const Asking& ask, std::string_view what) {
    check_answer(ask.schema, what);
    check_model(ask);
  }

  // Any name may be one that a provider knows, so only what looks like a slip is pointed out.
  void check_model(const Asking& ask) {
    if (ask.model.empty()) return;
    std::vector<std::string> aliases;
    for (const Model& model : index_.root.graph.models.all) aliases.push_back(model.name);
    const bool is_alias = std::ranges::find(aliases, ask.model) != aliases.end();
    const std::string near = did_you_mean(ask.model, aliases);
    if (is_alias || near.empty() || !ask.provider.empty()) return;
    add(Severity::warning, "/model", fmt::format("'{}' asks '{}', which is not declared under models", id(), ask.model),
        near);
  }

  void check_answer(const Value& schema, std::string_view what) {
    if (!schema.is_null()) return check_schema(schema);
    if (node_->writes.size() == 1) return;
    add(Severity::error, "/writes",
        fmt::format("{} without a schema puts its answer into exactly one field, and '{}' names {}", what, id(),
                    node_->writes.empty() ? "none" : std::to_string(node_->writes.size())),
        "give it one name in writes, or a schema");
  }

  void check_cli(const CliAgent& cli) {
    if (cli.schema.is_null()) return;
    if (cli.output == CaptureAs::json) return check_schema(cli.schema);
    add(Severity::warning, "/schema", fmt::format("the schema of '{}' is not used: its output is one text", id()),
        "add 'output_format: json'");
  }

  void check_schema(const Value& schema) {
    const Value type = schema.get("type");
    if (!schema.is_object() || (!type.is_null() && type != Value::of("object"))) {
      add(Severity::error, "/schema",
          fmt::format("the schema of '{}' must be that of an object, whose members are fields; found {}", id(),
                      ellipsis(schema.is_object() ? type.dump() : schema.dump(), 60)),
          "write 'schema: {type: object, properties: {<field>: ...}, required: [<field>]}'");
      return;
    }
    const Value properties = schema.get("properties");
    if (!properties.is_object() || properties.size() == 0) return;
    for (const auto& [name, property] : properties.json().items()) check_member(name, is_required(schema, name));
    check_writes(properties);
  }

  static bool is_required(const Value& schema, const std::string& name) {
    const Value required = schema.get("required");
    return required.is_array() && std::ranges::find(required.json(), nlohmann::json(name)) != required.json().end();
  }

  // A member that is no field cannot be written: the attempt would fail.
  void check_member(const std::string& name, bool required) {
    const std::string below = "/schema/properties/" + name;
    if (!index_.field(name)) {
      const std::string near = did_you_mean(name, index_.root.field_names);
      add(required ? Severity::error : Severity::warning, below,
          fmt::format("the answer of '{}' {} '{}', which is not declared in state.schema", id(),
                      required ? "holds" : "may hold", name),
          near.empty() ? "declare it under state.schema" : near);
    } else if (std::ranges::find(node_->writes, name) == node_->writes.end()) {
      add(Severity::warning, below, fmt::format("the answer of '{}' gives '{}', which is not in writes", id(), name),
          fmt::format("add '{}' to writes", name));
    }
  }

  void check_writes(const Value& properties) {
    for (std::size_t i = 0; i < node_->writes.size(); ++i) {
      const std::string& field = node_->writes[i];
      if (properties.json().contains(field)) continue;
      add(Severity::warning, fmt::format("/writes/{}", i),
          fmt::format("'{}' writes '{}', which its schema does not name", id(), field),
          fmt::format("add '{}' to the properties of the schema", field));
    }
  }

  const std::string& id() const { return node_->id.text; }
  void add(Severity severity, std::string_view below, std::string message, std::string hint) {
    problems_.push_back({severity, place_below(node_->where, below), std::move(message), std::move(hint)});
  }

  const Index& index_;
  Problems& problems_;
  const Node* node_ = nullptr;
};

}  // namespace

void check_answers(const Index& index, Problems& problems) {
  AnswerCheck check(index, problems);
  for (const Node& node : index.graph.nodes) check.run(node);
}

}  // namespace oe::graph
