#include "exec/command_line.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <optional>

#include "oe/base/box.hpp"
#include "oe/base/text.hpp"
#include "oe/graph/expression.hpp"

#include "exec/command_quoting.hpp"

namespace oe::exec {
namespace {

using graph::Placeholder;

std::optional<Value> member(const Value& object, std::string_view name) {
  if (!object.is_object() || !object.json().contains(name)) return std::nullopt;
  return object.get(name);
}

graph::Lookup lookup_in(const Value& input) {
  return [&input](std::string_view name) {
    auto found = member(input, name);
    if (!found) found = member(input.get("_state"), name);
    if (!found) found = member(input.get("_edge_inputs"), name);
    return found;
  };
}

std::vector<std::string> known_names(const Value& input) {
  std::vector<std::string> names;
  for (const Value& object : {input, input.get("_state"), input.get("_edge_inputs")}) {
    if (!object.is_object()) continue;
    for (const auto& item : object.json().items()) names.push_back(item.key());
  }
  return names;
}

Error unset_error(const Placeholder& placeholder, std::string_view text, const Value& input) {
  const std::string& name = placeholder.path.front();
  const std::string suggestion = did_you_mean(name, known_names(input));
  return Error(ErrorKind::input,
               fmt::format("{} has no value here", text.substr(placeholder.begin, placeholder.end - placeholder.begin)),
               !suggestion.empty() ? suggestion
                                   : fmt::format("give '{}' in args, or name it in reads after a node wrote it", name));
}

Result<void> check_values(std::string_view text, const std::vector<Placeholder>& all, const Value& input) {
  for (const Placeholder& placeholder : all) {
    const auto value = graph::resolve_path(placeholder.path, lookup_in(input));
    if (!value) return fail(unset_error(placeholder, text, input));
    if (value->string_or("").find('\0') == std::string::npos) continue;
    return fail(ErrorKind::input,
                fmt::format("the value of {{{{{}}}}} holds a NUL byte, which no command line can carry",
                            join(placeholder.path, ".")),
                "hand it over in a file");
  }
  return {};
}

Result<std::string> raw_text(const std::string& text, const Value& input) {
  if (text.find("{{") == std::string::npos) return text;
  OE_CHECK(check_values(text, graph::placeholders(text), input));
  return graph::render(text, lookup_in(input), [](std::string_view value) { return std::string(value); });
}

// How a word that is a variable looks in its surroundings; open quotes are closed for it and opened again.
std::string expansion(std::string_view variable, Quoting quoting) {
  switch (quoting) {
    case Quoting::none:
      return fmt::format("\"${{{}}}\"", variable);
    case Quoting::doubled:
      return fmt::format("${{{}}}", variable);
    case Quoting::single:
      return fmt::format("'\"${{{}}}\"'", variable);
  }
  return {};
}

Result<CommandLine> shell_command(const std::string& line, const Value& input) {
  CommandLine command{.argv = {"/bin/sh", "-c", line}, .variables = {}};
  if (line.find("{{") == std::string::npos) return command;
  const std::vector<Placeholder> all = graph::placeholders(line);
  OE_CHECK(check_values(line, all, input));
  std::vector<std::size_t> places;
  std::ranges::transform(all, std::back_inserter(places), &Placeholder::begin);
  const std::vector<Quoting> quotings = quoting_at(line, places);
  // All placeholders are set, so the values come in the order of the places.
  command.argv.back() = graph::render(line, lookup_in(input), [&](std::string_view value) {
    const Quoting quoting = quotings.at(command.variables.size());
    command.variables.emplace_back(fmt::format("OE_VALUE_{}", command.variables.size() + 1), value);
    return expansion(command.variables.back().first, quoting);
  });
  return command;
}

Result<CommandLine> list_command(const std::vector<std::string>& arguments, const Value& input) {
  CommandLine command;
  for (const std::string& argument : arguments) {
    OE_TRY(std::string text, raw_text(argument, input));
    command.argv.push_back(std::move(text));
  }
  return command;
}

}  // namespace

Result<CommandLine> command_line(const graph::Command& command, const Value& input) {
  return std::visit(overloaded{[&](const std::string& line) { return shell_command(line, input); },
                               [&](const std::vector<std::string>& list) { return list_command(list, input); }},
                    command.run);
}

}  // namespace oe::exec
