#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <initializer_list>
#include <memory>
#include <span>

#include "cli/commands.hpp"

namespace oe::cli {

using Action = std::function<Result<int>(Io&)>;

/// The chosen command leaves its action here.
struct Parser {
  CLI::App app{
      "Runs the workflow that lives in a git repository, records what happened,\n"
      "and turns what the runs show into branches that you review.",
      "oe"};
  Action action;

  /// The options that `function` will get when `command` is chosen, to be filled in by what is added to `command`; they
  /// live as long as that.
  template <class Options>
  Options& on_chosen(CLI::App* command, Result<int> (*function)(Io&, const Options&)) {
    auto options = std::make_shared<Options>();
    command->callback(
        [this, function, options] { action = [function, options](Io& io) { return function(io, *options); }; });
    return *options;
  }
};

/// A command as `oe --help` lists it. `build` adds what it takes, and its action.
struct Command {
  const char* name;
  const char* summary;
  void (*build)(Parser&, CLI::App* command);
};

/// Makes `command` one that only leads to `commands`.
void build_group(Parser& parser, CLI::App* command, std::initializer_list<Command> commands);

void add_json(CLI::App* command, bool& json);
void add_models(CLI::App* command, ModelFlags& flags);
void add_commit_style(CLI::App* command, bool& signoff, bool& no_verify);

// In the order of the help.
std::span<const Command> authoring_commands();
std::span<const Command> running_commands();
std::span<const Command> record_commands();
std::span<const Command> evolving_commands();
std::span<const Command> deciding_commands();
std::span<const Command> history_commands();
std::span<const Command> sharing_commands();
std::span<const Command> upkeep_commands();

}  // namespace oe::cli
