#include "llm/delivery.hpp"

#include <fmt/format.h>
#include <utility>

#include "oe/http/retry.hpp"

#include "llm/figures.hpp"
#include "llm/http_try.hpp"
#include "llm/program_try.hpp"

namespace oe::llm {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLongestWait{60'000};
constexpr std::uint32_t kRetries = 2;

/// Nothing could be sent: the request makes no sense for this API, or the machine lacks what it takes to send it.
Heard not_sent(const Route& route, const Error& error) {
  Heard heard;
  heard.reply.ending = error.kind() == ErrorKind::input ? Ending::misconfigured : Ending::unavailable;
  heard.reply.error =
      fmt::format("{}: {}{}", route.model.provider, error.message(), error.hint().empty() ? "" : "; " + error.hint());
  return heard;
}

std::string so_far_line(std::size_t bytes, std::optional<std::uint64_t> tokens) {
  if (bytes == 0) return {};
  return tokens ? fmt::format("{}, {} tokens", human_bytes(bytes), grouped(*tokens)) : human_bytes(bytes);
}

}  // namespace

Delivery::Delivery(Switchboard& board, const Route& route, Ask ask, Activities& activities, Done done)
    : board_(board),
      route_(route),
      ask_(std::move(ask)),
      activities_(activities),
      done_(std::move(done)),
      limiter_(board.limiter(route)) {}

Delivery::~Delivery() {
  if (timer_) board_.loop().cancel(*timer_);
  if (place_) limiter_.leave(*place_);
}

void Delivery::start() {
  if (const milliseconds held = limiter_.held(); held > milliseconds(0))
    activities_.say(fmt::format("waiting {} for the rate limit of {}", human_wait(held), route_.model.provider));
  enter();
}

void Delivery::enter() {
  place_ = limiter_.enter(
      {.lane = route_.model.name, .most = route_.model.concurrency, .go = [this] { send(); }, .place = place_});
}

void Delivery::send() {
  ++tries_;
  auto begun = begin();
  if (begun)
    try_ = std::move(*begun);
  else
    end(not_sent(route_, begun.error()));
}

Result<std::unique_ptr<Try>> Delivery::begin() {
  if (route_.way != Way::wire) return run_program(board_.processes(), board_.directory(), route_, ask_, events());
  OE_TRY(http::Client * client, board_.http());
  OE_TRY(http::Request request, route_.wire->request(ask_, route_.endpoint));
  if (route_.model.timeout) request.timeout = *route_.model.timeout;
  return llm::send(*client, board_.clock(), route_, ask_, std::move(request), events());
}

TryEvents Delivery::events() {
  return {.on_text =
              [this](std::size_t bytes, std::optional<std::uint64_t> tokens) {
                activities_.tick([&] { return so_far_line(bytes, tokens); });
              },
          .on_line = [this](std::string_view line) { activities_.tick([&] { return std::string(line); }); },
          .on_limits = [this](const Limits& limits) { limiter_.take(limits); },
          .on_end = [this](Heard heard) { take(std::move(heard)); }};
}

void Delivery::take(Heard heard) {
  try_.reset();
  limiter_.leave(*place_);
  if (!heard.may_try_again) return end(std::move(heard));
  const milliseconds own = http::backoff(tries_, board_.draw());
  const milliseconds duration = heard.asked_wait.value_or(own);
  if (heard.is_throttled) limiter_.hold(std::min(duration, kLongestWait));
  if (duration > kLongestWait) {
    heard.reply.error += fmt::format("; it asks to wait {}, which is too long", human_wait(duration));
    return end(std::move(heard));
  }
  if (tries_ <= route_.model.retries.value_or(kRetries)) return wait(heard, duration);
  if (tries_ > 1) heard.reply.error += fmt::format(" (tried {} times)", tries_);
  end(std::move(heard));
}

void Delivery::wait(const Heard& heard, milliseconds duration) {
  activities_.say(fmt::format("trying again in {}: {}", human_wait(duration), heard.reply.error));
  timer_ = board_.loop().after(duration, [this] {
    timer_.reset();
    enter();
  });
}

void Delivery::end(Heard heard) {
  const Done done = std::move(done_);
  done(std::move(heard));
}

}  // namespace oe::llm
