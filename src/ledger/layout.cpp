#include "ledger/layout.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <system_error>

#include "oe/sys/file.hpp"

namespace oe::ledger {
namespace fs = std::filesystem;
namespace {

/// Ignores everything here, itself too, but what is meant to be committed.
constexpr std::string_view kGitIgnore = "/*\n!/config.yaml\n!/policy.yaml\n";

Error cannot_keep_record(const Layout& layout, const Error& cause) {
  return Error(cause.kind(), cause.message(),
               fmt::format("oe keeps its record in {}: make it a directory that you may write to{}{}",
                           layout.directory.string(), cause.hint().empty() ? "" : "; ", cause.hint()));
}

Result<void> make_directories_and_ignore(const Layout& layout) {
  for (const char* const part : {"runs", "sources", "evolution"})
    OE_CHECK(sys::make_directories(layout.directory / part));
  std::error_code ignored;
  if (fs::exists(layout.directory / ".gitignore", ignored)) return {};
  return sys::write_file(layout.directory / ".gitignore", kGitIgnore);
}

}  // namespace

bool is_run_id(std::string_view text) {
  const auto fits = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'); };
  return text.size() > 2 && text.starts_with("r-") && std::ranges::all_of(text.substr(2), fits);
}

Result<fs::path> existing_journal(const Layout& layout, const RunId& run) {
  std::error_code code;
  if (is_run_id(run.text) && fs::exists(layout.journal(run), code)) return layout.journal(run);
  return fail(ErrorKind::input, fmt::format("there is no run '{}'", run.text), "list the runs with: oe runs");
}

Result<void> make_layout(const Layout& layout) {
  const Result<void> made = make_directories_and_ignore(layout);
  if (!made) return fail(cannot_keep_record(layout, made.error()));
  return {};
}

Result<std::vector<JournalFile>> list_journals(const Layout& layout) {
  std::vector<JournalFile> journals;
  std::error_code code;
  for (fs::directory_iterator entry(layout.runs(), code), end; !code && entry != end; entry.increment(code)) {
    const std::string stem = entry->path().stem().string();
    if (entry->path().extension() != ".jsonl" || !is_run_id(stem)) continue;
    std::error_code gone;
    const std::uint64_t bytes = entry->file_size(gone);
    if (!gone && bytes > 0) journals.push_back({{stem}, bytes});
  }
  if (code) {
    return fail(ErrorKind::environment, fmt::format("cannot list {}: {}", layout.runs().string(), code.message()),
                "check its permissions with: ls -ld");
  }
  std::ranges::sort(journals, {}, &JournalFile::run);
  return journals;
}

}  // namespace oe::ledger
