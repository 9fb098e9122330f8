#include "cli/parser.hpp"

namespace oe::cli {

void add_json(CLI::App* command, bool& json) {
  command->add_flag("--json", json, "print one JSON document");
}

void add_models(CLI::App* command, ModelFlags& flags) {
  command->add_option("--llm", flags.llm, "the provider of models that name none: anthropic, openai, ...")
      ->type_name("PROVIDER");
  command->add_flag("--replay", flags.replay,
                    "answer calls of models from what is recorded here (=RUN, =FILE: there), or fail by name");
}

namespace {

template <class Options>
void add_driving(CLI::App* command, Options& options) {
  command->add_option("-j,--concurrency", options.concurrency, "attempts in flight (default: runtime.concurrency)")
      ->check(CLI::Range(1U, 100'000U));
  command->add_flag("--no-cache", options.no_cache, "take nothing from earlier runs, and keep nothing for later ones");
  add_models(command, options.models);
  add_json(command, options.json);
}

void build_init(Parser& parser, CLI::App* command) {
  auto& options = parser.on_chosen(command, cli::init);
  command->add_option("directory", options.directory, "where to write it (made when missing)");
  command->add_option("-t,--template", options.template_name, "which one (--list shows them)");
  command->add_flag("--list", options.list, "list the templates");
}

void build_validate(Parser& parser, CLI::App* command) {
  auto& options = parser.on_chosen(command, cli::validate);
  command->add_option("path", options.paths, "files, or directories with an experience.yaml (default: .)");
  add_json(command, options.json);
}

void build_run(Parser& parser, CLI::App* command) {
  auto& options = parser.on_chosen(command, cli::run);
  command->add_option("path", options.path, "a file, or a directory with an experience.yaml (default: .)");
  command->add_option("-i,--input", options.inputs, "one input: text or JSON, by its declared type; may be repeated")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
  command->add_option("--args", options.args, "inputs as a JSON object; --input wins over it")->type_name("JSON");
  command->add_option("--input-file", options.input_file, "inputs as a YAML or JSON file (-: standard input); both win over it")
      ->type_name("FILE");
  CLI::Option* only = command->add_option("--only", options.only, "run this node alone, on the results of the last good run");
  command->add_option("--from", options.from, "run this node and what comes after it, on those results")
      ->type_name("NODE")
      ->excludes(only);
  only->type_name("NODE");
  command->add_option("--budget", options.budget, "the most that calls of models may cost; wins over runtime.budget.usd")
      ->type_name("USD")
      ->check(CLI::NonNegativeNumber);
  command->add_flag("--sandbox", options.sandbox, "no network, and the repository read-only, for nodes that say nothing else");
  command->add_flag("-n,--dry-run", options.dry_run, "say what would run, and how long it would take; run nothing");
  add_driving(command, options);
  command->add_flag("--evolve", options.evolve, "then propose what this run shows, however it ended")->excludes("--json");
}

void build_resume(Parser& parser, CLI::App* command) {
  auto& options = parser.on_chosen(command, cli::resume);
  command->add_option("run", options.run, "run id, a unique start of one, or 'last' (default)");
  add_driving(command, options);
}

void build_answer(Parser& parser, CLI::App* command) {
  auto& options = parser.on_chosen(command, cli::answer);
  command->add_option("run", options.run, "run id, a unique start of one, or 'last' (default)");
  command->add_option("node", options.node, "the node that asks (default: list what waits)");
  command->add_flag("--approve", options.flags.approve, "yes");
  command->add_flag("--reject", options.flags.reject, "no");
  command->add_option("--choose", options.flags.choice, "one of the choices, or its number")->type_name("CHOICE");
  command->add_option("--set", options.flags.fields, "one field of a form; may be repeated")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
  command->add_option("--json", options.flags.json, "the whole answer")->type_name("VALUE");
  command->add_option("--note", options.note, "a word with it, for the record");
  command->add_option("--scope", options.scope, "which round or item around the node, outermost first")->delimiter(',');
  command->add_option("--item", options.item, "which item of the node's own for_each");
}

}  // namespace

std::span<const Command> authoring_commands() {
  static constexpr Command kCommands[] = {
      {"init", "write a small workflow to start from", build_init},
      {"validate", "report all that is wrong with workflow files", build_validate},
  };
  return kCommands;
}

std::span<const Command> running_commands() {
  static constexpr Command kCommands[] = {
      {"run", "run a workflow and record it", build_run},
      {"resume", "go on with a run that was cut off, waits, or failed in part", build_resume},
      {"answer", "answer a question that a run waits for", build_answer},
  };
  return kCommands;
}

}  // namespace oe::cli
