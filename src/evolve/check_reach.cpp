#include <fmt/core.h>

#include "oe/base/box.hpp"

#include "evolve/named_files.hpp"
#include "evolve/read_operation.hpp"

namespace oe::evolve {

namespace {

Result<void> not_for_models(std::string_view what) {
  return fail(ErrorKind::failed, fmt::format("a model may not propose {}: that is for people to write", what));
}

bool names_a_program(const Value& model) {
  return model.string_or("").starts_with("command") || model.string_or("").starts_with("replay");
}

Result<void> check_members(const Value& node) {
  const bool is_coding_agent = node.get("kind").string_or("") == "cli-agent";  // it must say which one
  for (const char* member : {"extra_args", "secrets", "sandbox", "provider"}) {
    if (node.get(member).is_null() || (is_coding_agent && member == std::string_view("provider"))) continue;
    return not_for_models(fmt::format("a node with \"{}\"", member));
  }
  return {};
}

Result<void> check_files(const Value& node) {
  const bool is_text = node.get("kind").string_or("") == "cli-agent";
  for (const char* member : {"prompt", "impl", "workdir"}) {
    const std::string path = node.get(member).string_or("");
    if (path.empty() || (is_text && member == std::string_view("prompt")) || inside_directory(path)) continue;
    return not_for_models(fmt::format("a node with files outside of the workflow's directory ({})", path));
  }
  return {};
}

Result<void> check_source(const Value& source) {
  const std::string type = source.get("type").string_or("file");
  if (type != "file" && type != "sqlite") return not_for_models("a node that loads from " + type);
  const std::string uri = source.get("uri").string_or("");
  if (uri.empty() || inside_directory(uri)) return {};
  return not_for_models(fmt::format("a node that loads {}", uri));
}

Result<void> check_node(const Value& node) {
  OE_CHECK(check_members(node));
  OE_CHECK(check_files(node));
  if (names_a_program(node.get("model"))) return not_for_models("a program in place of a model");
  OE_CHECK(check_source(node.get("source")));
  return check_source(node.get("for_each").get("source"));
}

Result<void> check_parameter(const formats::SetParameter& set) {
  if (set.name == "model" && names_a_program(set.value)) return not_for_models("a program in place of a model");
  if (set.name == "prompt" && !inside_directory(set.value.string_or(""))) {
    return not_for_models("a prompt outside of the workflow's directory");
  }
  return {};
}

}  // namespace

Result<void> check_reach(const Operation& operation) {
  return std::visit(overloaded{[](const TuneParam& tune) { return check_parameter(tune.set); },
                               [](const AddNode& add) { return check_node(add.insert.node); },
                               [](const AddDatasetCase&) { return Result<void>(); },
                               [](const Revert&) { return not_for_models("to take a proposal back"); }},
                    operation);
}

}  // namespace oe::evolve
