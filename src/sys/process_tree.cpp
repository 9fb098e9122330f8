#include "sys/process_tree.hpp"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>

#include "oe/base/text.hpp"

namespace oe::sys {
namespace {

constexpr std::string_view kTokenName = "OE_TREE";
constexpr std::chrono::seconds kKillPatience{5};
constexpr std::chrono::milliseconds kKillPause{1};

void note_status(const siginfo_t& info, ProcessExit& exit) {
  if (info.si_code == CLD_EXITED)
    exit.code = info.si_status;
  else
    exit.signal = info.si_status;
}

}  // namespace

Orphans::Orphans() {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

void Orphans::look() {
  orphans_ = children_.list();
  std::erase_if(orphans_, [this](pid_t pid) { return roots_.contains(pid); });
}

void Orphans::root_started(pid_t pid) {
  roots_.insert(pid);
  ++trees_;
}

std::string tree_entry(std::uint64_t number) {
  const char* inherited = std::getenv(std::string(kTokenName).c_str());
  return fmt::format("{}={}{}{}-{}", kTokenName, inherited != nullptr ? inherited : "", inherited != nullptr ? ":" : "",
                     ::getpid(), number);
}

std::vector<std::string> tree_tokens(pid_t pid) {
  const auto tokens = started_with(pid, kTokenName);
  return tokens ? split(*tokens, ':') : std::vector<std::string>();
}

ProcessTree::ProcessTree(Orphans& orphans, SharedRoots* guarded, pid_t root, std::string entry)
    : orphans_(orphans), guarded_(guarded), root_(root), token_(entry.substr(entry.find_last_of("=:") + 1)) {
  orphans_.root_started(root);
  if (guarded_ != nullptr) slot_ = guarded_->add(root);
}

ProcessTree::~ProcessTree() {
  orphans_.tree_gone();
  if (slot_) guarded_->remove(*slot_);
  if (!reaped_) orphans_.root_reaped(root_);
}

bool ProcessTree::reap_root(ProcessExit& exit) {
  if (reaped_) return true;
  siginfo_t info{};
  const auto root = static_cast<id_t>(root_);
  const int result = uninterrupted([&] { return ::waitid(P_PID, root, &info, WEXITED | WNOHANG); });
  if (result == 0 && info.si_pid == 0) return false;
  reaped_ = true;
  orphans_.root_reaped(root_);
  if (result == 0) note_status(info, exit);
  return true;
}

bool ProcessTree::is_marked(const ProcFacts& facts) const {
  const std::vector<std::string> tokens = tree_tokens(facts.pid);
  // A process that cleaned its environment and made a session of its own can only come from a tree; which one is known
  // when there is no other.
  if (tokens.empty()) return facts.session != ::getsid(0) && orphans_.only_one_tree();
  return std::find(tokens.begin(), tokens.end(), token_) != tokens.end();
}

bool ProcessTree::owns(const ProcFacts& facts) {
  if (facts.group == root_ || seen_.contains(facts.pid)) return true;
  // A dead process has no environment any more. All that anybody started here has our session: nobody waits for this.
  if (facts.zombie) return facts.session != ::getsid(0);
  return is_marked(facts);
}

void ProcessTree::add_with_descendants(pid_t pid, std::set<pid_t>& members) {
  if (!members.insert(pid).second) return;
  for (const pid_t child : children_of(pid)) add_with_descendants(child, members);
}

std::vector<pid_t> ProcessTree::survivors() {
  std::set<pid_t> members;
  if (!reaped_) add_with_descendants(root_, members);
  for (const pid_t pid : orphans_.list()) {
    const auto facts = proc_facts(pid);
    if (!facts || !owns(*facts)) continue;
    if (facts->zombie)
      ::waitpid(pid, nullptr, WNOHANG);
    else
      add_with_descendants(pid, members);
  }
  seen_.insert(members.begin(), members.end());
  return {members.begin(), members.end()};
}

TreeUsage ProcessTree::usage() {
  orphans_.look();
  TreeUsage usage;
  for (const pid_t pid : survivors()) {
    const auto facts = proc_facts(pid);
    if (!facts) continue;
    ++usage.processes;
    usage.resident_bytes += facts->resident_bytes;
    usage.cpu += facts->cpu;
  }
  return usage;
}

void ProcessTree::signal(int signal) {
  orphans_.look();
  const std::vector<pid_t> members = survivors();
  if (!reaped_) ::killpg(root_, signal);
  for (const pid_t pid : members)
    if (reaped_ || ::getpgid(pid) != root_) ::kill(pid, signal);
}

void ProcessTree::kill_now() {
  ProcessExit unused;
  const auto deadline = std::chrono::steady_clock::now() + kKillPatience;
  const auto is_gone = [&] {
    if (!reap_root(unused)) return false;
    orphans_.look();
    return survivors().empty();
  };
  while (!is_gone() && std::chrono::steady_clock::now() < deadline) {
    signal(SIGKILL);
    std::this_thread::sleep_for(kKillPause);
  }
}

}  // namespace oe::sys
