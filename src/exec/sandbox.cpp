#include "oe/exec/sandbox.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/core.h>
#include <set>
#include <unistd.h>
#include <utility>

#include "oe/base/text.hpp"
#include "oe/sys/file.hpp"
#include "oe/sys/process.hpp"

namespace oe::exec {
namespace fs = std::filesystem;

namespace {

using Words = std::vector<std::string>;

void add(Words& words, std::initializer_list<std::string> more) {
  words.insert(words.end(), more);
}

bool is_below(const fs::path& path, const fs::path& directory) {
  const auto [end, rest] = std::mismatch(directory.begin(), directory.end(), path.begin(), path.end());
  return end == directory.end();
}

fs::path real_path(const fs::path& path) {
  std::error_code ignored;
  const fs::path found = fs::weakly_canonical(fs::absolute(path, ignored), ignored);
  const bool ends_in_slash = !found.empty() && !found.has_filename() && found.has_parent_path();
  return ends_in_slash && found != "/" ? found.parent_path() : found;
}

std::vector<fs::path> homes() {
  std::vector<fs::path> found{"/root", "/home"};
  const char* const home = std::getenv("HOME");
  if (home != nullptr && fs::path(home).is_absolute() && real_path(home) != "/") found.push_back(real_path(home));
  return found;
}

bool is_hidden(const fs::path& path) {
  const std::vector<fs::path> hidden = homes();
  return is_below(path, "/tmp") || is_below(path, "/run") ||
         std::ranges::any_of(hidden, [&](const fs::path& home) { return is_below(path, home); });
}

// Programs that the user has installed at home stay usable: what is on PATH, the libraries beside it, and for a
// version manager (its PATH entry is called shims) all it holds.
std::set<fs::path> programs_at_home() {
  std::set<fs::path> shown;
  const char* const path = std::getenv("PATH");
  for (const std::string& entry : split(path != nullptr ? path : "", ':')) {
    const fs::path directory = real_path(entry);
    if (entry.empty() || !is_hidden(directory)) continue;
    shown.insert(directory.filename() == "shims" ? directory.parent_path() : directory);
    for (const char* beside : {"lib", "lib64", "libexec"}) shown.insert(directory.parent_path() / beside);
  }
  return shown;
}

// Without capabilities even root could not write a file of somebody else, although it was granted.
void drop_powers(Words& words) {
  add(words, {"--cap-drop", "ALL"});
  if (::geteuid() == 0) add(words, {"--cap-add", "CAP_DAC_OVERRIDE"});
}

Words enclosure(const graph::Sandbox& sandbox) {
  Words words{"bwrap", "--die-with-parent", "--new-session", "--unshare-pid", "--unshare-ipc", "--unshare-uts"};
  if (!sandbox.network) add(words, {"--unshare-net"});
  drop_powers(words);
  add(words, {"--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp", "--tmpfs", "/run"});
  add(words, {"--ro-bind-try", "/run/systemd/resolve", "/run/systemd/resolve"});  // names, where there is a network
  for (const fs::path& home : homes())
    if (fs::exists(home)) add(words, {"--tmpfs", home.string()});
  return words;
}

void show(Words& words, const fs::path& path) {
  add(words, {"--ro-bind-try", path.string(), path.string()});
}

Result<fs::path> writable(const std::string& granted, const fs::path& root, const fs::path& directory) {
  const fs::path path = real_path(directory / granted);
  if (fs::path(granted).is_absolute() || !(is_below(path, root) || is_below(path, directory)))
    return fail(ErrorKind::input, fmt::format("sandbox.write: '{}' is not inside the repository", granted),
                "name a path relative to the workflow's directory");
  std::error_code ignored;
  if (!fs::exists(path, ignored)) OE_CHECK(sys::make_directories(path));
  return path;
}

// What git keeps stays read-only also in a repository that may be written as a whole: a hook written there would run
// outside.
Result<void> grant(Words& words, const graph::Sandbox& sandbox, const fs::path& root, const fs::path& directory) {
  for (const std::string& path : sandbox.write) {
    OE_TRY(const fs::path real, writable(path, root, directory));
    add(words, {"--bind", real.string(), real.string()});
  }
  if (!sandbox.write.empty()) show(words, root / ".git");
  return {};
}

Error no_sandbox(const sys::ProcessExit& exit) {
  const std::string_view said = trim(exit.err);
  return Error(ErrorKind::environment,
               fmt::format("bubblewrap cannot make a sandbox here: {}", said.substr(0, said.find('\n'))),
               "user namespaces have to be allowed: sysctl -w kernel.unprivileged_userns_clone=1 "
               "(in a container: run it with the right to make namespaces)");
}

Result<void> try_sandbox() {
  if (!sys::find_program("bwrap"))
    return fail(ErrorKind::environment, "a sandbox needs the program 'bwrap', which is not on PATH",
                "install it: apt-get install bubblewrap");
  sys::ProcessSpec probe;
  probe.argv = enclosure({});
  probe.argv.push_back("true");
  probe.timeout = std::chrono::seconds(10);
  OE_TRY(const sys::ProcessExit exit, sys::run_process(std::move(probe)));
  if (exit.code != 0) return fail(no_sandbox(exit));
  return {};
}

}  // namespace

Result<void> sandbox_works() {
  static const Result<void> works = try_sandbox();
  return works;
}

Result<std::vector<std::string>> sandboxed(std::vector<std::string> argv, const graph::Sandbox& sandbox,
                                           const fs::path& root, const fs::path& directory) {
  const fs::path start = real_path(directory);
  const fs::path repository = root.empty() ? start : real_path(root);
  Words words = enclosure(sandbox);
  for (const fs::path& path : programs_at_home()) show(words, path);
  if (const fs::path program = real_path(argv.front()); argv.front().starts_with('/') && is_hidden(program))
    show(words, program);
  show(words, repository);
  if (!is_below(start, repository)) show(words, start);
  OE_CHECK(grant(words, sandbox, repository, start));
  add(words, {"--chdir", start.string(), "--"});
  std::ranges::move(argv, std::back_inserter(words));
  return words;
}

}  // namespace oe::exec
