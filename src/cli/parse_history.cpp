#include "cli/parser.hpp"

namespace oe::cli {

namespace {

void build_log(Parser& parser, CLI::App* command) {
  auto& options = parser.on_chosen(command, cli::log);
  command->add_option("path", options.path, "only runs of workflows there, and proposals for them");
  command->add_option("-n,--limit", options.limit, "at most so many commits, 0 for all (default: 20)");
  add_json(command, options.json);
}

void build_blame(Parser& parser, CLI::App* command) {
  auto& options = parser.on_chosen(command, cli::blame);
  command->add_option("path", options.path, "a workflow file, or FILE#NODE")->required();
  add_json(command, options.json);
}

void build_bisect(Parser& parser, CLI::App* command) {
  auto& options = parser.on_chosen(command, cli::bisect);
  command->add_option("metric", options.metric,
                     "as oe log names it, or \"success of NODE\", \"time of NODE\", \"failed items of NODE\"")
      ->required();
  command->add_option("--good", options.good, "a commit where it was good (default: the oldest that has runs)")
      ->type_name("REV");
  command->add_option("--bad", options.bad, "a commit where it is bad (default: HEAD)")->type_name("REV");
  command->add_option("--workflow", options.workflow, "its file (default: that of the newest run)")->type_name("PATH");
  command->add_option("--budget", options.limits,
                     "stop before it is passed: 0.50 (dollars, for models), 40runs, 10min; may be repeated")
      ->type_name("LIMIT")
      ->allow_extra_args(false);
  command->add_flag("--stored", options.stored_only, "go by recorded runs only; run nothing");
  command->add_flag("--no-sandbox", options.no_sandbox, "run without bubblewrap");
  add_models(command, options.models);
  add_json(command, options.json);
}

}  // namespace

std::span<const Command> history_commands() {
  static constexpr Command kCommands[] = {
      {"log", "runs and proposals along the history of the current branch", build_log},
      {"blame", "which commit and proposal put each node and value of a workflow there", build_blame},
      {"bisect", "which commit of the workflow made a metric worse", build_bisect},
  };
  return kCommands;
}

}  // namespace oe::cli
