#include "exec/print_log.hpp"

#include <fmt/core.h>

#include "oe/base/text.hpp"

namespace oe::exec {

namespace {

constexpr std::size_t kKeptBytes = 4096;
constexpr std::size_t kMaxActivities = 1000;
constexpr std::size_t kMaxActivityBytes = 2000;
constexpr std::size_t kMaxMessageBytes = 300;

}  // namespace

std::string printed_end(std::string_view text) {
  if (text.size() > kKeptBytes) text.remove_prefix(text.size() - kKeptBytes);
  const auto is_continuation = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; };
  for (int i = 0; i < 3 && !text.empty() && is_continuation(text.front()); ++i) text.remove_prefix(1);
  return std::string(text);
}

std::string last_line(std::string_view text) {
  const std::string_view content = trim(text);
  return ellipsis(trim(content.substr(content.rfind('\n') + 1)), kMaxMessageBytes);  // npos + 1 == 0
}

void PrintLog::add(std::string_view line) {
  bytes_ += line.size() + 1;
  end_.append(line).push_back('\n');
  if (end_.size() > 4 * kKeptBytes) end_ = printed_end(end_);
  if (!activity_ || ++lines_ > kMaxActivities + 1) return;
  if (lines_ <= kMaxActivities) return activity_(ellipsis(line, kMaxActivityBytes));
  activity_(fmt::format("(it prints more than {} lines; the rest is left out)", kMaxActivities));
}

}  // namespace oe::exec
