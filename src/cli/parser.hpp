#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "cli/commands.hpp"

namespace oe::cli {

using Action = std::function<Result<int>(Io&)>;

/// Options live as long as the parser that fills them in; the chosen command leaves its action here.
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
  AcceptOptions accept;
  LogOptions log;
  BlameOptions blame;
  BisectCommandOptions bisect;
  RejectOptions reject;
  RebaseOptions rebase;
  UndoOptions undo;
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

void add_json(CLI::App* command, bool& json);
void add_models(CLI::App* command, ModelFlags& flags);
void add_commit_style(CLI::App* command, bool& signoff, bool& no_verify);

// Each adds some commands with their options.
void add_authoring(Parser& parser);
void add_running(Parser& parser);
void add_record(Parser& parser);
void add_evolution(Parser& parser);
void add_deciding(Parser& parser);
void add_history(Parser& parser);
void add_submit(Parser& parser);
void add_sharing(Parser& parser);
void add_patch(Parser& parser);
void add_cache(Parser& parser);
void add_cassette(Parser& parser);
void add_hooks(Parser& parser);
void add_upkeep(Parser& parser);

}  // namespace oe::cli
