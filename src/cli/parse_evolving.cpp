#include "cli/parser.hpp"

namespace oe::cli {

void add_evolution(Parser& parser) {
  CLI::App* evolve = parser.app.add_subcommand("evolve", "turn what runs show into proven proposal branches");
  evolve->add_option("run", parser.evolve.runs, "runs to learn from (default: the newest 50 of the workflow as committed, or fewer when they are large)");
  evolve->add_option("--runs", parser.evolve.runs, "the same, with commas")->delimiter(',')->type_name("RUN,RUN,...");
  CLI::Option* last = evolve->add_option("--last", parser.evolve.last, "learn from the newest N runs")->type_name("N");
  evolve->add_option("--since", parser.evolve.since, "learn from runs that began since then: 7d, 12h, 2026-11-01")
      ->type_name("WHEN")
      ->excludes(last);
  evolve->add_option("--advisor", parser.evolve.advisor,
                     "who proposes (default: rules, and the model too when one is configured)")
      ->check(CLI::IsMember({"rules", "llm", "both"}));
  evolve->add_option("--budget", parser.evolve.limits, "stop before it is passed: 0.50 (dollars, for models), 40runs (of the workflow, in trials), 10min; may be repeated")
      ->type_name("LIMIT")
      ->allow_extra_args(false);
  evolve->add_option("--generations", parser.evolve.generations, "build upon what is proven, G generations deep, beside as many proposals that are not (docs/search.md)")
      ->type_name("G")
      ->check(CLI::Range(1, 20));
  evolve->add_option("--tries", parser.evolve.tries, "ask the model N times for each parent and generation, for something else each time")
      ->type_name("N")
      ->check(CLI::Range(1, 20));
  add_models(evolve, parser.evolve.models);
  evolve->add_flag("--dry-run", parser.evolve.dry_run, "print the diffs; prove nothing, write nothing");
  evolve->add_flag("--no-sandbox", parser.evolve.no_sandbox, "prove proposals without bubblewrap: their code may then touch all that you may");
  add_commit_style(evolve, parser.evolve.signoff, parser.evolve.no_verify);
  add_json(evolve, parser.evolve.json);
  parser.on_chosen(evolve, cli::evolve, parser.evolve);

  CLI::App* proposals = parser.app.add_subcommand("proposals", "list open proposals");
  proposals->add_flag("-a,--all", parser.proposals.all, "also those that were accepted, rejected or not proven");
  proposals->add_flag("--calibration", parser.proposals.calibration, "hold what became history against what it promised");
  proposals->add_flag("--refresh", parser.proposals.refresh, "first ask the forge what was merged or closed there");
  add_json(proposals, parser.proposals.json);
  parser.on_chosen(proposals, cli::proposals, parser.proposals);

  CLI::App* proposal = parser.app.add_subcommand("proposal", "look at one proposal")->require_subcommand(1);
  CLI::App* show = proposal->add_subcommand("show", "reason, evidence, trial and diff");
  show->add_option("id", parser.proposal.id, "the start of its fingerprint, or its branch")->required();
  add_json(show, parser.proposal.json);
  parser.on_chosen(show, cli::show_proposal, parser.proposal);

  CLI::App* lineage = parser.app.add_subcommand("lineage", "draw what stands on what: workflow, proposals, proposals on those");
  lineage->add_option("id", parser.lineage.id, "only this proposal, what it stands on and what stands on it");
  lineage->add_flag("--dot", parser.lineage.dot, "as a graph for Graphviz: oe lineage --dot | dot -Tsvg");
  add_json(lineage, parser.lineage.json);
  parser.on_chosen(lineage, cli::lineage, parser.lineage);
}

void add_submit(Parser& parser) {
  SubmitOptions& options = parser.submit;
  CLI::App* submit = parser.app.add_subcommand("submit", "open a proposal as a change request, or bring it up to date");
  submit->add_option("id", options.id, "the start of its fingerprint, or its branch");
  submit->add_flag("--all", options.all, "all that are open, as far as the limits let them; for CI");
  submit->add_flag("--refresh", options.refresh, "learn what was merged or closed there, and close what is done with");
  submit->add_option("--remote", options.remote, "where to (default: submit.remote, else origin)");
  submit->add_option("--base", options.base, "the branch that it is for (default: submit.base, else the remote's own)");
  submit->add_flag("--draft", options.draft, "open it as a draft");
  submit->add_flag("-n,--dry-run", options.dry_run, "print what would be written; ask and tell nobody");
  add_json(submit, options.json);
  parser.on_chosen(submit, cli::submit, options);

  CommentOptions& note = parser.comment;
  CLI::App* comment = parser.app.add_subcommand("comment", "keep one comment on a change request up to date; for CI");
  comment->add_option("number", note.number, "of the pull or merge request")->required();
  comment->add_option("file", note.file, "the text (default: standard input)");
  comment->add_option("--marker", note.marker, "which comment: there is one of each (default: report)");
  comment->add_option("--remote", note.remote, "where (default: submit.remote, else origin)");
  comment->add_flag("--markdown", note.markdown, "the text is Markdown that you trust (default: shown as it is)");
  parser.on_chosen(comment, cli::comment, note);
}

void add_sharing(Parser& parser) {
  CLI::App* verify = parser.app.add_subcommand("verify", "derive the verdict on a proposal again, from its evidence alone");
  verify->add_option("revision", parser.verify.revision, "its branch or commit (default: HEAD)");
  add_json(verify, parser.verify.json);
  parser.on_chosen(verify, cli::verify, parser.verify);

  CLI::App* sync = parser.app.add_subcommand("sync", "share evidence and decisions with a remote: nothing else pushes them");
  sync->add_option("way", parser.sync.way, "push or fetch (default: both)")->check(CLI::IsMember({"push", "fetch"}));
  sync->add_option("--remote", parser.sync.remote, "which one (default: origin, or the only one)")->type_name("NAME");
  sync->add_flag("--runs", parser.sync.runs, "the journals of runs, too");
  add_json(sync, parser.sync.json);
  parser.on_chosen(sync, cli::sync, parser.sync);

  CLI::App* gc = parser.app.add_subcommand("gc", "delete refs of oe that nothing needs: see docs/sharing.md");
  gc->add_option("--unused", parser.gc.unused_days, "days for which what is not needed stays (default: 30)")->type_name("DAYS");
  gc->add_option("--runs", parser.gc.run_days, "shared months of runs, too, when they are older than that")->type_name("DAYS");
  gc->add_flag("-n,--dry-run", parser.gc.dry_run, "say what would go");
  add_json(gc, parser.gc.json);
  parser.on_chosen(gc, collect_garbage, parser.gc);
}

void add_patch(Parser& parser) {
  CLI::App* patch = parser.app.add_subcommand("patch", "read what a model sent as a change, and say where it belongs")
                        ->require_subcommand(1);
  const auto add = [&](const char* name, const char* what, PatchOptions& options) {
    CLI::App* command = patch->add_subcommand(name, what);
    command->add_option("file", options.file, "diff, V4A patch, SEARCH/REPLACE blocks or whole file, in prose or bare (-: standard input)")
        ->required();
    command->add_option("--base", options.base, "the commit that it is held against (default: HEAD)")->type_name("REV");
    command->add_option("--target", options.target, "the file that was to be changed, where the text names none")->type_name("PATH");
    return command;
  };
  CLI::App* check = add("check", "say what it changes and what had to be mended, or why it is refused", parser.patch_check);
  add_json(check, parser.patch_check.json);
  parser.on_chosen(check, check_patch, parser.patch_check);
  CLI::App* apply = add("apply", "write the change as a diff that git apply takes", parser.patch_apply);
  apply->add_flag("--stdout", parser.patch_apply.to_output, "to standard output; files are never touched")->required();
  parser.on_chosen(apply, apply_patch, parser.patch_apply);
}

}  // namespace oe::cli
