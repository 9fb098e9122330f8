#include <fmt/core.h>

#include "formats/experience.hpp"

namespace oe::formats {

using graph::Backoff;
using graph::ErrorPolicy;
using graph::OnError;

namespace {

constexpr std::int64_t kMostAttempts = 20;

constexpr std::array<Word<ErrorPolicy>, 3> kPolicies = {{
    {"skip", ErrorPolicy::skip},
    {"fail_run", ErrorPolicy::fail_run},
    {"retry", ErrorPolicy::retry},
}};
constexpr std::array<Word<Backoff>, 2> kBackoffs = {{
    {"linear", Backoff::linear},
    {"exponential", Backoff::exponential},
}};

graph::RetryOn read_retry_on(const Spot& spot, Notes& notes) {
  Fields fields(spot, notes);
  graph::RetryOn on{.timeout = fields.flag("timeout").value_or(false), .signal = fields.flag("signal").value_or(false)};
  if (const auto codes = fields.find("exit_code")) on.exit_codes = integers_at(*codes, 1, 255, notes);
  if (const auto statuses = fields.find("http_status")) on.http_statuses = integers_at(*statuses, 100, 599, notes);
  if (const auto output = fields.find("output")) on.output = text_or_texts_at(*output, notes);
  fields.finish(Unknown::error, "a failure is a timeout, signal, exit_code, http_status or output");
  return on;
}

void read_retry(Fields& fields, OnError& on_error) {
  const auto attempts = fields.integer("attempts", 1, kMostAttempts, Need::required);
  on_error.attempts = static_cast<std::uint32_t>(attempts.value_or(1));
  on_error.backoff = fields.choice("backoff", kBackoffs).value_or(Backoff::linear);
  on_error.base = fields.milliseconds("base_ms", 0).value_or(on_error.base);
  on_error.cap = fields.milliseconds("max_ms", 0);
  on_error.jitter = fields.flag("jitter").value_or(false);
  if (const auto retry_on = fields.find("retry_on")) on_error.retry_on = read_retry_on(*retry_on, fields.notes());
}

}  // namespace

OnError read_on_error(const Spot& spot, Notes& notes) {
  Fields fields(spot, notes);
  OnError on_error;
  const auto policy = fields.choice("policy", kPolicies, Need::required);
  on_error.then_fail_run = fields.text("then") == "fail_run";
  if (!policy) return on_error;
  on_error.policy = *policy;
  if (*policy == ErrorPolicy::retry) read_retry(fields, on_error);
  fields.finish(Unknown::error, *policy == ErrorPolicy::retry ? "" : "only 'policy: retry' has settings");
  return on_error;
}

}  // namespace oe::formats
