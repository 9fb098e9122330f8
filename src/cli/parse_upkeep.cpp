#include "cli/parser.hpp"

namespace oe::cli {

namespace {

PatchOptions& build_patch_source(Parser& parser, CLI::App* command, Result<int> (*action)(Io&, const PatchOptions&)) {
  auto& options = parser.on_chosen(command, action);
  command->add_option("file", options.file, "diff, V4A patch, SEARCH/REPLACE blocks or whole file, in prose or bare (-: standard input)")
      ->required();
  command->add_option("--base", options.base, "the commit that it is held against (default: HEAD)")->type_name("REV");
  command->add_option("--target", options.target, "the file that was to be changed, where the text names none")->type_name("PATH");
  return options;
}

void build_patch_check(Parser& parser, CLI::App* command) {
  add_json(command, build_patch_source(parser, command, check_patch).json);
}

void build_patch_apply(Parser& parser, CLI::App* command) {
  auto& options = build_patch_source(parser, command, apply_patch);
  command->add_flag("--stdout", options.to_output, "to standard output; files are never touched")->required();
}

void build_patch(Parser& parser, CLI::App* command) {
  build_group(parser, command,
              {{"check", "say what it changes and what had to be mended, or why it is refused", build_patch_check},
               {"apply", "write the change as a diff that git apply takes", build_patch_apply}});
}

void build_cache_list(Parser& parser, CLI::App* command) {
  add_json(command, parser.on_chosen(command, list_cache).json);
}

void build_cache_gc(Parser& parser, CLI::App* command) {
  auto& options = parser.on_chosen(command, collect_cache);
  command->add_option("--unused", options.unused_days, "days without use (default: 30)")->type_name("DAYS");
  command->add_option("--max-mb", options.max_mb, "megabytes to keep (default: 1024)")->type_name("MB");
}

void build_cache_why(Parser& parser, CLI::App* command) {
  auto& options = parser.on_chosen(command, explain_cache);
  command->add_option("node", options.node, "its id")->required();
  add_json(command, options.json);
}

void build_cache(Parser& parser, CLI::App* command) {
  build_group(parser, command,
              {{"ls", "list what is kept, newest first", build_cache_list},
               {"gc", "forget what is old, then what is too much", build_cache_gc},
               {"why", "why a node was, or was not, found there last time", build_cache_why}});
}

void build_cassette_export(Parser& parser, CLI::App* command) {
  auto& options = parser.on_chosen(command, export_cassette);
  command->add_option("run", options.run, "run id, a unique start of one, or 'last' (default)");
  command->add_option("-o,--output", options.file, "where to (default: standard output)")->type_name("FILE");
}

void build_cassette_import(Parser& parser, CLI::App* command) {
  command->add_option("file", parser.on_chosen(command, import_cassette).file, "what export wrote")->required();
}

void build_cassette(Parser& parser, CLI::App* command) {
  build_group(parser, command,
              {{"export", "write the calls of a run as JSON lines", build_cassette_export},
               {"import", "take calls in, for --replay", build_cassette_import}});
}

void add_hook_places(CLI::App* command, HooksOptions& options) {
  command->add_flag("--shared", options.shared, "also in a directory that git tracks or that other repositories use");
  command->add_flag("--force", options.force, "also where somebody has changed a hook of oe by hand");
}

void build_hooks_install(Parser& parser, CLI::App* command) {
  add_hook_places(command, parser.on_chosen(command, install_hooks));
}

void build_hooks_uninstall(Parser& parser, CLI::App* command) {
  add_hook_places(command, parser.on_chosen(command, uninstall_hooks));
}

void build_hooks_status(Parser& parser, CLI::App* command) {
  add_json(command, parser.on_chosen(command, show_hooks).json);
}

void build_hooks_run(Parser& parser, CLI::App* command) {
  auto& options = parser.on_chosen(command, run_hook);
  command->add_option("hook", options.words, "the hook and its arguments")->required();
  command->prefix_command()->group("");
}

void build_hooks_background(Parser& parser, CLI::App* command) {
  auto& options = parser.on_chosen(command, serve_background);
  command->add_option("event", options.event, "commit or merge")->required();
  command->group("");
}

void build_hooks(Parser& parser, CLI::App* command) {
  build_group(parser, command,
              {{"install", "put the hooks in; those that are there go first", build_hooks_install},
               {"uninstall", "put every hook back as it was", build_hooks_uninstall},
               {"status", "say which hooks are in, and what ran in the background", build_hooks_status},
               {"run", "do what a hook has to do; oe-hook calls this", build_hooks_run},
               {"background", "", build_hooks_background}});
}

void build_ledger_rebuild(Parser& parser, CLI::App* command) {
  command->callback([&parser] { parser.action = rebuild_ledger; });
}

void build_ledger(Parser& parser, CLI::App* command) {
  build_group(parser, command, {{"rebuild", "make the index again from the journals", build_ledger_rebuild}});
}

void build_trust(Parser& parser, CLI::App* command) {
  auto& options = parser.on_chosen(command, cli::trust);
  command->add_option("path", options.path, "a file, or a directory with an experience.yaml (default: .)");
}

void build_doctor(Parser& parser, CLI::App* command) {
  auto& options = parser.on_chosen(command, cli::doctor);
  add_json(command, options.json);
}

}  // namespace

std::span<const Command> upkeep_commands() {
  static constexpr Command kCommands[] = {
      {"patch", "read what a model sent as a change, and say where it belongs", build_patch},
      {"cache", "look after results that need not be made again", build_cache},
      {"cassette", "carry recorded calls of models elsewhere", build_cassette},
      {"hooks", "let git call oe: docs/hooks.md", build_hooks},
      {"ledger", "look after the record", build_ledger},
      {"trust", "let oe evolve prove proposals for a workflow that you have not run", build_trust},
      {"doctor", "say what is missing and how to mend it", build_doctor},
  };
  return kCommands;
}

}  // namespace oe::cli
