#include <algorithm>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/base/text.hpp"
#include "oe/graph/expression.hpp"
#include "oe/graph/field_type.hpp"

#include "formats/experience.hpp"

namespace oe::formats {

namespace {

// A node of kind experience beside the workflow that it runs.
class Fit {
 public:
  Fit(graph::Node& node, Spot spot, const graph::Graph& parent, Notes& notes)
      : node_(node),
        child_(std::get<graph::Subgraph>(node.work)),
        spot_(std::move(spot)),
        parent_(parent),
        notes_(notes) {}

  void run() {
    if (!child_.body->inputs.empty()) check_args();
    const bool maps = !child_.outputs.empty();
    for (const auto& [field, output] : child_.outputs) check_output("/outputs/" + doc::pointer_token(field), output);
    if (child_.scope == graph::StateScope::shared) return share();
    for (std::size_t i = 0; i < node_.writes.size(); ++i)
      maps ? check_mapped(i) : check_output(write(i), node_.writes[i]);
    for (const auto& [field, output] : child_.outputs) add(node_.writes, field);
  }

 private:
  static std::string write(std::size_t i) { return fmt::format("/writes/{}", i); }
  static void add(std::vector<std::string>& fields, const std::string& field) {
    if (std::ranges::find(fields, field) == fields.end()) fields.push_back(field);
  }

  Spot at(const std::string& below) const {
    const doc::Node* node = spot_.node;
    for (const std::string& key : split(below.substr(1), '/')) {
      const doc::Node& content = node->resolved();
      const doc::Node* next =
          content.kind == doc::NodeKind::sequence ? &content.items.at(std::stoul(key)) : content.find(key);
      if (!next) break;
      node = next;
    }
    return {node, spot_.path + below};
  }

  void check_args() {
    const nlohmann::json& args = child_.args.json();
    for (const graph::Input& input : child_.body->inputs) {
      if (args.contains(input.name))
        check_literal(input, child_.args.get(input.name));
      else if (input.required)
        notes_.error(spot_, fmt::format("{} needs the input '{}'", child_.impl, input.name),
                     fmt::format("add 'args: {{{}: ...}}'", input.name));
    }
    for (const auto& [name, value] : args.items()) check_known(name);
  }

  void check_known(const std::string& name) {
    std::vector<std::string> names;
    for (const graph::Input& input : child_.body->inputs) names.push_back(input.name);
    if (std::ranges::find(names, name) != names.end()) return;
    const std::string near = did_you_mean(name, names);
    notes_.error(at("/args/" + doc::pointer_token(name)), fmt::format("{} has no input '{}'", child_.impl, name),
                 near.empty() ? "it has " + join(names, ", ") : near);
  }

  // What a path or a placeholder gives is known only when it runs.
  void check_literal(const graph::Input& input, const Value& value) {
    const std::string text = value.string_or("");
    if (graph::parse_path(text) || !graph::placeholders(text).empty()) return;
    if (graph::takes(input.type, value)) return;
    notes_.error(at("/args/" + doc::pointer_token(input.name)),
                 fmt::format("the input '{}' of {} is declared as {}, found {}", input.name, child_.impl,
                             graph::to_string(input.type), ellipsis(value.dump(), 60)));
  }

  // Where a child declares no outputs, its fields are what it gives back.
  std::vector<std::string> offered() const {
    std::vector<std::string> names;
    for (const graph::Output& output : child_.body->outputs) names.push_back(output.name);
    if (!names.empty()) return names;
    for (const graph::StateField& field : child_.body->state) names.push_back(field.name);
    return names;
  }

  void check_output(const std::string& below, const std::string& output) {
    const std::vector<std::string> names = offered();
    if (std::ranges::find(names, output) != names.end()) return;
    const std::string near = did_you_mean(output, names);
    const std::string known = names.empty() ? "it gives nothing back" : "it has " + join(names, ", ");
    notes_.error(at(below), fmt::format("{} has no output '{}'", child_.impl, output), near.empty() ? known : near);
  }

  void check_mapped(std::size_t i) {
    const std::string& field = node_.writes[i];
    if (child_.outputs.contains(field)) return;
    notes_.error(at(write(i)), fmt::format("'outputs' of '{}' does not say what goes into '{}'", node_.id.text, field),
                 fmt::format("add '{}: <output of {}>' to outputs", field, child_.impl));
  }

  // A shared child works on the fields of its caller, so it reads and writes them as the node does.
  void share() {
    std::vector<std::string> missing;
    for (const graph::StateField& field : child_.body->state) {
      if (!graph::find_field(parent_, field.name)) missing.push_back(field.name);
    }
    if (!missing.empty()) {
      notes_.error(at("/state_scope"),
                   fmt::format("{} shares its state, but here there is no {}", child_.impl, join(missing, ", ")),
                   "declare it under state.schema, or use 'state_scope: isolated'");
      return;
    }
    for (const std::string& field : fields_read_by(*child_.body)) add(node_.reads, field);
    for (const std::string& field : fields_written_by(*child_.body)) add(node_.writes, field);
    for (const auto& [field, output] : child_.outputs) add(node_.writes, field);
  }

  graph::Node& node_;
  graph::Subgraph& child_;
  Spot spot_;
  const graph::Graph& parent_;
  Notes& notes_;
};

}  // namespace

void fit_child(graph::Node& node, const Spot& spot, const graph::Graph& parent, Notes& notes) {
  Fit(node, spot, parent, notes).run();
}

}  // namespace oe::formats
