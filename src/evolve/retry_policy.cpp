#include "evolve/retry_policy.hpp"

#include <nlohmann/json.hpp>

namespace oe::evolve {

namespace {

using Json = nlohmann::json;

Json retry_on_value(const graph::RetryOn& on) {
  Json value = Json::object();
  if (on.timeout) value["timeout"] = true;
  if (on.signal) value["signal"] = true;
  if (!on.exit_codes.empty()) value["exit_code"] = on.exit_codes;
  if (!on.http_statuses.empty()) value["http_status"] = on.http_statuses;
  if (!on.output.empty()) value["output"] = on.output;
  return value;
}

void add_retry(const graph::OnError& policy, Json& value) {
  value["attempts"] = policy.attempts;
  value["backoff"] = policy.backoff == graph::Backoff::linear ? "linear" : "exponential";
  value["base_ms"] = policy.base.count();
  if (policy.cap) value["max_ms"] = policy.cap->count();
  if (policy.jitter) value["jitter"] = true;
  if (!policy.retry_on.everything()) value["retry_on"] = retry_on_value(policy.retry_on);
}

}  // namespace

Value on_error_value(const graph::OnError& policy) {
  Json value = Json::object();
  if (policy.policy == graph::ErrorPolicy::skip) value["policy"] = "skip";
  if (policy.policy == graph::ErrorPolicy::fail_run) value["policy"] = "fail_run";
  if (policy.policy == graph::ErrorPolicy::retry) {
    value["policy"] = "retry";
    add_retry(policy, value);
    if (policy.then_fail_run) value["then"] = "fail_run";
  }
  return Value(std::move(value));
}

}  // namespace oe::evolve
