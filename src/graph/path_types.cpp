#include "graph/path_types.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <span>

#include "oe/base/text.hpp"

#include "graph/path_text.hpp"

namespace oe::graph {

namespace {

using Steps = std::span<const std::string>;

PathTypes faulty(std::string message, std::string hint) {
  return {.fault = std::move(message), .hint = std::move(hint)};
}

PathTypes always_unset(std::string_view written, const std::string& name, Types types) {
  return {.fault = fmt::format("{} is always unset: there is no '{}' in {}", written, name, described(types)),
          .severity = Severity::warning};
}

// Inside of a value of these types. The reference takes such a path for unset, so it is no error.
PathTypes below(Types types, Steps names, std::string_view written) {
  if (names.empty() || types == kAnything) return {.types = types};
  const Types found = without_null(types);
  const std::string& name = names.front();
  if (found == kObject) return {};
  if (found != kArray) return always_unset(written, name, found);
  if (std::ranges::all_of(name, is_digit)) return {};
  if (name != "length") return always_unset(written, name, found);
  return below(kNumber, names.subspan(1), written);
}

PathTypes node_types(Steps names, const Scope& scope) {
  if (const std::string reason = scope.node ? scope.node(names[0]) : ""; !reason.empty()) return faulty(reason, {});
  if (names.size() == 1 || names[1] == "output") return {.types = names.size() == 1 ? kObject : kAnything};
  if (names[1] != "status") {
    return faulty(fmt::format("a node has no '{}'", names[1]),
                  fmt::format("write '$nodes.{0}.status' or '$nodes.{0}.output'", names[0]));
  }
  return below(kString, names.subspan(2), fmt::format("$nodes.{}.status", names[0]));
}

PathTypes input_types(Steps names, std::string_view written, const Scope& scope) {
  if (names.empty()) return {.types = kObject};
  if (!scope.inputs || scope.inputs->empty()) return {};
  const auto input = std::ranges::find(*scope.inputs, names[0], &Input::name);
  if (input != scope.inputs->end()) return below(types_of(input->type), names.subspan(1), written);
  std::vector<std::string> declared;
  for (const Input& each : *scope.inputs) declared.push_back(each.name);
  const std::string near = did_you_mean(names[0], declared);
  return faulty(fmt::format("there is no input '{}'", names[0]), near.empty() ? "declare it under inputs" : near);
}

PathTypes run_types(Steps names, std::string_view written, const Scope& scope) {
  if (names.empty()) return {.types = kObject};
  if (names[0] == "inputs") return input_types(names.subspan(1), written, scope);
  if (names[0] == "args") return names.size() == 1 ? PathTypes{.types = kObject} : PathTypes{};
  if (names[0] == "id") return below(kString, names.subspan(1), written);
  return faulty(fmt::format("$run has no '{}'", names[0]), "it has 'id', 'inputs' and 'args'");
}

PathTypes unknown_variable(const std::string& variable, std::string_view written) {
  const std::string_view name = std::string_view(variable).substr(1);
  if (!written.starts_with('$') && name != "item") {
    return faulty(fmt::format("unknown word '{}'", name),
                  fmt::format("a state field is written '$.{0}', a text '\"{0}\"'", name));
  }
  if (name == "item" || name == "index" || name == "pipeline") {
    return faulty(fmt::format("there is no {} here", variable),
                  fmt::format("only {} has it", name == "pipeline" ? "a pipeline" : "a for_each or a pipeline"));
  }
  if (name == "iter" || name == "loop") {
    return faulty(fmt::format("there is no {} here", variable), "only a loop has it");
  }
  return faulty(fmt::format("unknown variable '{}'", variable),
                fmt::format("a state field is written '$.{}'", name));
}

}  // namespace

PathTypes path_types(const std::vector<std::string>& path, std::string_view written, const Scope& scope) {
  const std::string& root = path.front();
  const Steps rest = Steps(path).subspan(1);
  if (!root.starts_with('$')) {
    return below(scope.field ? types_of(scope.field(root)) : kAnything, rest, written);
  }
  if (root == "$run") return run_types(rest, written, scope);
  if (root == "$nodes") return node_types(rest, scope);
  if (std::ranges::find(scope.variables, root) == scope.variables.end()) return unknown_variable(root, written);
  if (root == "$index" || root == "$iter") return below(kNumber, rest, written);
  if (root == "$loop" || root == "$pipeline") return below(kString, rest, written);
  return {};
}

}  // namespace oe::graph
