#include "sys/spawn.hpp"

#include <csignal>
#include <fcntl.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "sys/os_error.hpp"

namespace oe::sys {
namespace {

constexpr int kFirstFreeFd = 4;

class SpawnActions {
 public:
  SpawnActions() { ::posix_spawn_file_actions_init(&actions_); }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;
  ~SpawnActions() { ::posix_spawn_file_actions_destroy(&actions_); }

  void move(int from, int to) { ::posix_spawn_file_actions_adddup2(&actions_, from, to); }
  void enter(const std::filesystem::path& directory) {
    if (!directory.empty()) ::posix_spawn_file_actions_addchdir_np(&actions_, directory.c_str());
  }
  void close_from(int first) { ::posix_spawn_file_actions_addclosefrom_np(&actions_, first); }
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_;
};

/// A process group of its own, nothing blocked, nothing ignored. No session of its own: the scheduler's autogroups make
/// those four times as slow on a busy machine.
class SpawnAttributes {
 public:
  SpawnAttributes() {
    ::posix_spawnattr_init(&attributes_);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    ::posix_spawnattr_setpgroup(&attributes_, 0);
    sigset_t signals;
    sigemptyset(&signals);
    ::posix_spawnattr_setsigmask(&attributes_, &signals);
    sigfillset(&signals);  // all: each that is left out costs the child a system call more, to see what it does
    ::posix_spawnattr_setsigdefault(&attributes_, &signals);
  }
  SpawnAttributes(const SpawnAttributes&) = delete;
  SpawnAttributes& operator=(const SpawnAttributes&) = delete;
  ~SpawnAttributes() { ::posix_spawnattr_destroy(&attributes_); }
  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_;
};

using Pointers = std::vector<char*>;

// posix_spawn takes char* for strings that it does not change.
char* mutable_text(const std::string& text) {
  return const_cast<char*>(text.c_str());
}

Pointers argument_pointers(const ProcessSpec& spec) {
  Pointers pointers;
  pointers.reserve(spec.argv.size() + 1);
  for (const std::string& argument : spec.argv) pointers.push_back(mutable_text(argument));
  pointers.push_back(nullptr);
  return pointers;
}

Pointers environment_pointers(const SpawnRequest& request) {
  const std::string_view name(request.tree_entry.data(), request.tree_entry.find('=') + 1);
  Pointers pointers{mutable_text(request.tree_entry)};
  const auto add = [&](char* entry) {
    if (!std::string_view(entry).starts_with(name)) pointers.push_back(entry);
  };
  if (request.spec.environment) {
    for (const std::string& entry : *request.spec.environment) add(mutable_text(entry));
  } else {
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) add(*entry);
  }
  pointers.push_back(nullptr);
  return pointers;
}

void connect(SpawnActions& actions, const SpawnRequest& request) {
  actions.move(request.in, STDIN_FILENO);
  actions.move(request.out, STDOUT_FILENO);
  actions.move(request.err, STDERR_FILENO);
  if (request.reply >= 0) actions.move(request.reply, 3);
  actions.close_from(request.reply >= 0 ? 4 : 3);
  actions.enter(request.spec.directory);
}

void lift_above_standard(UniqueFd& fd) {
  if (fd.get() < kFirstFreeFd) fd = UniqueFd(::fcntl(fd.get(), F_DUPFD_CLOEXEC, kFirstFreeFd));
}

}  // namespace

Result<Pipe> make_pipe() {
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0) return fail(os_error(errno, "make", "a pipe"));
  Pipe pipe{UniqueFd(ends[0]), UniqueFd(ends[1])};
  lift_above_standard(pipe.read_end);
  lift_above_standard(pipe.write_end);
  if (!pipe.read_end || !pipe.write_end) return fail(os_error(errno, "make", "a pipe"));
  return pipe;
}

Result<Spawned> spawn(const SpawnRequest& request) {
  static const SpawnAttributes attributes;
  SpawnActions actions;
  connect(actions, request);
  const Pointers arguments = argument_pointers(request.spec);
  const Pointers environment = environment_pointers(request);
  Spawned spawned;
  const int code = ::posix_spawn(&spawned.pid, request.program.c_str(), actions.get(), attributes.get(),
                                 arguments.data(), environment.data());
  if (code != 0) return fail(start_error(code, request.spec, request.program));
  spawned.pidfd.reset(static_cast<int>(::syscall(SYS_pidfd_open, spawned.pid, 0)));
  if (spawned.pidfd) return spawned;
  const int pidfd_code = errno;
  ::kill(-spawned.pid, SIGKILL);  // the whole group: it may have started something by now
  while (::waitpid(-spawned.pid, nullptr, 0) > 0) {
  }
  return fail(os_error(pidfd_code, "watch the process of", request.program));
}

}  // namespace oe::sys
