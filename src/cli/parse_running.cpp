#include "cli/parser.hpp"

namespace oe::cli {

void add_json(CLI::App* command, bool& json) {
  command->add_flag("--json", json, "print one JSON document");
}

void add_authoring(Parser& parser) {
  CLI::App* init = parser.app.add_subcommand("init", "write a small workflow to start from");
  init->add_option("directory", parser.init.directory, "where to write it (made when missing)");
  init->add_option("-t,--template", parser.init.template_name, "which one (--list shows them)");
  init->add_flag("--list", parser.init.list, "list the templates");
  parser.on_chosen(init, cli::init, parser.init);

  CLI::App* validate = parser.app.add_subcommand("validate", "report all that is wrong with workflow files");
  validate->add_option("path", parser.validate.paths, "files, or directories with an experience.yaml (default: .)");
  add_json(validate, parser.validate.json);
  parser.on_chosen(validate, cli::validate, parser.validate);
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

void add_run(Parser& parser) {
  CLI::App* run = parser.app.add_subcommand("run", "run a workflow and record it");
  run->add_option("path", parser.run.path, "a file, or a directory with an experience.yaml (default: .)");
  run->add_option("-i,--input", parser.run.inputs, "one input: text or JSON, by its declared type; may be repeated")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
  run->add_option("--args", parser.run.args, "inputs as a JSON object; --input wins over it")->type_name("JSON");
  run->add_option("--input-file", parser.run.input_file, "inputs as a YAML or JSON file (-: standard input); both win over it")
      ->type_name("FILE");
  CLI::Option* only = run->add_option("--only", parser.run.only, "run this node alone, on the results of the last good run");
  run->add_option("--from", parser.run.from, "run this node and what comes after it, on those results")
      ->type_name("NODE")
      ->excludes(only);
  only->type_name("NODE");
  run->add_option("--budget", parser.run.budget, "the most that calls of models may cost; wins over runtime.budget.usd")
      ->type_name("USD")
      ->check(CLI::NonNegativeNumber);
  run->add_flag("--sandbox", parser.run.sandbox, "no network, and the repository read-only, for nodes that say nothing else");
  run->add_flag("-n,--dry-run", parser.run.dry_run, "say what would run, and how long it would take; run nothing");
  add_driving(run, parser.run);
  run->add_flag("--evolve", parser.run.evolve, "then propose what this run shows, however it ended")->excludes("--json");
  parser.on_chosen(run, cli::run, parser.run);
}

void add_going_on(Parser& parser) {
  CLI::App* resume = parser.app.add_subcommand("resume", "go on with a run that was cut off, waits, or failed in part");
  resume->add_option("run", parser.resume.run, "run id, a unique start of one, or 'last' (default)");
  add_driving(resume, parser.resume);
  parser.on_chosen(resume, cli::resume, parser.resume);

  CLI::App* answer = parser.app.add_subcommand("answer", "answer a question that a run waits for");
  AnswerOptions& options = parser.answer;
  answer->add_option("run", options.run, "run id, a unique start of one, or 'last' (default)");
  answer->add_option("node", options.node, "the node that asks (default: list what waits)");
  answer->add_flag("--approve", options.flags.approve, "yes");
  answer->add_flag("--reject", options.flags.reject, "no");
  answer->add_option("--choose", options.flags.choice, "one of the choices, or its number")->type_name("CHOICE");
  answer->add_option("--set", options.flags.fields, "one field of a form; may be repeated")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
  answer->add_option("--json", options.flags.json, "the whole answer")->type_name("VALUE");
  answer->add_option("--note", options.note, "a word with it, for the record");
  answer->add_option("--scope", options.scope, "which round or item around the node, outermost first")->delimiter(',');
  answer->add_option("--item", options.item, "which item of the node's own for_each");
  parser.on_chosen(answer, cli::answer, options);
}

}  // namespace

void add_running(Parser& parser) {
  add_run(parser);
  add_going_on(parser);
}

void add_record(Parser& parser) {
  CLI::App* runs = parser.app.add_subcommand("runs", "list runs, newest first");
  runs->add_option("-n,--limit", parser.runs.limit, "how many at most (0: all)");
  add_json(runs, parser.runs.json);
  parser.on_chosen(runs, cli::runs, parser.runs);

  CLI::App* show = parser.app.add_subcommand("show", "show one run, node by node");
  show->add_option("run", parser.show.run, "run id, a unique start of one, or 'last' (default)");
  show->add_flag("--events", parser.show.events, "print the journal");
  add_json(show, parser.show.json);
  parser.on_chosen(show, cli::show, parser.show);

  CLI::App* state = parser.app.add_subcommand("state", "print the state that a run left, as JSON");
  state->add_option("field", parser.state.field, "one field (default: all)");
  state->add_option("-r,--run", parser.state.run, "which run (default: last)");
  parser.on_chosen(state, cli::state, parser.state);

  CLI::App* diff = parser.app.add_subcommand("diff", "compare two runs, node by node");
  diff->add_option("before", parser.diff.before, "run id")->required();
  diff->add_option("after", parser.diff.after, "run id")->required();
  add_json(diff, parser.diff.json);
  parser.on_chosen(diff, cli::diff, parser.diff);
}

void add_cache(Parser& parser) {
  CLI::App* cache = parser.app.add_subcommand("cache", "look after results that need not be made again")->require_subcommand(1);
  CLI::App* list = cache->add_subcommand("ls", "list what is kept, newest first");
  add_json(list, parser.cache_list.json);
  parser.on_chosen(list, list_cache, parser.cache_list);

  CLI::App* collect = cache->add_subcommand("gc", "forget what is old, then what is too much");
  collect->add_option("--unused", parser.cache_collect.unused_days, "days without use (default: 30)")->type_name("DAYS");
  collect->add_option("--max-mb", parser.cache_collect.max_mb, "megabytes to keep (default: 1024)")->type_name("MB");
  parser.on_chosen(collect, collect_cache, parser.cache_collect);

  CLI::App* why = cache->add_subcommand("why", "why a node was, or was not, found there last time");
  why->add_option("node", parser.cache_why.node, "its id")->required();
  add_json(why, parser.cache_why.json);
  parser.on_chosen(why, explain_cache, parser.cache_why);
}

void add_cassette(Parser& parser) {
  CLI::App* cassette =
      parser.app.add_subcommand("cassette", "carry recorded calls of models elsewhere")->require_subcommand(1);
  CLI::App* out = cassette->add_subcommand("export", "write the calls of a run as JSON lines");
  out->add_option("run", parser.cassette_export.run, "run id, a unique start of one, or 'last' (default)");
  out->add_option("-o,--output", parser.cassette_export.file, "where to (default: standard output)")->type_name("FILE");
  parser.on_chosen(out, export_cassette, parser.cassette_export);
  CLI::App* in = cassette->add_subcommand("import", "take calls in, for --replay");
  in->add_option("file", parser.cassette_import.file, "what export wrote")->required();
  parser.on_chosen(in, import_cassette, parser.cassette_import);
}

}  // namespace oe::cli
