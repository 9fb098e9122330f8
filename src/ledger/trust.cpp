#include "oe/ledger/trust.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <system_error>

#include "oe/base/time.hpp"
#include "oe/sys/clock.hpp"
#include "oe/sys/file.hpp"

#include "ledger/wait_for_lock.hpp"

namespace oe::ledger {
namespace fs = std::filesystem;
namespace {

constexpr std::ptrdiff_t kMostTrusted = 10'000;
constexpr std::size_t kMostTrustBytes = std::size_t{16} << 20;

/// Relative paths are not valid there (XDG Base Directory Specification).
fs::path absolute_in(const char* variable) {
  const char* const text = std::getenv(variable);
  const fs::path path(text == nullptr ? "" : text);
  return path.is_absolute() ? path : fs::path();
}

Result<std::string> lines_of(const fs::path& file) {
  std::error_code code;
  if (!fs::exists(file, code)) return std::string();
  return sys::read_file(file, kMostTrustBytes);
}

bool has_line_of(std::string_view lines, std::string_view digest) {
  const std::string start = fmt::format("{} ", digest);
  return lines.starts_with(start) || lines.find("\n" + start) != std::string_view::npos;
}

/// Without the oldest ones that are too many.
std::string_view newest_of(std::string_view lines) {
  for (auto count = std::ranges::count(lines, '\n'); count > kMostTrusted; --count)
    lines.remove_prefix(lines.find('\n') + 1);
  return lines;
}

}  // namespace

Result<TrustStore> TrustStore::open() {
  fs::path state = absolute_in("XDG_STATE_HOME");
  const fs::path home = absolute_in("HOME");
  if (state.empty() && !home.empty()) state = home / ".local" / "state";
  if (!state.empty()) return TrustStore(state / "openexpertise" / "trusted");
  return fail(ErrorKind::environment, "there is no place for what you trust: HOME is not set",
              "set HOME or XDG_STATE_HOME to a directory of yours");
}

Result<bool> TrustStore::trusts(std::string_view digest) const {
  if (digest.empty()) return false;
  OE_TRY(const std::string lines, lines_of(file_));
  return has_line_of(lines, digest);
}

Result<void> TrustStore::add(std::string_view digest, std::string_view how) {
  if (digest.empty() || digest.find_first_of(" \n") != std::string_view::npos)
    return fail(ErrorKind::bug, fmt::format("'{}' is no digest", digest));
  OE_TRY(const bool known, trusts(digest));
  if (known) return {};
  OE_CHECK(sys::make_directories(file_.parent_path()));
  OE_TRY(const auto lock, wait_for_lock(file_.string() + ".lock"));
  OE_TRY(std::string lines, lines_of(file_));
  if (!lines.empty() && !lines.ends_with('\n')) lines += '\n';
  lines += fmt::format("{} {} {}\n", digest, to_rfc3339(sys::system_clock().now()), how);
  return sys::write_file(file_, newest_of(lines));
}

}  // namespace oe::ledger
