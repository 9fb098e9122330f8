#include "oe/cli/main.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "cli/parser.hpp"
#include "cli/version.hpp"

namespace oe::cli {

namespace {

int report(Io& io, const Error& error) {
  io.note(io.paint(Colour::red, "oe: ") + error.to_string());
  return exit_code(error.kind());
}

// The last resort: whatever a library throws past its room is a bug of ours, and says so in one line.
Result<int> carry_out(Io& io, const Action& action) {
  try {
    return action(io);
  } catch (const std::exception& exception) {
    return fail(ErrorKind::bug, std::string("this is a bug in oe: ") + exception.what(),
                "please report it with the command that you typed");
  }
}

// --help and --version end parsing with an exception too, and with success.
int report(Io& io, const CLI::App& app, const CLI::ParseError& error) {
  if (error.get_exit_code() == 0) return app.exit(error);
  io.note(std::string("oe: ") + error.what() + "\nhint: oe --help, or oe COMMAND --help");
  return exit_code(ErrorKind::usage);
}

void build(Parser& parser, CLI::App& above, const Command& command) {
  command.build(parser, above.add_subcommand(command.name, command.summary));
}

// All that the commands take is a millisecond's work, which each call from a hook would pay for: a first word that is a
// command's name needs that one alone.
void build(Parser& parser, std::string_view first_word) {
  const std::array groups{authoring_commands(), running_commands(), record_commands(),  evolving_commands(),
                          deciding_commands(),  history_commands(), sharing_commands(), upkeep_commands()};
  const auto is_first = [&](const Command& command) { return command.name == first_word; };
  const bool is_one = std::ranges::any_of(groups, [&](auto group) { return std::ranges::any_of(group, is_first); });
  for (const auto group : groups)
    for (const Command& command : group)
      if (!is_one || is_first(command)) build(parser, parser.app, command);
}

}  // namespace

void build_group(Parser& parser, CLI::App* command, std::initializer_list<Command> commands) {
  command->require_subcommand(1);
  for (const Command& each : commands) build(parser, *command, each);
}

int main(int argc, const char* const* argv) {
  Io io = Io::standard();
  Parser parser;
  parser.app.set_version_flag("--version", kVersionLine);
  parser.app.require_subcommand(1);
  build(parser, argc > 1 ? argv[1] : "");
  try {
    parser.app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return report(io, parser.app, error);
  }
  const Result<int> code = carry_out(io, parser.action);
  if (!code) return report(io, code.error());
  if (!io.flush()) return report(io, Error(ErrorKind::environment, "standard output cannot be written"));
  return *code;
}

}  // namespace oe::cli
