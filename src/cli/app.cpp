#include "oe/cli/main.hpp"

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

}  // namespace

int main(int argc, const char* const* argv) {
  Io io = Io::standard();
  Parser parser;
  parser.app.set_version_flag("--version", kVersionLine);
  parser.app.require_subcommand(1);
  add_authoring(parser);
  add_running(parser);
  add_record(parser);
  add_evolution(parser);
  add_deciding(parser);
  add_history(parser);
  add_submit(parser);
  add_sharing(parser);
  add_patch(parser);
  add_cache(parser);
  add_cassette(parser);
  add_hooks(parser);
  add_upkeep(parser);
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
