#include "cli/parser.hpp"

namespace oe::cli {

namespace {

void build_runs(Parser& parser, CLI::App* command) {
  auto& options = parser.on_chosen(command, cli::runs);
  command->add_option("-n,--limit", options.limit, "how many at most (0: all)");
  add_json(command, options.json);
}

void build_show(Parser& parser, CLI::App* command) {
  auto& options = parser.on_chosen(command, cli::show);
  command->add_option("run", options.run, "run id, a unique start of one, or 'last' (default)");
  command->add_flag("--events", options.events, "print the journal");
  add_json(command, options.json);
}

void build_state(Parser& parser, CLI::App* command) {
  auto& options = parser.on_chosen(command, cli::state);
  command->add_option("field", options.field, "one field (default: all)");
  command->add_option("-r,--run", options.run, "which run (default: last)");
}

void build_diff(Parser& parser, CLI::App* command) {
  auto& options = parser.on_chosen(command, cli::diff);
  command->add_option("before", options.before, "run id")->required();
  command->add_option("after", options.after, "run id")->required();
  add_json(command, options.json);
}

}  // namespace

std::span<const Command> record_commands() {
  static constexpr Command kCommands[] = {
      {"runs", "list runs, newest first", build_runs},
      {"show", "show one run, node by node", build_show},
      {"state", "print the state that a run left, as JSON", build_state},
      {"diff", "compare two runs, node by node", build_diff},
  };
  return kCommands;
}

}  // namespace oe::cli
