#include <algorithm>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <sys/resource.h>

#include "sys/child.hpp"
#include "sys/os_error.hpp"
#include "sys/program_cache.hpp"
#include "sys/spawn.hpp"

namespace oe::sys {
namespace {

constexpr std::size_t kDescriptorsPerChild = 5;
constexpr std::size_t kOtherDescriptors = 100;
constexpr std::size_t kReadBuffer = std::size_t{64} << 10;

class ChildHandle final : public Process {
 public:
  explicit ChildHandle(std::shared_ptr<Child> child) : child_(std::move(child)), pid_(child_->pid()) {}
  ~ChildHandle() override { child_->abandon(); }
  ChildHandle(const ChildHandle&) = delete;
  ChildHandle& operator=(const ChildHandle&) = delete;

  int pid() const override { return pid_; }
  void write(std::string_view bytes) override { child_->write(bytes); }
  void close_input() override { child_->close_input(); }
  void kill_tree() override { child_->cancel(); }
  TreeUsage usage() override { return child_->usage(); }

 private:
  std::shared_ptr<Child> child_;
  pid_t pid_;
};

// Unique among the hosts of this process and among processes that had the same pid before.
std::uint64_t first_tree_number() {
  return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
}

/// Makes room for that many open files, as far as this user may. Not from the start: children take the limit over, and
/// for some a large one is slow or, with select(), wrong.
void allow_descriptors(rlim_t wanted) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted) return;
  const rlimit enough{wanted, std::max(limit.rlim_max, wanted)};
  if (::setrlimit(RLIMIT_NOFILE, &enough) == 0) return;  // only root gets past the hard limit
  limit.rlim_cur = std::min(limit.rlim_max, wanted);
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

struct ProcessHost::Impl {
  Impl(EventLoop& loop, Guarded is_guarded)
      : context{.loop = loop,
                .orphans = {},
                .guard = {},
                .no_input = UniqueFd(::open("/dev/null", O_RDONLY | O_CLOEXEC)),
                .read_buffer = std::vector<char>(kReadBuffer),
                .children = {},
                .settling = {}},
        guarded(is_guarded) {}

  void make_room_for_one_more() {
    const std::size_t needed = kOtherDescriptors + kDescriptorsPerChild * (context.children.size() + 1);
    if (needed <= room) return;
    room = 2 * needed;
    allow_descriptors(room);
  }

  Result<void> start_guard() {
    if (guarded == Guarded::no || context.guard) return {};
    OE_TRY(TreeGuard guard, TreeGuard::start());
    context.orphans.is_no_orphan(guard.pid());
    context.guard.emplace(std::move(guard));
    return {};
  }

  HostContext context;
  Guarded guarded;
  ProgramCache programs;
  std::size_t room = 0;  ///< what the limit on open files is known to allow
  std::uint64_t next_tree = first_tree_number();
};

ProcessHost::ProcessHost(EventLoop& loop, Guarded guarded) : impl_(std::make_unique<Impl>(loop, guarded)) {
  // Writing to a child that does not read must be an error code, not the end of this process.
  ::signal(SIGPIPE, SIG_IGN);
}

ProcessHost::~ProcessHost() {
  auto& children = impl_->context.children;
  while (!children.empty()) children.begin()->second->abandon();
}

Result<std::unique_ptr<Process>> ProcessHost::start(ProcessSpec spec, ProcessEvents events) {
  if (spec.argv.empty() || spec.argv.front().empty())
    return fail(ErrorKind::usage, "cannot start a process without a program", "name the program first");
  if (!impl_->context.no_input) return fail(os_error(EIO, "open", "/dev/null"));
  const auto program = impl_->programs.find(spec.argv.front());
  if (!program) return fail(start_error(ENOENT, spec, spec.argv.front()));
  OE_CHECK(impl_->start_guard());
  impl_->make_room_for_one_more();
  const auto child = std::make_shared<Child>(impl_->context, std::move(spec), std::move(events));
  OE_CHECK(child->start(*program, tree_entry(++impl_->next_tree)));
  impl_->context.children.emplace(child.get(), child);
  return std::make_unique<ChildHandle>(child);
}

Result<ProcessExit> run_process(ProcessSpec spec) {
  EventLoop loop;
  ProcessHost host(loop, Guarded::no);
  std::optional<ProcessExit> result;
  ProcessEvents events;
  events.on_exit = [&](ProcessExit exit) {
    result = std::move(exit);
    loop.stop();
  };
  OE_TRY(const auto process, host.start(std::move(spec), std::move(events)));
  loop.run();
  return std::move(*result);
}

}  // namespace oe::sys
