#include "cli/parser.hpp"

namespace oe::cli {

namespace {

void build_evolve(Parser& parser, CLI::App* command) {
  auto& options = parser.on_chosen(command, cli::evolve);
  command->add_option("run", options.runs, "runs to learn from (default: the newest 50 of the workflow as committed, or fewer when they are large)");
  command->add_option("--runs", options.runs, "the same, with commas")->delimiter(',')->type_name("RUN,RUN,...");
  CLI::Option* last = command->add_option("--last", options.last, "learn from the newest N runs")->type_name("N");
  command->add_option("--since", options.since, "learn from runs that began since then: 7d, 12h, 2026-11-01")
      ->type_name("WHEN")
      ->excludes(last);
  command->add_option("--advisor", options.advisor,
                     "who proposes (default: rules, and the model too when one is configured)")
      ->check(CLI::IsMember({"rules", "llm", "both"}));
  command->add_option("--budget", options.limits, "stop before it is passed: 0.50 (dollars, for models), 40runs (of the workflow, in trials), 10min; may be repeated")
      ->type_name("LIMIT")
      ->allow_extra_args(false);
  command->add_option("--generations", options.generations, "build upon what is proven, G generations deep, beside as many proposals that are not (docs/search.md)")
      ->type_name("G")
      ->check(CLI::Range(1, 20));
  command->add_option("--tries", options.tries, "ask the model N times for each parent and generation, for something else each time")
      ->type_name("N")
      ->check(CLI::Range(1, 20));
  add_models(command, options.models);
  command->add_flag("--dry-run", options.dry_run, "print the diffs; prove nothing, write nothing");
  command->add_flag("--no-sandbox", options.no_sandbox, "prove proposals without bubblewrap: their code may then touch all that you may");
  add_commit_style(command, options.signoff, options.no_verify);
  add_json(command, options.json);
}

void build_proposals(Parser& parser, CLI::App* command) {
  auto& options = parser.on_chosen(command, cli::proposals);
  command->add_flag("-a,--all", options.all, "also those that were accepted, rejected or not proven");
  command->add_flag("--calibration", options.calibration, "hold what became history against what it promised");
  command->add_flag("--refresh", options.refresh, "first ask the forge what was merged or closed there");
  add_json(command, options.json);
}

void build_proposal_show(Parser& parser, CLI::App* command) {
  auto& options = parser.on_chosen(command, cli::show_proposal);
  command->add_option("id", options.id, "the start of its fingerprint, or its branch")->required();
  add_json(command, options.json);
}

void build_proposal(Parser& parser, CLI::App* command) {
  build_group(parser, command, {{"show", "reason, evidence, trial and diff", build_proposal_show}});
}

void build_lineage(Parser& parser, CLI::App* command) {
  auto& options = parser.on_chosen(command, cli::lineage);
  command->add_option("id", options.id, "only this proposal, what it stands on and what stands on it");
  command->add_flag("--dot", options.dot, "as a graph for Graphviz: oe lineage --dot | dot -Tsvg");
  add_json(command, options.json);
}

}  // namespace

std::span<const Command> evolving_commands() {
  static constexpr Command kCommands[] = {
      {"evolve", "turn what runs show into proven proposal branches", build_evolve},
      {"proposals", "list open proposals", build_proposals},
      {"proposal", "look at one proposal", build_proposal},
      {"lineage", "draw what stands on what: workflow, proposals, proposals on those", build_lineage},
  };
  return kCommands;
}

}  // namespace oe::cli
