#include "cli/parser.hpp"

namespace oe::cli {

void add_commit_style(CLI::App* command, bool& signoff, bool& no_verify) {
  command->add_flag("-s,--signoff", signoff, "Signed-off-by you in the commit; also by git config format.signOff");
  command->add_flag("--no-verify", no_verify, "do not ask your pre-commit and commit-msg hooks");
}

namespace {

void build_accept(Parser& parser, CLI::App* command) {
  auto& options = parser.on_chosen(command, cli::accept);
  command->add_option("id", options.id, "the start of its fingerprint, or its branch")->required();
  CLI::Option* pick = command->add_flag("--pick", options.pick, "as a cherry-pick, also where a fast-forward would do");
  CLI::Option* squash = command->add_flag("--squash", options.squash, "all that is on its branch, commits of others too, as one commit");
  CLI::Option* merge = command->add_flag("--merge", options.merge, "with a merge commit; commits of others on its branch come along");
  pick->excludes(squash, merge);
  squash->excludes(merge);
  add_commit_style(command, options.signoff, options.no_verify);
}

void build_reject(Parser& parser, CLI::App* command) {
  auto& options = parser.on_chosen(command, cli::reject);
  command->add_option("id", options.id, "the start of its fingerprint, or its branch")->required();
  command->add_option("--why", options.why, "the reason, for the record")->required();
}

void build_rebase(Parser& parser, CLI::App* command) {
  auto& options = parser.on_chosen(command, cli::rebase);
  command->add_option("id", options.id, "the start of its fingerprint, or its branch")->required();
  command->add_option("--budget", options.limits, "stop before it is passed: 0.50 (dollars, for models), 40runs, 10min; may be repeated")
      ->type_name("LIMIT")
      ->allow_extra_args(false);
  add_models(command, options.models);
  command->add_flag("--no-sandbox", options.no_sandbox, "prove it without bubblewrap: its code may then touch all that you may");
  add_commit_style(command, options.signoff, options.no_verify);
  add_json(command, options.json);
}

void build_undo(Parser& parser, CLI::App* command) {
  auto& options = parser.on_chosen(command, cli::undo);
  command->add_flag("--list", options.list, "say what there is, newest first, and change nothing");
  add_json(command, options.json);
}

}  // namespace

std::span<const Command> deciding_commands() {
  static constexpr Command kCommands[] = {
      {"accept", "take a proposal onto the current branch", build_accept},
      {"reject", "delete a proposal's branch and never propose it again", build_reject},
      {"rebase", "make an open proposal again on what HEAD is now, and prove it anew", build_rebase},
      {"undo", "take back what the last command of oe wrote into refs: docs/everyday-git.md", build_undo},
  };
  return kCommands;
}

}  // namespace oe::cli
