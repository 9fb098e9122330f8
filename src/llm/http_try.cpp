#include "llm/http_try.hpp"

#include <utility>

#include "llm/judge.hpp"

namespace oe::llm {

namespace {

constexpr std::size_t kMostError = std::size_t{64} << 10;  // of the body of an error

class HttpTry final : public Try {
 public:
  HttpTry(http::Client& client, const sys::Clock& clock, const Route& route, const Ask& ask, TryEvents events)
      : client_(client), clock_(clock), route_(route), ask_(ask), events_(std::move(events)) {}
  ~HttpTry() override {
    if (transfer_ != 0) client_.cancel(transfer_);
  }

  void begin(http::Request request) {
    transfer_ = client_.start(std::move(request),
                              {.on_head = [this](int status, const http::Headers& head) { take_head(status, head); },
                               .on_bytes = [this](std::string_view bytes) { take_bytes(bytes); },
                               .on_end = [this](const std::optional<http::Failure>& failure) { take_end(failure); }});
  }

  Heard so_far() override {
    Reply reply = reader_ ? reader_->finish() : Reply{};
    return {.reply = reply, .status = status(), .is_paid = reader_ != nullptr};
  }

 private:
  std::optional<int> status() const { return status_ == 0 ? std::nullopt : std::optional(status_); }

  void take_head(int status, const http::Headers& head) {
    status_ = status;
    head_ = head;
    if (status >= 200 && status < 300) reader_ = route_.wire->reader(ask_, head);
    events_.on_limits(route_.wire->limits(head, clock_.now()));
  }

  void take_bytes(std::string_view bytes) {
    if (!reader_) {
      error_body_ += bytes.substr(0, kMostError - error_body_.size());
      return;
    }
    reader_->feed(bytes);
    events_.on_text(reader_->text_bytes(), reader_->output_tokens());
  }

  void take_end(const std::optional<http::Failure>& failure) {
    transfer_ = 0;
    const auto done = std::move(events_.on_end);
    done(judged(failure));
  }

  Heard judged(const std::optional<http::Failure>& failure) {
    if (failure) {
      Heard heard = judge_failure(route_, *failure, reader_ ? reader_->finish() : Reply{});
      heard.status = status();
      return heard;
    }
    if (reader_) return judge_reply(route_, status_, reader_->finish());
    return judge_status(route_, status_, head_, error_body_, clock_.now());
  }

  http::Client& client_;
  const sys::Clock& clock_;
  const Route& route_;
  Ask ask_;
  TryEvents events_;
  std::uint64_t transfer_ = 0;
  int status_ = 0;
  http::Headers head_;
  std::string error_body_;
  std::unique_ptr<ReplyReader> reader_;
};

}  // namespace

std::unique_ptr<Try> send(http::Client& client, const sys::Clock& clock, const Route& route, const Ask& ask,
                          http::Request request, TryEvents events) {
  auto sent = std::make_unique<HttpTry>(client, clock, route, ask, std::move(events));
  sent->begin(std::move(request));
  return sent;
}

}  // namespace oe::llm
