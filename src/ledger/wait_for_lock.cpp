#include "ledger/wait_for_lock.hpp"

#include <chrono>
#include <fmt/format.h>
#include <thread>

namespace oe::ledger {
namespace {

constexpr std::chrono::milliseconds kPause{5};
constexpr std::chrono::milliseconds kPatience{5000};

}  // namespace

Result<sys::FileLock> wait_for_lock(const std::filesystem::path& path) {
  for (auto waited = kPause;; waited += kPause) {
    OE_TRY(auto lock, sys::FileLock::try_acquire(path));
    if (lock) return std::move(*lock);
    if (waited > kPatience) break;
    std::this_thread::sleep_for(kPause);
  }
  return fail(ErrorKind::environment, fmt::format("another oe holds {}", path.string()), "try again when it is done");
}

}  // namespace oe::ledger
