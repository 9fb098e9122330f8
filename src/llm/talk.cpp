#include "llm/talk.hpp"

#include <fmt/format.h>
#include <utility>

#include "oe/base/text.hpp"
#include "oe/llm/schema.hpp"

#include "llm/money.hpp"
#include "llm/plain_line.hpp"
#include "llm/repair.hpp"
#include "llm/replay.hpp"

namespace oe::llm {

namespace {

Heard not_asked(const Error& error) {
  Heard heard;
  heard.reply.ending = Ending::misconfigured;
  heard.reply.error = error.hint().empty() ? error.message() : error.message() + "; " + error.hint();
  return heard;
}

/// JSON, and therefore every record, holds only UTF-8.
std::string valid_text(std::string text) {
  if (!invalid_utf8(text)) return text;
  return Value::parse(Value::of(text).dump())->string_or("");
}

std::string name_of(const Route& route) {
  return route.model.model.empty() ? route.model.provider : route.model.model;
}

}  // namespace

Talk::Talk(Switchboard& board, Ask ask, std::vector<Route> routes, std::string place, Activities& activities, Done done)
    : board_(board),
      ask_(std::move(ask)),
      routes_(std::move(routes)),
      place_(std::move(place)),
      activities_(activities),
      done_(std::move(done)) {}

void Talk::start() {
  ask_route();
}

Result<void> Talk::check() const {
  if (!ask_.schema.is_null()) {
    if (const auto usable = faults_of(Value(), ask_.schema); !usable) return fail(usable.error());
  }
  return check_context(ask_, route());
}

void Talk::ask_route() {
  Route& route = routes_[position_];
  if (route.way == Way::replay) return answer_from_tape();
  if (route.unusable) return take(not_asked(*route.unusable));
  if (const auto good = check(); !good) return finish(not_asked(good.error()));
  repairs_ = 0;
  route.endpoint.max_tokens = answer_limit(ask_, route);
  Ask ask = ask_;
  ask.temperature = settled(ask_, route).temperature;
  ask.max_tokens = route.endpoint.max_tokens;
  activities_.say("asking " + name_of(route));
  deliver(std::move(ask));
}

void Talk::deliver(Ask ask) {
  latest_ = std::move(ask);
  delivery_ = std::make_unique<Delivery>(board_, route(), latest_, activities_,
                                         [this](Heard heard) { take(std::move(heard)); });
  delivery_->start();
}

void Talk::take(Heard heard) {
  delivery_.reset();
  account(heard);
  heard.reply.text = board_.redactor().text(valid_text(std::move(heard.reply.text)));
  judge(std::move(heard));
}

void Talk::judge(Heard heard) {
  if (falls_back(heard.reply)) return ask_route();
  if (heard.reply.ending != Ending::answered || ask_.schema.is_null()) return finish(std::move(heard));
  Result<Fit> fits = fit(heard.reply.text, ask_.schema);
  if (!fits) return finish(not_asked(fits.error()));
  if (fits->faults.empty()) return finish(std::move(heard), std::move(fits->value));
  if (repairs_ < ask_.repair) return ask_again(heard, fits->faults);
  heard.reply.ending = Ending::unfit;
  heard.reply.error = fmt::format("{}: the {}{}: {}", route().model.provider, kUnfit,
                                  repairs_ > 0 ? ", also when asked again" : "", plain_line(join(fits->faults, ", ")));
  finish(std::move(heard));
}

void Talk::ask_again(const Heard& heard, const std::vector<std::string>& faults) {
  ++repairs_;
  activities_.say("asking again, as the answer does not fit the schema: " + plain_line(faults.front()));
  deliver(repaired(std::move(latest_), heard.reply.text, faults));
}

void Talk::account(const Heard& heard) {
  if (heard.is_paid || heard.status) ++calls_;
  if (heard.reply.usage) usage_ += *heard.reply.usage;
  if (!heard.is_paid && !heard.reply.usage) return;
  const auto& price = route().model.price;
  const bool is_known = heard.usd || (price && heard.reply.usage);
  is_cost_known_ = is_cost_known_ && is_known;
  has_cost_ = has_cost_ || is_known;
  if (is_known) usd_ += heard.usd ? *heard.usd : cost_of(*heard.reply.usage, *price);
}

bool Talk::falls_back(const Reply& reply) {
  const bool has_key = !route().unusable;
  const bool is_out = reply.ending == Ending::unavailable || reply.ending == Ending::denied || !has_key;
  if (!is_out || position_ + 1 == routes_.size()) return false;
  past_errors_ += reply.error + "; then ";
  ++position_;
  activities_.say(fmt::format("{}; asking {} in its place", reply.error, name_of(route())));
  return true;
}

void Talk::answer_from_tape() {
  const auto cassette = board_.cassette(route());
  if (!cassette) return finish(not_asked(cassette.error()));
  Replayed replayed = replay(**cassette, ask_, route(), place_);
  for (const std::string& line : replayed.activities) activities_.say(line);
  const Done done = std::move(done_);
  done(std::move(replayed.answer));
}

void Talk::finish(Heard heard, Value value) {
  const Done done = std::move(done_);
  done(answer_of(heard, std::move(value)));
}

Answer Talk::so_far(Ending ending, std::string error) {
  Heard heard = delivery_ ? delivery_->so_far() : Heard{};
  delivery_.reset();
  if (heard.is_paid) account(heard);
  heard.reply.text = board_.redactor().text(valid_text(std::move(heard.reply.text)));
  heard.reply.ending = ending;
  heard.reply.error = std::move(error);
  return answer_of(heard, {});
}

Answer Talk::answer_of(const Heard& heard, Value value) const {
  const Reply& reply = heard.reply;
  Answer answer{.ending = reply.ending,
                .text = reply.text,
                .value = std::move(value),
                .usage = usage_,
                .provider = route().model.provider,
                .model = reply.model.empty() ? route().model.model : reply.model,
                .request_id = board_.redactor().text(reply.request_id),
                .http_status = heard.status,
                .calls = calls_};
  if (is_cost_known_ && (has_cost_ || route().model.price)) answer.usd = usd_;
  if (reply.ending != Ending::answered) answer.error = board_.redactor().text(past_errors_ + reply.error);
  return answer;
}

}  // namespace oe::llm
