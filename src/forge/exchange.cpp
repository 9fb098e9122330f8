#include "forge/exchange.hpp"

#include <utility>

namespace oe::forge {

Result<std::unique_ptr<Exchange>> Exchange::open() {
  std::unique_ptr<Exchange> exchange(new Exchange);
  OE_TRY(exchange->client_, http::open_client(exchange->loop_));
  return exchange;
}

tl::expected<RawAnswer, http::Failure> Exchange::send(http::Request request) {
  RawAnswer answer;
  std::optional<http::Failure> failed;
  client_->start(std::move(request), {.on_head =
                                          [&](int status, const http::Headers& headers) {
                                            answer.status = status;
                                            answer.headers = headers;
                                          },
                                      .on_bytes = [&](std::string_view bytes) { answer.body += bytes; },
                                      .on_end =
                                          [&](std::optional<http::Failure> failure) {
                                            failed = std::move(failure);
                                            loop_.stop();
                                          }});
  loop_.run();
  if (failed) return tl::unexpected(std::move(*failed));
  return answer;
}

void Exchange::wait(std::chrono::milliseconds time) {
  loop_.after(time, [this] { loop_.stop(); });
  loop_.run();
}

}  // namespace oe::forge
