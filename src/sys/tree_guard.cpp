#include "sys/tree_guard.hpp"

#include <atomic>
#include <csignal>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "sys/os_error.hpp"
#include "sys/spawn.hpp"

namespace oe::sys {
namespace {

/// No signal handler of ours may run in the guard: it shares nothing any more with what the handlers speak to.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    ::sigprocmask(SIG_SETMASK, &all, &before_);
  }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;
  ~SignalsBlocked() { ::sigprocmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

/// The name of this process as long as this lives: a child that is forked meanwhile has it from its first moment.
class Renamed {
 public:
  explicit Renamed(const char* name) {
    ::prctl(PR_GET_NAME, before_);
    ::prctl(PR_SET_NAME, name);
  }
  Renamed(const Renamed&) = delete;
  Renamed& operator=(const Renamed&) = delete;
  ~Renamed() { ::prctl(PR_SET_NAME, before_); }

 private:
  char before_[16] = {};
};

}  // namespace

struct SharedRoots::Memory {
  std::atomic<bool> goodbye;
  std::atomic<std::uint32_t> used;   ///< slots below this one may be taken
  std::atomic<pid_t> roots[kSlots];  ///< 0: free
};

Result<SharedRoots> SharedRoots::make() {
  void* const memory = ::mmap(nullptr, sizeof(Memory), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return fail(os_error(errno, "make", "memory that is shared with a guard process"));
  return SharedRoots(new (memory) Memory);  // all zero, as the system gives it
}

SharedRoots::~SharedRoots() {
  if (memory_ != nullptr) ::munmap(memory_, sizeof(Memory));
}

std::optional<std::uint32_t> SharedRoots::add(pid_t root) {
  const std::uint32_t used = memory_->used.load(std::memory_order_relaxed);
  if (free_.empty() && used == kSlots) return std::nullopt;
  const std::uint32_t slot = free_.empty() ? used : free_.back();
  memory_->roots[slot].store(root, std::memory_order_relaxed);
  if (free_.empty())
    memory_->used.store(used + 1, std::memory_order_release);
  else
    free_.pop_back();
  return slot;
}

void SharedRoots::remove(std::uint32_t slot) {
  memory_->roots[slot].store(0, std::memory_order_relaxed);
  free_.push_back(slot);
}

std::vector<pid_t> SharedRoots::list() const {
  std::vector<pid_t> roots;
  for (std::uint32_t slot = 0; slot < memory_->used.load(std::memory_order_acquire); ++slot)
    if (const pid_t root = memory_->roots[slot].load(std::memory_order_relaxed); root != 0) roots.push_back(root);
  return roots;
}

void SharedRoots::say_goodbye() {
  memory_->goodbye.store(true);
}

bool SharedRoots::said_goodbye() const {
  return memory_->goodbye.load();
}

TreeGuard::TreeGuard(SharedRoots roots, UniqueFd alive, pid_t pid)
    : roots_(std::move(roots)), alive_(std::move(alive)), pid_(pid) {}

TreeGuard::TreeGuard(TreeGuard&& other) noexcept
    : roots_(std::move(other.roots_)), alive_(std::move(other.alive_)), pid_(std::exchange(other.pid_, -1)) {}

TreeGuard::~TreeGuard() {
  if (pid_ < 0) return;
  roots_.say_goodbye();
  alive_.reset();
  uninterrupted([this] { return ::waitpid(pid_, nullptr, 0); });
}

// fork, because what follows must not depend on a file that may be replaced meanwhile; the first tree of a host comes
// when this process is small. The child uses malloc, which glibc leaves whole in it also when there are other threads.
Result<TreeGuard> TreeGuard::start() {
  OE_TRY(SharedRoots roots, SharedRoots::make());
  OE_TRY(Pipe alive, make_pipe());
  const pid_t ward = ::getpid();
  const SignalsBlocked blocked;
  const Renamed as_guard(kGuardName);
  const pid_t pid = ::fork();
  if (pid < 0) return fail(os_error(errno, "start", "the guard of the processes"));
  if (pid == 0) guard_trees(roots, std::move(alive.read_end), ward);
  return TreeGuard(std::move(roots), std::move(alive.write_end), pid);
}

}  // namespace oe::sys
