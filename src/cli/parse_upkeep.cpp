#include "cli/parser.hpp"

namespace oe::cli {

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

}  // namespace oe::cli
