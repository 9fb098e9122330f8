#include "llm/judge.hpp"

#include <fmt/format.h>

#include "oe/http/retry.hpp"

namespace oe::llm {

namespace {

constexpr std::string_view kCheckUrl = "check base_url of the model";

Ending ending_of(int status, bool is_spent) {
  if (is_spent || status == 401 || status == 402 || status == 403) return Ending::denied;
  return http::is_transient(status) ? Ending::unavailable : Ending::rejected;
}

std::string key_name(const Route& route) {
  return route.model.key_env.empty() ? std::string(route.wire->key_env) : route.model.key_env;
}

/// What to do about a status; empty when waiting is all.
std::string advice(const Route& route, int status, bool is_spent) {
  if (is_spent) return "; the money or the quota of the account is spent";
  if (status == 401 || status == 403)
    return key_name(route).empty() ? "" : fmt::format("; check the key in {}", key_name(route));
  if (status >= 300 && status < 400) return fmt::format("; redirects are not followed: {}", kCheckUrl);
  if (status == 404) return fmt::format("; is '{}' the name of its model? else {}", route.model.model, kCheckUrl);
  return {};
}

/// Of a failure of the network.
std::string advice(const Route& route, http::Fault fault) {
  if (fault == http::Fault::tls) return "; a certificate of your own is named by SSL_CERT_FILE";
  if (fault != http::Fault::connect && fault != http::Fault::bad_url) return {};
  const std::string variable = route.wire->base_env.empty() ? "" : fmt::format(" or {}", route.wire->base_env);
  return fmt::format("; is the server running? the address comes from base_url{}", variable);
}

}  // namespace

Heard judge_status(const Route& route, int status, const http::Headers& head, std::string_view body, Timestamp now) {
  const ApiError error = route.wire->error(status, body);
  Heard heard{.status = status, .is_throttled = status == 429 && !error.is_spent};
  heard.reply.ending = ending_of(status, error.is_spent);
  heard.reply.error = fmt::format("{} answered {}: {}{}", route.model.provider, status, error.message,
                                  advice(route, status, error.is_spent));
  heard.may_try_again = !error.is_spent && http::told_to_retry(head).value_or(http::is_transient(status));
  heard.asked_wait = http::asked_wait(head, now);
  return heard;
}

Heard judge_failure(const Route& route, const http::Failure& failure, Reply so_far) {
  using http::Fault;
  const Fault fault = failure.fault;
  const bool is_cut = fault == Fault::timed_out || fault == Fault::cut_off || fault == Fault::too_large;
  Heard heard{.reply = std::move(so_far)};
  const bool has_text = !heard.reply.text.empty();
  heard.is_paid = has_text || fault == Fault::too_large;
  heard.may_try_again = !has_text && (is_cut ? fault != Fault::too_large : fault == Fault::connect);
  if (fault == Fault::bad_url)
    heard.reply.ending = Ending::misconfigured;
  else
    heard.reply.ending = heard.is_paid ? Ending::garbled : Ending::unavailable;
  heard.reply.error = fmt::format("{}: {}{}", route.model.provider, failure.message, advice(route, fault));
  return heard;
}

Heard judge_reply(const Route& route, int status, Reply reply) {
  Heard heard{.reply = std::move(reply), .status = status, .is_paid = true};
  Reply& said = heard.reply;
  if (said.ending == Ending::answered) return heard;
  if (said.ending == Ending::unavailable) {
    heard.is_paid = !said.text.empty();
    heard.may_try_again = !heard.is_paid;
    if (heard.is_paid) said.ending = Ending::garbled;
  }
  if (said.ending == Ending::denied) heard.is_paid = !said.text.empty();
  said.error = fmt::format("{}: {}", route.model.provider, said.error);
  return heard;
}

}  // namespace oe::llm
