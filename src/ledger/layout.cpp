#include "ledger/layout.hpp"

#include <algorithm>
#include <cerrno>
#include <dirent.h>
#include <fmt/format.h>
#include <memory>
#include <sys/stat.h>
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

fs::path directory_of(const fs::path& root) {
  return root / ".openexpertise";
}

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

// By hand: every command looks at all the files of a large ledger, and each by its full path takes longer.
Result<std::vector<JournalFile>> list_journals(const Layout& layout) {
  constexpr std::string_view kSuffix = ".jsonl";
  std::vector<JournalFile> journals;
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir(layout.runs().c_str()), ::closedir);
  if (!directory) {
    return fail(ErrorKind::environment,
                fmt::format("cannot list {}: {}", layout.runs().string(), std::generic_category().message(errno)),
                "check its permissions with: ls -ld");
  }
  while (const dirent* const entry = ::readdir(directory.get())) {
    std::string_view name = entry->d_name;
    if (!name.ends_with(kSuffix)) continue;
    name.remove_suffix(kSuffix.size());
    struct stat facts {};
    if (!is_run_id(name) || ::fstatat(::dirfd(directory.get()), entry->d_name, &facts, 0) != 0) continue;
    if (facts.st_size > 0) journals.push_back({{std::string(name)}, static_cast<std::uint64_t>(facts.st_size)});
  }
  std::ranges::sort(journals, {}, &JournalFile::run);
  return journals;
}

}  // namespace oe::ledger
