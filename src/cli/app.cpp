#include <CLI/CLI.hpp>
#include <functional>

#include "oe/cli/main.hpp"

#include "cli/commands.hpp"
#include "cli/version.hpp"

namespace oe::cli {

namespace {

using Action = std::function<Result<int>(Io&)>;

// Options live as long as the parser that fills them in; the chosen command leaves its action here.
struct Parser {
  CLI::App app{
      "Runs the workflow that lives in a git repository, records what happened,\n"
      "and turns what the runs show into branches that you review.",
      "oe"};
  Action action;

  InitOptions init;
  ValidateOptions validate;
  RunOptions run;
  ResumeOptions resume;
  AnswerOptions answer;
  CacheListOptions cache_list;
  CacheCollectOptions cache_collect;
  CacheWhyOptions cache_why;
  CassetteExportOptions cassette_export;
  CassetteImportOptions cassette_import;
  TrustOptions trust;
  RunsOptions runs;
  ShowOptions show;
  StateOptions state;
  DiffOptions diff;
  EvolveCommandOptions evolve;
  ProposalsOptions proposals;
  ProposalOptions proposal;
  LineageOptions lineage;
  ProposalOptions accept;
  RejectOptions reject;
  SubmitOptions submit;
  HooksOptions hooks_install;
  HooksOptions hooks_status;
  HooksOptions hooks_uninstall;
  HookRunOptions hook_run;
  HookBackgroundOptions hook_background;
  CommentOptions comment;
  DoctorOptions doctor;
  VerifyOptions verify;
  SyncOptions sync;
  GcOptions gc;
  PatchOptions patch_check;
  PatchOptions patch_apply;

  template <class Options>
  void on_chosen(CLI::App* command, Result<int> (*function)(Io&, const Options&), const Options& options) {
    command->callback(
        [this, function, &options] { action = [function, &options](Io& io) { return function(io, options); }; });
  }
};

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
  add_json(evolve, parser.evolve.json);
  parser.on_chosen(evolve, cli::evolve, parser.evolve);

  CLI::App* proposals = parser.app.add_subcommand("proposals", "list open proposals");
  proposals->add_flag("-a,--all", parser.proposals.all, "also those that were accepted, rejected or not proven");
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

  CLI::App* accept = parser.app.add_subcommand("accept", "take a proposal onto the current branch");
  accept->add_option("id", parser.accept.id, "the start of its fingerprint, or its branch")->required();
  parser.on_chosen(accept, cli::accept, parser.accept);

  CLI::App* reject = parser.app.add_subcommand("reject", "delete a proposal's branch and never propose it again");
  reject->add_option("id", parser.reject.id, "the start of its fingerprint, or its branch")->required();
  reject->add_option("--why", parser.reject.why, "the reason, for the record")->required();
  parser.on_chosen(reject, cli::reject, parser.reject);
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

void add_hooks(Parser& parser) {
  CLI::App* hooks = parser.app.add_subcommand("hooks", "let git call oe: docs/hooks.md")->require_subcommand(1);
  const auto add = [&](const char* name, const char* what, HooksOptions& options) {
    CLI::App* command = hooks->add_subcommand(name, what);
    command->add_flag("--shared", options.shared, "also in a directory that git tracks or that other repositories use");
    command->add_flag("--force", options.force, "also where somebody has changed a hook of oe by hand");
    return command;
  };
  parser.on_chosen(add("install", "put the hooks in; those that are there go first", parser.hooks_install), install_hooks,
                   parser.hooks_install);
  parser.on_chosen(add("uninstall", "put every hook back as it was", parser.hooks_uninstall), uninstall_hooks,
                   parser.hooks_uninstall);
  CLI::App* status = hooks->add_subcommand("status", "say which hooks are in, and what ran in the background");
  add_json(status, parser.hooks_status.json);
  parser.on_chosen(status, show_hooks, parser.hooks_status);

  CLI::App* run = hooks->add_subcommand("run", "do what a hook has to do; oe-hook calls this");
  run->add_option("hook", parser.hook_run.words, "the hook and its arguments")->required();
  run->prefix_command()->group("");
  parser.on_chosen(run, run_hook, parser.hook_run);
  CLI::App* background = hooks->add_subcommand("background", "")->group("");
  background->add_option("event", parser.hook_background.event, "commit or merge")->required();
  parser.on_chosen(background, serve_background, parser.hook_background);
}

void add_upkeep(Parser& parser) {
  CLI::App* ledger = parser.app.add_subcommand("ledger", "look after the record")->require_subcommand(1);
  CLI::App* rebuild = ledger->add_subcommand("rebuild", "make the index again from the journals");
  rebuild->callback([&parser] { parser.action = rebuild_ledger; });

  CLI::App* trust = parser.app.add_subcommand("trust", "let oe evolve prove proposals for a workflow that you have not run");
  trust->add_option("path", parser.trust.path, "a file, or a directory with an experience.yaml (default: .)");
  parser.on_chosen(trust, cli::trust, parser.trust);

  CLI::App* doctor = parser.app.add_subcommand("doctor", "say what is missing and how to mend it");
  add_json(doctor, parser.doctor.json);
  parser.on_chosen(doctor, cli::doctor, parser.doctor);
}

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
  add_run(parser);
  add_going_on(parser);
  add_record(parser);
  add_evolution(parser);
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
