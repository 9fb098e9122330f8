#include "cli/parser.hpp"

namespace oe::cli {

void add_history(Parser& parser) {
  CLI::App* log = parser.app.add_subcommand("log", "runs and proposals along the history of the current branch");
  log->add_option("path", parser.log.path, "only runs of workflows there, and proposals for them");
  log->add_option("-n,--limit", parser.log.limit, "at most so many commits, 0 for all (default: 20)");
  add_json(log, parser.log.json);
  parser.on_chosen(log, cli::log, parser.log);

  CLI::App* blame =
      parser.app.add_subcommand("blame", "which commit and proposal put each node and value of a workflow there");
  blame->add_option("path", parser.blame.path, "a workflow file, or FILE#NODE")->required();
  add_json(blame, parser.blame.json);
  parser.on_chosen(blame, cli::blame, parser.blame);

  BisectCommandOptions& options = parser.bisect;
  CLI::App* bisect = parser.app.add_subcommand("bisect", "which commit of the workflow made a metric worse");
  bisect->add_option("metric", options.metric,
                     "as oe log names it, or \"success of NODE\", \"time of NODE\", \"failed items of NODE\"")
      ->required();
  bisect->add_option("--good", options.good, "a commit where it was good (default: the oldest that has runs)")
      ->type_name("REV");
  bisect->add_option("--bad", options.bad, "a commit where it is bad (default: HEAD)")->type_name("REV");
  bisect->add_option("--workflow", options.workflow, "its file (default: that of the newest run)")->type_name("PATH");
  bisect->add_option("--budget", options.limits,
                     "stop before it is passed: 0.50 (dollars, for models), 40runs, 10min; may be repeated")
      ->type_name("LIMIT")
      ->allow_extra_args(false);
  bisect->add_flag("--stored", options.stored_only, "go by recorded runs only; run nothing");
  bisect->add_flag("--no-sandbox", options.no_sandbox, "run without bubblewrap");
  add_models(bisect, options.models);
  add_json(bisect, options.json);
  parser.on_chosen(bisect, cli::bisect, options);
}

}  // namespace oe::cli
