#include "cli/parser.hpp"

namespace oe::cli {

namespace {

void build_submit(Parser& parser, CLI::App* command) {
  auto& options = parser.on_chosen(command, cli::submit);
  command->add_option("id", options.id, "the start of its fingerprint, or its branch");
  command->add_flag("--all", options.all, "all that are open, as far as the limits let them; for CI");
  command->add_flag("--refresh", options.refresh, "learn what was merged or closed there, and close what is done with");
  command->add_option("--remote", options.remote, "where to (default: submit.remote, else origin)");
  command->add_option("--base", options.base, "the branch that it is for (default: submit.base, else the remote's own)");
  command->add_flag("--draft", options.draft, "open it as a draft");
  command->add_flag("-n,--dry-run", options.dry_run, "print what would be written; ask and tell nobody");
  add_json(command, options.json);
}

void build_comment(Parser& parser, CLI::App* command) {
  auto& options = parser.on_chosen(command, cli::comment);
  command->add_option("number", options.number, "of the pull or merge request")->required();
  command->add_option("file", options.file, "the text (default: standard input)");
  command->add_option("--marker", options.marker, "which comment: there is one of each (default: report)");
  command->add_option("--remote", options.remote, "where (default: submit.remote, else origin)");
  command->add_flag("--markdown", options.markdown, "the text is Markdown that you trust (default: shown as it is)");
}

void build_verify(Parser& parser, CLI::App* command) {
  auto& options = parser.on_chosen(command, cli::verify);
  command->add_option("revision", options.revision, "its branch or commit (default: HEAD)");
  add_json(command, options.json);
}

void build_sync(Parser& parser, CLI::App* command) {
  auto& options = parser.on_chosen(command, cli::sync);
  command->add_option("way", options.way, "push or fetch (default: both)")->check(CLI::IsMember({"push", "fetch"}));
  command->add_option("--remote", options.remote, "which one (default: origin, or the only one)")->type_name("NAME");
  command->add_flag("--runs", options.runs, "the journals of runs, too");
  add_json(command, options.json);
}

void build_gc(Parser& parser, CLI::App* command) {
  auto& options = parser.on_chosen(command, collect_garbage);
  command->add_option("--unused", options.unused_days, "days for which what is not needed stays (default: 30)")->type_name("DAYS");
  command->add_option("--runs", options.run_days, "shared months of runs, too, when they are older than that")->type_name("DAYS");
  command->add_flag("-n,--dry-run", options.dry_run, "say what would go");
  add_json(command, options.json);
}

}  // namespace

std::span<const Command> sharing_commands() {
  static constexpr Command kCommands[] = {
      {"submit", "open a proposal as a change request, or bring it up to date", build_submit},
      {"comment", "keep one comment on a change request up to date; for CI", build_comment},
      {"verify", "derive the verdict on a proposal again, from its evidence alone", build_verify},
      {"sync", "share evidence and decisions with a remote: nothing else pushes them", build_sync},
      {"gc", "delete refs of oe that nothing needs: see docs/sharing.md", build_gc},
  };
  return kCommands;
}

}  // namespace oe::cli
