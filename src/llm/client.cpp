#include "oe/llm/client.hpp"

#include <fmt/format.h>
#include <map>
#include <utility>

#include "llm/activities.hpp"
#include "llm/figures.hpp"
#include "llm/money.hpp"
#include "llm/replay.hpp"
#include "llm/switchboard.hpp"
#include "llm/talk.hpp"

namespace oe::llm {

namespace {

Answer misconfigured(const Error& error) {
  return {.ending = Ending::misconfigured,
          .error = error.hint().empty() ? error.message() : error.message() + "; " + error.hint()};
}

bool is_recorded(Ending ending) {
  return ending != Ending::cancelled && ending != Ending::misconfigured && ending != Ending::not_recorded;
}

/// An ask on its way.
struct Running {
  Ask ask;
  std::string place;
  Done done;
  Activities activities;
  Value request{};  ///< canonical
  std::unique_ptr<Talk> talk{};
  std::optional<sys::TimerId> deadline{};
};

class LiveClient final : public Client, public std::enable_shared_from_this<LiveClient> {
 public:
  explicit LiveClient(ClientOptions options)
      : board_(options), recorder_(std::move(options.recorder)), replay_(std::move(options.replay)) {}
  ~LiveClient() override {
    for (auto& [number, running] : running_) forget_deadline(*running);
  }

  std::uint64_t ask(const Ask& ask, const std::string& place, Progress progress, Done done) override {
    const std::uint64_t number = ++last_;
    running_[number] = std::make_unique<Running>(
        Running{ask, place, std::move(done), Activities(board_.clock(), board_.redactor(), std::move(progress))});
    later([this, number] { begin(number); });
    return number;
  }

  void cancel(std::uint64_t call) override { end_from_outside(call, Ending::cancelled, "cancelled"); }

  Result<Bound> bound(const Ask& ask) const override {
    OE_TRY(std::vector<Route> routes, board_.catalog().routes(ask));
    const std::optional<Error> unusable = routes.front().unusable;
    std::erase_if(routes, [](const Route& route) { return route.unusable.has_value(); });
    if (routes.empty()) return fail(*unusable);
    Bound most = bound_of(ask, routes.front());
    for (const Route& route : routes) {
      const Bound other = bound_of(ask, route);
      most.tokens = most.tokens && other.tokens ? std::max(most.tokens, other.tokens) : std::nullopt;
      most.usd = most.usd && other.usd ? std::max(most.usd, other.usd) : std::nullopt;
    }
    return most;
  }

  std::vector<std::string> keys() const override { return board_.keys(); }

 private:
  /// Runs a task from the loop unless the client is gone by then.
  void later(std::function<void()> task) {
    board_.loop().post([weak = weak_from_this(), task = std::move(task)] {
      if (const auto self = weak.lock()) task();
    });
  }

  void begin(std::uint64_t number) {
    const auto found = running_.find(number);
    if (found == running_.end()) return;
    Running& running = *found->second;
    auto routes = board_.catalog().routes(running.ask);
    if (!routes) return finish(number, misconfigured(routes.error()));
    if (replay_) return repeat(number, running, routes->front());
    running.request = canonical_request(running.ask, settled(running.ask, routes->front()));
    set_deadline(number, running);
    running.talk = std::make_unique<Talk>(board_, running.ask, std::move(*routes), running.place, running.activities,
                                          [this, number](Answer answer) { finish(number, std::move(answer)); });
    running.talk->start();
  }

  void repeat(std::uint64_t number, Running& running, const Route& route) {
    Replayed replayed = replay(*replay_, running.ask, route, running.place);
    for (const std::string& line : replayed.activities) running.activities.say(line);
    running.request = std::move(replayed.request);
    finish(number, std::move(replayed.answer));
  }

  void set_deadline(std::uint64_t number, Running& running) {
    if (!running.ask.timeout) return;
    running.deadline = board_.loop().after(*running.ask.timeout, [this, number, limit = *running.ask.timeout] {
      end_from_outside(number, Ending::timed_out, fmt::format("no answer within {}", human_wait(limit)));
    });
  }

  void forget_deadline(Running& running) {
    if (running.deadline) board_.loop().cancel(*running.deadline);
    running.deadline.reset();
  }

  void end_from_outside(std::uint64_t number, Ending ending, const std::string& error) {
    const auto found = running_.find(number);
    if (found == running_.end()) return;
    const auto& talk = found->second->talk;
    finish(number, talk ? talk->so_far(ending, error) : Answer{.ending = ending, .error = error});
  }

  void finish(std::uint64_t number, Answer answer) {
    const auto found = running_.find(number);
    const std::shared_ptr<Running> running = std::move(found->second);
    running_.erase(found);
    forget_deadline(*running);
    record(*running, answer);
    later([running, answer = std::move(answer)] { running->done(answer); });
  }

  void record(const Running& running, Answer& answer) {
    if (!recorder_ || !is_recorded(answer.ending)) return;
    const auto kept = recorder_->record({.digest = digest_of(running.request),
                                         .place = running.place,
                                         .request = board_.redactor().value(running.request),
                                         .answer = answer,
                                         .activities = running.activities.told()});
    if (kept) return;
    answer.ending = Ending::unavailable;
    answer.value = Value();
    answer.http_status.reset();
    answer.error = "an answer came, but it could not be recorded: " + kept.error().message();
  }

  Switchboard board_;
  std::shared_ptr<Recorder> recorder_;
  std::shared_ptr<const Cassette> replay_;
  std::map<std::uint64_t, std::unique_ptr<Running>> running_;
  std::uint64_t last_ = 0;
};

}  // namespace

std::shared_ptr<Client> make_client(ClientOptions options) {
  return std::make_shared<LiveClient>(std::move(options));
}

}  // namespace oe::llm
