#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <system_error>

#include "oe/hooks/background.hpp"
#include "oe/hooks/install.hpp"
#include "oe/sys/process.hpp"

#include "cli/commands.hpp"

namespace oe::cli {

namespace {

using Json = nlohmann::ordered_json;
using hooks::HookState;

/// This oe, and the oe-hook beside it.
Result<hooks::Programs> own_programs() {
  std::error_code error;
  const std::filesystem::path oe = std::filesystem::read_symlink("/proc/self/exe", error);
  const std::filesystem::path hook = oe.parent_path() / "oe-hook";
  if (!error && std::filesystem::exists(hook, error)) return hooks::Programs{oe, hook};
  return fail(ErrorKind::environment, fmt::format("there is no {}", hook.string()), "install oe with its oe-hook beside it");
}

std::string words_of(const hooks::Hook& hook) {
  const std::string tool = hook.tool.empty() ? "somebody" : hook.tool;
  switch (hook.state) {
    case HookState::absent:
      return "not installed";
    case HookState::on_call:
      return "installed; put here when there is something to do for it";
    case HookState::alone:
      return "installed";
    case HookState::first:
      return fmt::format("installed; {} goes first",
                         hook.tool.empty() ? "the hook that was here before" : "that of " + hook.tool);
    case HookState::behind:
      return "installed; pre-commit was installed over it, and calls it";
    case HookState::foreign:
      return fmt::format("not installed; there is one of {}", hook.tool.empty() ? "your own" : hook.tool);
    case HookState::replaced:
      return fmt::format("does not run: {} has put another one in its place; oe hooks install", tool);
    case HookState::edited:
      return "installed, and changed by hand";
  }
  return "";
}

Colour colour_of(HookState state) {
  if (state == HookState::absent || state == HookState::foreign) return Colour::dim;
  return state == HookState::replaced || state == HookState::edited ? Colour::yellow : Colour::green;
}

void print_human(Io& io, const hooks::HooksDirectory& directory, const std::vector<std::string>& log) {
  io.line(directory.path.string() + (directory.shared.empty() ? "" : " (" + directory.shared + ")"));
  Table table;
  for (const hooks::Hook& hook : hooks::survey(directory))
    table.row({hook.name, io.paint(colour_of(hook.state), words_of(hook))});
  table.print(io, "  ");
  if (!log.empty()) io.line("in the background:");
  for (const std::string& line : log) io.line("  " + line);
}

void print_json(Io& io, const hooks::HooksDirectory& directory, const std::vector<std::string>& log) {
  Json list = Json::array();
  for (const hooks::Hook& hook : hooks::survey(directory))
    list.push_back({{"name", hook.name}, {"state", to_string(hook.state)}, {"tool", hook.tool}});
  io.json({{"v", 1},
           {"directory", directory.path.string()},
           {"shared", directory.shared},
           {"hooks", std::move(list)},
           {"background", log}});
}

}  // namespace

Result<int> install_hooks(Io& io, const HooksOptions& options) {
  OE_TRY(const git::Place place, git::find_place("."));
  OE_TRY(const auto directory, hooks::hooks_directory(place));
  OE_TRY(const hooks::Programs programs, own_programs());
  OE_CHECK(hooks::install(place, directory, programs, {options.shared, options.force}));
  print_human(io, directory, {});
  return 0;
}

Result<int> show_hooks(Io& io, const HooksOptions& options) {
  constexpr std::size_t kShownLines = 10;
  OE_TRY(const git::Place place, git::find_place("."));
  OE_TRY(const auto directory, hooks::hooks_directory(place));
  const std::vector<std::string> log = hooks::background_log(place, kShownLines);
  options.json ? print_json(io, directory, log) : print_human(io, directory, log);
  return 0;
}

Result<int> uninstall_hooks(Io& io, const HooksOptions& options) {
  OE_TRY(const git::Place place, git::find_place("."));
  OE_TRY(const auto directory, hooks::hooks_directory(place));
  OE_CHECK(hooks::uninstall(place, directory, {options.shared, options.force}));
  print_human(io, directory, {});
  return 0;
}

}  // namespace oe::cli
