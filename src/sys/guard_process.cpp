#include <algorithm>
#include <csignal>
#include <fcntl.h>
#include <fmt/format.h>
#include <map>
#include <poll.h>
#include <thread>
#include <unordered_set>

#include "sys/proc_table.hpp"
#include "sys/process_tree.hpp"
#include "sys/tree_guard.hpp"

namespace oe::sys {
namespace {

/// How often the guard looks which orphans its ward has taken in.
constexpr std::chrono::milliseconds kLook{250};
constexpr std::chrono::milliseconds kGuardGrace{500};
constexpr std::chrono::milliseconds kGuardPause{20};
constexpr std::chrono::seconds kGuardPatience{10};
/// A child that was between fork and exec when the ward died shows its token only a moment later.
constexpr int kEmptyLooksBeforeLeaving = 3;

void become_unnoticed() {
  ::setpgid(0, 0);  // out of the terminal's foreground; not a session, which would look like an orphan of a tree
  for (const int signal : {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGPIPE, SIGUSR1, SIGUSR2, SIGTSTP, SIGTTIN, SIGTTOU})
    ::signal(signal, SIG_IGN);
  ::signal(SIGCHLD, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  if (::chdir("/") != 0) ::_exit(1);
}

/// Leaves the guard with `alive` as 0 and nothing at all as 1 and 2.
void keep_only(UniqueFd alive) {
  ::dup2(alive.release(), STDIN_FILENO);
  ::close_range(1, ~0U, 0);
  ::open("/dev/null", O_WRONLY);
  ::open("/dev/null", O_WRONLY);
}

/// Finds what is left of the trees of a process that is dead.
class Leftovers {
 public:
  Leftovers(const SharedRoots& roots, pid_t ward) : roots_(roots), ward_(ward), token_(fmt::format("{}-", ward)) {}

  /// Notes the orphans of the living ward: of those that cleaned their environment nothing else would tell afterwards.
  void look_at_orphans() {
    std::map<pid_t, std::uint64_t> now;
    for (const pid_t pid : children_of(ward_)) {
      const auto known = orphans_.find(pid);
      if (known != orphans_.end()) {
        now.insert(*known);
      } else if (const auto facts = proc_facts(pid); facts && facts->name != kGuardName) {
        now.emplace(pid, facts->started);
      }
    }
    orphans_ = std::move(now);
  }

  std::vector<pid_t> find() {
    std::map<pid_t, ProcFacts> all;
    for (const pid_t pid : all_processes())
      if (const auto facts = proc_facts(pid); facts && !facts->zombie && pid != ::getpid()) all.emplace(pid, *facts);
    const std::vector<pid_t> roots = roots_.list();
    const std::unordered_set<pid_t> groups(roots.begin(), roots.end());
    std::vector<pid_t> found;
    for (const auto& [pid, facts] : all)
      if (belongs(facts, groups)) found.push_back(pid);
    add_descendants(all, found);
    for (const pid_t pid : found) ours_.emplace(pid, all.at(pid).started);
    return found;
  }

 private:
  bool is_one_of(const std::map<pid_t, std::uint64_t>& those, const ProcFacts& facts) const {
    const auto known = those.find(facts.pid);
    return known != those.end() && known->second == facts.started;
  }

  bool belongs(const ProcFacts& facts, const std::unordered_set<pid_t>& groups) const {
    if (groups.contains(facts.group) || groups.contains(facts.pid)) return true;
    if (is_one_of(ours_, facts) || is_one_of(orphans_, facts)) return true;
    const auto tokens = tree_tokens(facts.pid);
    return std::ranges::any_of(tokens, [this](const std::string& token) { return token.starts_with(token_); });
  }

  static void add_descendants(const std::map<pid_t, ProcFacts>& all, std::vector<pid_t>& found) {
    std::unordered_set<pid_t> members(found.begin(), found.end());
    for (bool grew = true; grew;) {
      grew = false;
      for (const auto& [pid, facts] : all)
        if (members.contains(facts.parent) && members.insert(pid).second) {
          found.push_back(pid);
          grew = true;
        }
    }
  }

  const SharedRoots& roots_;
  pid_t ward_;
  std::string token_;
  std::map<pid_t, std::uint64_t> orphans_;  ///< pid -> start
  std::map<pid_t, std::uint64_t> ours_;     ///< found so far: they stay ours when their parents die
};

/// True when the ward is dead.
bool wait_for_the_end(const SharedRoots& roots, Leftovers& leftovers) {
  pollfd alive{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
  while (::poll(&alive, 1, static_cast<int>(kLook.count())) <= 0) leftovers.look_at_orphans();
  return !roots.said_goodbye();
}

void end_all(Leftovers& leftovers) {
  const auto begin = std::chrono::steady_clock::now();
  int empty_looks = 0;
  bool asked = false;
  while (empty_looks < kEmptyLooksBeforeLeaving && std::chrono::steady_clock::now() - begin < kGuardPatience) {
    const std::vector<pid_t> found = leftovers.find();
    const bool patient = std::chrono::steady_clock::now() - begin < kGuardGrace;
    empty_looks = found.empty() ? empty_looks + 1 : 0;
    for (const pid_t pid : found)
      if (!patient || !asked) ::kill(pid, patient ? SIGTERM : SIGKILL);
    asked = asked || !found.empty();
    std::this_thread::sleep_for(kGuardPause);
  }
}

}  // namespace

void guard_trees(const SharedRoots& roots, UniqueFd alive, pid_t ward) {
  keep_only(std::move(alive));
  become_unnoticed();
  Leftovers leftovers(roots, ward);
  if (wait_for_the_end(roots, leftovers)) end_all(leftovers);
  ::_exit(0);
}

}  // namespace oe::sys
