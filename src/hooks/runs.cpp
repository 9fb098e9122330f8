#include <algorithm>
#include <fcntl.h>
#include <functional>
#include <unistd.h>

#include "oe/hooks/valid.hpp"

namespace oe::hooks {
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostJournals = 200;
constexpr std::size_t kPiece = 16384;

/// At most 16 KiB of a file, from its begin or up to its end.
std::string piece_of(const fs::path& file, bool is_end) {
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return "";
  std::string bytes(kPiece, '\0');
  const off_t size = ::lseek(fd, 0, SEEK_END);
  const off_t begin = is_end ? std::max<off_t>(0, size - static_cast<off_t>(kPiece)) : 0;
  const ssize_t got = ::pread(fd, bytes.data(), bytes.size(), begin);
  ::close(fd);
  bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return bytes;
}

std::string first_line(const fs::path& journal) {
  const std::string text = piece_of(journal, false);
  return text.substr(0, text.find('\n'));
}

/// The last line, when it is the end of the run.
std::string end_of(const fs::path& journal) {
  std::string text = piece_of(journal, true);
  if (!text.ends_with('\n')) return "";
  text.pop_back();
  const std::string line = text.substr(text.rfind('\n') + 1);  // npos + 1 == 0
  return line.find(R"("type":"run.finished")") == std::string::npos ? "" : line;
}

/// Run ids sort by time.
std::vector<fs::path> newest_journals(const fs::path& ledger) {
  std::vector<fs::path> journals;
  std::error_code error;
  for (fs::directory_iterator it(ledger / "runs", error), end; !error && it != end; it.increment(error))
    if (it->path().extension() == ".jsonl") journals.push_back(it->path());
  std::ranges::sort(journals, std::greater());
  if (journals.size() > kMostJournals) journals.resize(kMostJournals);
  return journals;
}

}  // namespace

std::optional<std::string> run_of(const fs::path& ledger, const std::string& content) {
  std::optional<std::string> newest;
  for (const fs::path& journal : newest_journals(ledger)) {
    if (first_line(journal).find(R"("content":")" + content + '"') == std::string::npos) continue;
    const std::string end = end_of(journal);
    if (end.find(R"("status":"success")") != std::string::npos) return journal.stem().string();
    if (!end.empty() && !newest) newest = journal.stem().string();
  }
  return newest;
}

bool has_run_of(const fs::path& ledger, const std::string& workflow_digest) {
  const std::string part = R"("workflow_digest":")" + workflow_digest + '"';
  return std::ranges::any_of(newest_journals(ledger), [&](const fs::path& journal) {
    return first_line(journal).find(part) != std::string::npos;
  });
}

}  // namespace oe::hooks
