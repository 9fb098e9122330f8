#include "exec/limits.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <utility>

namespace oe::exec {

namespace {

constexpr std::chrono::milliseconds kLookEvery{50};
constexpr unsigned kMebibyte = 20;
/// bubblewrap itself and the first process of its process namespace.
constexpr std::size_t kOfTheSandbox = 2;

}  // namespace

bool is_limited(const graph::Sandbox& sandbox) {
  return sandbox.memory_mb || sandbox.processes || sandbox.cpu;
}

std::optional<std::string> breach_of(const graph::Sandbox& sandbox, const sys::TreeUsage& usage,
                                     std::chrono::milliseconds cpu_before) {
  const std::uint64_t memory = usage.resident_bytes >> kMebibyte;
  if (sandbox.memory_mb && memory > *sandbox.memory_mb)
    return fmt::format("used {} MiB of memory, over its limit memory_mb: {}, and was ended", memory,
                       *sandbox.memory_mb);
  const std::size_t processes = usage.processes - std::min(usage.processes, kOfTheSandbox);
  if (sandbox.processes && processes > *sandbox.processes)
    return fmt::format("ran {} processes at once, over its limit processes: {}, and was ended", processes,
                       *sandbox.processes);
  if (sandbox.cpu && usage.cpu - cpu_before > *sandbox.cpu)
    return fmt::format("used {} ms of CPU, over its limit of {} ms, and was ended", (usage.cpu - cpu_before).count(),
                       sandbox.cpu->count());
  return std::nullopt;
}

std::size_t output_limit(const graph::Sandbox* sandbox, std::size_t usual) {
  return sandbox != nullptr && sandbox->output_mb ? *sandbox->output_mb << kMebibyte : usual;
}

UsageWatch::UsageWatch(sys::EventLoop& loop, sys::Process& process, Look look)
    : loop_(loop), process_(process), look_(std::move(look)) {
  later();
}

// The next look is set up first: this one may destroy the watch.
void UsageWatch::later() {
  timer_ = loop_.after(kLookEvery, [this] {
    later();
    const auto look = look_;
    look(process_.usage());
  });
}

}  // namespace oe::exec
