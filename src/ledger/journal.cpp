#include "ledger/journal.hpp"

#include <fmt/format.h>
#include <fstream>
#include <system_error>

#include "oe/sys/file.hpp"

namespace oe::ledger {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kMostBytes = std::size_t{4} << 30;  // of proposals.jsonl

Error broken_line(const fs::path& path, std::uint32_t line, const Error& cause) {
  return Error(ErrorKind::input, "broken line in the record: " + cause.message(),
               cause.hint().empty() ? "the lines before it are good; restore the file or delete it" : cause.hint())
      .at({.file = path.string(), .line = line});
}

/// Calls `take` for each whole line; the last one may be no JSON. Gives the bytes of the lines that it took.
Result<std::uint64_t> each_line(const fs::path& path, const std::function<Result<void>(std::string_view)>& take) {
  std::ifstream in(path, std::ios::binary);
  std::string line;
  std::uint64_t bytes = 0;
  for (std::uint32_t number = 1; std::getline(in, line) && !in.eof(); ++number) {
    const Result<void> taken = take(line);
    const bool may_be_torn = !taken && in.peek() == std::ifstream::traits_type::eof();
    if (may_be_torn && !Value::parse(line, {.depth = SIZE_MAX, .bytes = SIZE_MAX})) return bytes;
    if (!taken) return fail(broken_line(path, number, taken.error()));
    bytes += line.size() + 1;
  }
  if (in.eof() && !in.bad()) return bytes;
  return fail(ErrorKind::environment, fmt::format("cannot read {}", path.string()), "check it with: ls -l");
}

Result<void> check_place(const Event& event, const RunId& run, std::uint64_t expected) {
  if (event.run != run) return fail(ErrorKind::input, fmt::format("it belongs to run {}", event.run.text));
  if (event.number == expected) return {};
  return fail(ErrorKind::input, fmt::format("event {} where event {} was expected", event.number, expected));
}

}  // namespace

Result<std::uint64_t> read_journal(const fs::path& path, const RunId& run, const std::function<void(const Event&)>& each) {
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
  OE_CHECK(each_line(path, [&](std::string_view line) -> Result<void> {
    OE_TRY(ProposalEvent event, parse_proposal_event(line));
    each(std::move(event));
    return {};
  }));
  return {};
}

Result<void> cut_behind(const fs::path& path, std::uint64_t bytes) {
  std::error_code code;
  if (fs::file_size(path, code) == bytes && !code) return {};
  fs::resize_file(path, bytes, code);
  if (!code) return {};
  return fail(ErrorKind::environment, fmt::format("cannot mend {}: {}", path.string(), code.message()));
}

Result<bool> cut_torn_line(const fs::path& path) {
  OE_TRY(const std::string bytes, sys::read_file(path, kMostBytes));
  const std::size_t whole = bytes.rfind('\n') + 1;  // npos + 1 == 0
  OE_CHECK(cut_behind(path, whole));
  return whole != bytes.size();
}

}  // namespace oe::ledger
