#include "exec/command_line.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <optional>

#include "oe/base/box.hpp"
#include "oe/base/text.hpp"
#include "oe/graph/expression.hpp"

#include "exec/command_quoting.hpp"
#include "exec/input_lookup.hpp"

namespace oe::exec {
namespace {

using graph::Placeholder;

Error nul_error(const std::string& name) {
  return Error(ErrorKind::input,
               fmt::format("the value of {{{{{}}}}} holds a NUL byte, which no command line can carry", name),
               "hand it over in a file");
}

Result<void> check_carried(std::string_view text, const std::vector<Placeholder>& all, const Value& input) {
  OE_CHECK(check_values(text, all, input));
  for (const Placeholder& placeholder : all) {
    const auto value = graph::value_of(placeholder, lookup_in(input));
    if (value->string_or("").find('\0') != std::string::npos) return fail(nul_error(join(placeholder.path, ".")));
  }
  return {};
}

Result<std::string> raw_text(const std::string& text, const Value& input) {
  if (text.find("{{") == std::string::npos) return text;
  OE_CHECK(check_carried(text, graph::placeholders(text), input));
  return filled(text, input);
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
  OE_CHECK(check_carried(line, all, input));
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
