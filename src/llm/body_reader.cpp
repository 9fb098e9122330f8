#include "llm/body_reader.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/base/text.hpp"

#include "llm/plain_line.hpp"
#include "llm/sse.hpp"

namespace oe::llm {

namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxBody = 2 * kMaxText;  // a text may need escapes
constexpr std::size_t kShown = 120;             // of a body that is not what it should be
constexpr std::size_t kMaxBlank = 4096;         // before the first byte of a body of no known type

enum class Carrier { events, lines, one, unknown, foreign };

std::string media_type(const http::Headers& head) {
  const auto header = http::find(head, "content-type");
  if (!header) return {};
  std::string type(trim(header->substr(0, header->find(';'))));
  std::ranges::transform(type, type.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return type;
}

Carrier carrier_of(std::string_view type) {
  if (type.empty()) return Carrier::unknown;
  if (type == "text/event-stream") return Carrier::events;
  if (type == "application/x-ndjson" || type == "application/ndjson" || type == "application/jsonl")
    return Carrier::lines;
  return type == "application/json" || type.ends_with("+json") ? Carrier::one : Carrier::foreign;
}

std::string_view without_thoughts(std::string_view text) {
  const std::string_view start = trim(text);
  constexpr std::string_view open = "<think>", close = "</think>";
  if (!start.starts_with(open)) return text;
  const std::size_t end = start.find(close);
  return end == std::string_view::npos ? text : trim(start.substr(end + close.size()));
}

class BodyReader : public ReplyReader {
 public:
  BodyReader(std::string type, std::unique_ptr<Dialect> dialect, bool takes_thoughts_off)
      : type_(std::move(type)),
        carrier_(carrier_of(type_)),
        dialect_(std::move(dialect)),
        takes_thoughts_off_(takes_thoughts_off),
        events_(kMaxEvent, [this](std::string_view name, std::string_view data) { take_event(name, data); }),
        lines_(kMaxEvent, [this](std::string_view line) { take_event({}, line); }) {}

  void feed(std::string_view bytes) override;
  std::size_t text_bytes() const override { return dialect_->draft.said().size(); }
  std::optional<std::uint64_t> output_tokens() const override {
    const auto& usage = dialect_->draft.usage();
    return usage ? std::optional(usage->output) : std::nullopt;
  }
  Reply finish() override;

 private:
  Draft& draft() { return dialect_->draft; }
  void keep(std::string_view bytes, std::size_t limit);
  void take_event(std::string_view name, std::string_view data);
  void check_oddities();
  void take_whole();
  void feed_unknown(std::string_view bytes);
  void fail(std::string error) { draft().fail(Ending::garbled, std::move(error)); }

  std::string type_;
  Carrier carrier_;
  std::unique_ptr<Dialect> dialect_;
  bool takes_thoughts_off_;
  SseReader events_;
  Lines lines_;
  std::string body_;  // of one JSON text, or the start of what is none
};

void BodyReader::feed(std::string_view bytes) {
  if (draft().is_failed() || draft().is_closed() || bytes.empty()) return;
  if (carrier_ == Carrier::unknown) return feed_unknown(bytes);
  switch (carrier_) {
    case Carrier::events:
      events_.feed(bytes);
      if (!draft().is_closed()) check_oddities();
      if (events_.is_too_long()) fail(fmt::format("one event has more than {} MB", kMaxEvent >> 20));
      return;
    case Carrier::lines:
      lines_.feed(bytes);
      if (lines_.is_too_long()) fail(fmt::format("one line has more than {} MB", kMaxEvent >> 20));
      return;
    case Carrier::one:
      if (body_.size() + bytes.size() > kMaxBody) fail(fmt::format("the answer has more than {} MB", kMaxBody >> 20));
      return keep(bytes, kMaxBody);
    default:
      return keep(bytes, kShown);
  }
}

void BodyReader::keep(std::string_view bytes, std::size_t limit) {
  body_ += bytes.substr(0, limit - std::min(limit, body_.size()));
}

/// Without a Content-Type: a JSON text begins with a bracket, an event stream never does.
void BodyReader::feed_unknown(std::string_view bytes) {
  body_ += bytes;
  const std::string_view start = trim(body_);
  if (start.empty() && body_.size() < kMaxBlank) return;
  carrier_ = start.starts_with('{') || start.starts_with('[') ? Carrier::one : Carrier::events;
  feed(std::exchange(body_, {}));
}

void BodyReader::take_event(std::string_view name, std::string_view data) {
  if (draft().is_closed()) return;
  check_oddities();
  if (draft().is_failed()) return;
  if (dialect_->word(data) || (carrier_ == Carrier::lines && trim(data).empty())) return;
  const auto value = Value::parse(data);
  if (value)
    dialect_->event(name, value->json());
  else
    fail(fmt::format("an event that is no JSON: '{}'", ellipsis(plain_line(data), kShown)));
}

void BodyReader::check_oddities() {
  if (!events_.odd().empty()) fail(fmt::format("no event stream of this API: '{}' in it", events_.odd()));
}

void BodyReader::take_whole() {
  const auto value = Value::parse(body_);
  if (!value)
    return fail(body_.empty() ? "the answer is empty"
                              : fmt::format("the answer is no whole JSON: '{}'", ellipsis(plain_line(body_), kShown)));
  dialect_->whole(value->json());
  draft().close();
}

Reply BodyReader::finish() {
  if (!draft().is_failed() && !draft().is_closed()) {
    if (carrier_ == Carrier::foreign)
      fail(fmt::format("the answer is {}, not JSON: '{}'", plain_line(type_), ellipsis(plain_line(body_), kShown)));
    if (carrier_ == Carrier::unknown) fail("the answer is empty");
    if (carrier_ == Carrier::one) take_whole();
    if (carrier_ == Carrier::lines) take_event({}, lines_.rest());
    dialect_->at_end();
  }
  Reply reply = draft().take();
  if (takes_thoughts_off_) reply.text = without_thoughts(reply.text);
  return reply;
}

}  // namespace

std::unique_ptr<ReplyReader> read_body(const http::Headers& head, std::unique_ptr<Dialect> dialect,
                                       bool takes_thoughts_off) {
  return std::make_unique<BodyReader>(media_type(head), std::move(dialect), takes_thoughts_off);
}

std::string id_in(const http::Headers& head, std::string_view name) {
  return plain_line(http::find(head, name).value_or(""));
}

}  // namespace oe::llm
