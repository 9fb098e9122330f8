#include "cli/parser.hpp"

namespace oe::cli {

void add_commit_style(CLI::App* command, bool& signoff, bool& no_verify) {
  command->add_flag("-s,--signoff", signoff, "Signed-off-by you in the commit; also by git config format.signOff");
  command->add_flag("--no-verify", no_verify, "do not ask your pre-commit and commit-msg hooks");
}

void add_deciding(Parser& parser) {
  CLI::App* accept = parser.app.add_subcommand("accept", "take a proposal onto the current branch");
  accept->add_option("id", parser.accept.id, "the start of its fingerprint, or its branch")->required();
  CLI::Option* pick = accept->add_flag("--pick", parser.accept.pick, "as a cherry-pick, also where a fast-forward would do");
  CLI::Option* squash = accept->add_flag("--squash", parser.accept.squash, "all that is on its branch, commits of others too, as one commit");
  CLI::Option* merge = accept->add_flag("--merge", parser.accept.merge, "with a merge commit; commits of others on its branch come along");
  pick->excludes(squash, merge);
  squash->excludes(merge);
  add_commit_style(accept, parser.accept.signoff, parser.accept.no_verify);
  parser.on_chosen(accept, cli::accept, parser.accept);

  CLI::App* reject = parser.app.add_subcommand("reject", "delete a proposal's branch and never propose it again");
  reject->add_option("id", parser.reject.id, "the start of its fingerprint, or its branch")->required();
  reject->add_option("--why", parser.reject.why, "the reason, for the record")->required();
  parser.on_chosen(reject, cli::reject, parser.reject);

  RebaseOptions& again = parser.rebase;
  CLI::App* rebase = parser.app.add_subcommand("rebase", "make an open proposal again on what HEAD is now, and prove it anew");
  rebase->add_option("id", again.id, "the start of its fingerprint, or its branch")->required();
  rebase->add_option("--budget", again.limits, "stop before it is passed: 0.50 (dollars, for models), 40runs, 10min; may be repeated")
      ->type_name("LIMIT")
      ->allow_extra_args(false);
  add_models(rebase, again.models);
  rebase->add_flag("--no-sandbox", again.no_sandbox, "prove it without bubblewrap: its code may then touch all that you may");
  add_commit_style(rebase, again.signoff, again.no_verify);
  add_json(rebase, again.json);
  parser.on_chosen(rebase, cli::rebase, again);

  CLI::App* undo = parser.app.add_subcommand("undo", "take back what the last command of oe wrote into refs: docs/everyday-git.md");
  undo->add_flag("--list", parser.undo.list, "say what there is, newest first, and change nothing");
  add_json(undo, parser.undo.json);
  parser.on_chosen(undo, cli::undo, parser.undo);
}

}  // namespace oe::cli
