#include "ledger/journal.hpp"

#include <fmt/format.h>
#include <system_error>

#include "oe/sys/file.hpp"

namespace oe::ledger {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kMostBytes = std::size_t{4} << 30;

Error broken_line(const fs::path& path, std::uint32_t line, const Error& cause) {
  return Error(ErrorKind::input, "broken line in the record: " + cause.message(),
               cause.hint().empty() ? "the lines before it are good; restore the file or delete it" : cause.hint())
      .at({.file = path.string(), .line = line});
}

/// Calls `take` for each whole line; the last one may be no JSON.
Result<void> each_line(const fs::path& path, const std::function<Result<void>(std::string_view)>& take) {
  OE_TRY(const std::string bytes, sys::read_file(path, kMostBytes));
  std::string_view rest = bytes;
  for (std::uint32_t number = 1;; ++number) {
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos) return {};
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    const Result<void> taken = take(line);
    if (taken) continue;
    if (rest.empty() && !Value::parse(line, {.depth = SIZE_MAX, .bytes = SIZE_MAX})) return {};
    return fail(broken_line(path, number, taken.error()));
  }
}

Result<void> check_place(const Event& event, const RunId& run, std::uint64_t expected) {
  if (event.run != run) return fail(ErrorKind::input, fmt::format("it belongs to run {}", event.run.text));
  if (event.number == expected) return {};
  return fail(ErrorKind::input, fmt::format("event {} where event {} was expected", event.number, expected));
}

}  // namespace

Result<void> read_journal(const fs::path& path, const RunId& run, const std::function<void(const Event&)>& each) {
  std::uint64_t expected = 1;
  return each_line(path, [&](std::string_view line) -> Result<void> {
    OE_TRY(const Event event, parse_event(line));
    OE_CHECK(check_place(event, run, expected));
    ++expected;
    each(event);
    return {};
  });
}

Result<void> read_proposals(const fs::path& path, const std::function<void(ProposalEvent)>& each) {
  std::error_code code;
  if (!fs::exists(path, code)) return {};
  return each_line(path, [&](std::string_view line) -> Result<void> {
    OE_TRY(ProposalEvent event, parse_proposal_event(line));
    each(std::move(event));
    return {};
  });
}

Result<void> cut_torn_line(const fs::path& path) {
  std::error_code code;
  if (!fs::exists(path, code)) return {};
  OE_TRY(const std::string bytes, sys::read_file(path, kMostBytes));
  const std::size_t whole = bytes.rfind('\n') + 1;  // npos + 1 == 0
  if (whole == bytes.size()) return {};
  fs::resize_file(path, whole, code);
  if (!code) return {};
  return fail(ErrorKind::environment, fmt::format("cannot mend {}: {}", path.string(), code.message()));
}

}  // namespace oe::ledger
