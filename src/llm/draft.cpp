#include "llm/draft.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "llm/plain_line.hpp"

namespace oe::llm {

namespace {

using Json = nlohmann::json;

constexpr std::size_t kShortestMisspelt = 4;  // shorter names have honest neighbours

/// One byte was changed or lost.
bool is_one_byte_off(std::string_view name, std::string_view key) {
  if (key.size() < kShortestMisspelt) return false;
  const auto same = static_cast<std::size_t>(std::ranges::mismatch(name, key).in2 - key.begin());
  if (same == key.size()) return false;
  const std::string_view rest = key.substr(same + 1);
  return name.substr(same) == rest || (same < name.size() && name.substr(same + 1) == rest);
}

std::string ending_error(Ending ending, std::string_view reason, const std::string& refusal) {
  switch (ending) {
    case Ending::answered:
      return {};
    case Ending::refused:
      return refusal.empty() ? fmt::format("the model would not answer ({})", plain_line(reason))
                             : fmt::format("the model would not answer: {}", plain_line(refusal));
    case Ending::truncated:
      return fmt::format("the answer was cut off ({}): give it more tokens with max_tokens, or ask for less",
                         plain_line(reason));
    default:
      return fmt::format("the answer ended with '{}', which is no end of an answer", plain_line(reason));
  }
}

}  // namespace

const Json* Draft::find(const Json& object, std::string_view key) {
  if (!object.is_object()) return nullptr;
  if (const auto member = object.find(key); member != object.end()) return member->is_null() ? nullptr : &*member;
  for (const auto& [name, value] : object.items())
    if (is_one_byte_off(name, key))
      fail(Ending::garbled, fmt::format("damaged on its way: '{}' came in place of '{}'", plain_line(name), key));
  return nullptr;
}

std::optional<std::string_view> Draft::text(const Json& object, std::string_view key) {
  const Json* member = find(object, key);
  if (member == nullptr) return std::nullopt;
  if (const auto* string = member->get_ptr<const std::string*>()) return *string;
  fail(Ending::garbled, fmt::format("'{}' is no text in what came", key));
  return std::nullopt;
}

const Json* Draft::must_find(const Json& object, std::string_view key) {
  const Json* member = find(object, key);
  if (member == nullptr) fail(Ending::garbled, fmt::format("what came lacks '{}'", key));
  return member;
}

std::optional<std::string_view> Draft::must_text(const Json& object, std::string_view key) {
  const auto member = text(object, key);
  if (!member) fail(Ending::garbled, fmt::format("what came lacks '{}'", key));
  return member;
}

std::optional<std::uint64_t> Draft::count(const Json& object, std::string_view key) {
  const Json* member = find(object, key);
  if (member == nullptr) return std::nullopt;
  if (member->is_number_unsigned()) return member->get<std::uint64_t>();
  if (!member->is_number_float()) return std::nullopt;
  const double number = member->get<double>();
  if (!(number >= 0 && number < 1e15) || number != std::floor(number)) return std::nullopt;
  return static_cast<std::uint64_t>(number);
}

void Draft::say(std::string_view text) {
  if (reply_.text.size() + text.size() > kMaxText)
    fail(Ending::garbled, fmt::format("the answer has more than {} MB", kMaxText >> 20));
  else
    reply_.text += text;
}

void Draft::refuse(std::string_view text) {
  if (refusal_.size() < kMaxLine) refusal_ += text;
}

void Draft::end(Ending ending, std::string_view reason) {
  if (!refusal_.empty() && ending == Ending::answered) ending = Ending::refused;
  if (ending == Ending::garbled) return fail(ending, ending_error(ending, reason, refusal_));
  if (is_failed_) return;
  ending_ = ending;
  reply_.error = ending_error(ending, reason, refusal_);
}

void Draft::fail(Ending ending, std::string error) {
  if (is_failed_) return;
  is_failed_ = true;
  ending_ = ending;
  reply_.error = std::move(error);
}

void Draft::set_model(std::optional<std::string_view> model) {
  if (model) reply_.model = plain_line(*model);
}

void Draft::set_id(std::optional<std::string_view> id) {
  if (id && reply_.request_id.empty()) reply_.request_id = plain_line(*id);
}

Reply Draft::take() {
  if (!is_failed_ && (!is_closed_ || !ending_))
    fail(Ending::garbled, fmt::format("the answer stopped in the middle, after {} bytes of text", reply_.text.size()));
  reply_.ending = *ending_;
  return std::move(reply_);
}

}  // namespace oe::llm
