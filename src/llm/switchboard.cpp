#include "llm/switchboard.hpp"

#include <utility>

#include "oe/base/digest.hpp"
#include "oe/base/text.hpp"

#include "llm/key_forms.hpp"

namespace oe::llm {

namespace {

// Shorter ones are what servers without keys are given ("none", "x"): to hide them would spoil texts.
constexpr std::size_t kShortestKey = 8;

std::vector<std::string> keys_in(const Variables& environment, const graph::Models& models) {
  std::vector<std::string> keys;
  for (const std::string& variable : key_variables(models)) {
    std::string key(trim(environment(variable).value_or("")));
    if (key.size() >= kShortestKey) keys.push_back(std::move(key));
  }
  return keys;
}

std::function<double()> random_draw() {
  return [engine = std::mt19937(std::random_device()())]() mutable {
    return std::uniform_real_distribution<double>(0, 1)(engine);
  };
}

}  // namespace

Switchboard::Switchboard(const ClientOptions& options)
    : loop_(options.loop),
      clock_(options.clock),
      processes_(options.processes),
      directory_(options.directory),
      catalog_(options.models, options.environment, options.provider, options.replay != nullptr),
      keys_(keys_in(options.environment, options.models)),
      redactor_(forms_of(keys_)),
      draw_(options.draw ? options.draw : random_draw()) {}

Result<http::Client*> Switchboard::http() {
  if (!http_) {
    OE_TRY(http_, http::open_client(loop_));
  }
  return http_.get();
}

Limiter& Switchboard::limiter(const Route& route) {
  const std::string name =
      route.model.provider + ' ' + route.endpoint.base_url + ' ' + short_digest(route.endpoint.key);
  auto& limiter = limiters_[name];
  if (!limiter) limiter = std::make_unique<Limiter>(loop_, clock_);
  return *limiter;
}

Result<const Cassette*> Switchboard::cassette(const Route& route) {
  auto& cassette = cassettes_[route.model.file];
  if (!cassette) {
    OE_TRY(cassette, Cassette::load(directory_ / route.model.file));
  }
  return cassette.get();
}

}  // namespace oe::llm
