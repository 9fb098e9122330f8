#include "sys/proc_table.hpp"

#include <algorithm>
#include <charconv>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>

namespace oe::sys {
namespace fs = std::filesystem;
namespace {

std::optional<std::string> read_proc(const std::string& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return std::nullopt;
  std::string text;
  char chunk[4096];
  ssize_t got = 0;
  while ((got = uninterrupted([&] { return ::read(fd.get(), chunk, sizeof chunk); })) > 0)
    text.append(chunk, static_cast<std::size_t>(got));
  if (got < 0) return std::nullopt;
  return text;
}

template <class Number>
void append_numbers(std::string_view text, std::vector<Number>& numbers) {
  const char* const end = text.data() + text.size();
  for (const char* at = text.data(); at < end; ++at) {
    Number number = 0;
    const auto parsed = std::from_chars(at, end, number);
    if (parsed.ec == std::errc()) numbers.push_back(number);
    at = std::max(at, parsed.ptr);
  }
}

std::vector<pid_t> numbered_entries(const std::string& directory) {
  std::vector<pid_t> numbers;
  std::error_code code;
  fs::directory_iterator entry(directory, code);
  for (; !code && entry != fs::directory_iterator(); entry.increment(code))
    append_numbers(entry->path().filename().string(), numbers);
  return numbers;
}

// For kernels without CONFIG_PROC_CHILDREN.
std::vector<pid_t> children_by_scan(pid_t parent) {
  std::vector<pid_t> children;
  for (const pid_t pid : all_processes())
    if (const auto facts = proc_facts(pid); facts && facts->parent == parent) children.push_back(pid);
  return children;
}

std::chrono::milliseconds of_ticks(std::int64_t ticks) {
  static const long per_second = ::sysconf(_SC_CLK_TCK);
  return std::chrono::milliseconds(ticks * 1000 / per_second);
}

std::uint64_t page_bytes() {
  static const long bytes = ::sysconf(_SC_PAGESIZE);
  return static_cast<std::uint64_t>(bytes);
}

std::string children_file(pid_t pid, pid_t thread) {
  return fmt::format("/proc/{}/task/{}/children", pid, thread);
}

}  // namespace

std::optional<ProcFacts> proc_facts(pid_t pid) {
  const auto text = read_proc(fmt::format("/proc/{}/stat", pid));
  if (!text) return std::nullopt;
  // The name, in parentheses, may hold anything: "7 (a) b) S 1 7 7 ...".
  const std::size_t name_end = text->rfind(')');
  const std::size_t name_begin = text->find('(') + 1;
  if (name_end == std::string::npos || name_end + 3 >= text->size()) return std::nullopt;
  std::vector<std::int64_t> numbers;  // from the fourth field on, see proc(5)
  append_numbers(std::string_view(*text).substr(name_end + 4), numbers);
  if (numbers.size() < 21) return std::nullopt;
  const char state = (*text)[name_end + 2];
  return ProcFacts{.pid = pid,
                   .parent = static_cast<pid_t>(numbers[0]),
                   .group = static_cast<pid_t>(numbers[1]),
                   .session = static_cast<pid_t>(numbers[2]),
                   .zombie = state == 'Z' || state == 'X',
                   .name = text->substr(name_begin, name_end - name_begin),
                   .started = static_cast<std::uint64_t>(numbers[18]),
                   .cpu = of_ticks(numbers[10] + numbers[11] + numbers[12] + numbers[13]),
                   .resident_bytes = static_cast<std::uint64_t>(numbers[20]) * page_bytes()};
}

std::vector<pid_t> all_processes() {
  return numbered_entries("/proc");
}

std::vector<pid_t> children_of(pid_t pid) {
  std::vector<pid_t> children;
  bool listed = false;
  for (const pid_t thread : numbered_entries(fmt::format("/proc/{}/task", pid))) {
    const auto text = read_proc(children_file(pid, thread));
    listed = listed || text;
    if (text) append_numbers(*text, children);
  }
  static const bool kernel_lists = ::access(children_file(::getpid(), ::getpid()).c_str(), R_OK) == 0;
  return listed || kernel_lists ? children : children_by_scan(pid);
}

std::optional<std::string> started_with(pid_t pid, std::string_view name) {
  const auto text = read_proc(fmt::format("/proc/{}/environ", pid));
  if (!text) return std::nullopt;
  const std::string key = std::string(name) + "=";
  for (std::size_t at = 0; at < text->size();) {
    const std::size_t end = std::min(text->find('\0', at), text->size());
    if (text->compare(at, key.size(), key) == 0) return text->substr(at + key.size(), end - at - key.size());
    at = end + 1;
  }
  return std::nullopt;
}

OwnChildren::OwnChildren()
    : file_(::open(children_file(::getpid(), ::getpid()).c_str(), O_RDONLY | O_CLOEXEC)), buffer_(4096, '\0') {}

std::vector<pid_t> OwnChildren::list() {
  if (!file_) return children_by_scan(::getpid());
  std::vector<pid_t> children;
  std::size_t size = 0;
  while (true) {
    if (size == buffer_.size()) buffer_.resize(2 * size);
    const ssize_t got = uninterrupted(
        [&] { return ::pread(file_.get(), buffer_.data() + size, buffer_.size() - size, static_cast<off_t>(size)); });
    if (got <= 0) break;
    size += static_cast<std::size_t>(got);
  }
  append_numbers(std::string_view(buffer_.data(), size), children);
  return children;
}

}  // namespace oe::sys
