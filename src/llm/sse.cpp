#include "llm/sse.hpp"

#include "llm/plain_line.hpp"

namespace oe::llm {

SseReader::SseReader(std::size_t limit, std::function<void(std::string_view, std::string_view)> take)
    : limit_(limit), take_(std::move(take)), lines_(limit, [this](std::string_view line) { take_line(line); }) {}

void SseReader::take_line(std::string_view line) {
  if (is_too_long_) return;
  if (is_first_line_ && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
  is_first_line_ = false;
  if (line.empty()) return dispatch();
  if (line.front() == ':') return;
  const std::size_t colon = line.find(':');
  std::string_view value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  take_field(line.substr(0, colon), value);
}

void SseReader::take_field(std::string_view name, std::string_view value) {
  if (name == "event") {
    event_ = value;
  } else if (name == "data") {
    is_too_long_ = data_.size() + value.size() > limit_;
    if (is_too_long_) return;
    data_.append(value).append("\n");
  } else if (name != "id" && name != "retry") {
    note_odd(name);
  }
}

void SseReader::dispatch() {
  if (!data_.empty()) {
    data_.pop_back();
    take_(event_, data_);
  } else if (!event_.empty()) {
    note_odd(event_);
  }
  data_.clear();
  event_.clear();
}

void SseReader::note_odd(std::string_view line) {
  if (odd_.empty()) odd_ = line.empty() ? "a line without a name" : plain_line(line);
}

}  // namespace oe::llm
