#include "llm/activities.hpp"

namespace oe::llm {

namespace {

constexpr std::chrono::milliseconds kPause{500};

}  // namespace

void Activities::say(std::string_view line) {
  last_ = clock_.monotonic();
  told_.push_back(redactor_.text(std::string(line)));
  if (progress_) progress_(told_.back());
}

void Activities::tick(const std::function<std::string()>& line) {
  if (last_ && clock_.monotonic() - *last_ < kPause) return;
  if (const std::string text = line(); !text.empty()) say(text);
}

}  // namespace oe::llm
