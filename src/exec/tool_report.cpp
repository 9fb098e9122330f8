#include "exec/tool_report.hpp"

#include <algorithm>
#include <cstring>
#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <utility>

#include "oe/base/text.hpp"

#include "exec/print_log.hpp"

namespace oe::exec {

namespace {

constexpr std::size_t kQuotedBytes = 60;

// The line on which the output stops being JSON, as a person would look for it.
std::string not_one_object(std::string_view output, const Error& error) {
  const std::uint32_t line = std::max(error.location().line, 1U);
  std::string_view rest = output;
  for (std::uint32_t i = 1; i < line; ++i) rest.remove_prefix(std::min(rest.find('\n') + 1, rest.size()));
  const std::string found = ellipsis(trim(rest.substr(0, rest.find('\n'))), kQuotedBytes);
  if (found.empty()) return fmt::format("standard output is not one JSON object: it breaks off at line {}", line);
  return fmt::format("standard output is not one JSON object: found `{}` at line {} ({}); print logs to standard error",
                     found, line, error.message());
}

std::string signal_text(int signal) {
  const char* name = sigabbrev_np(signal);
  return name == nullptr ? fmt::format("signal {}", signal) : fmt::format("signal {} (SIG{})", signal, name);
}

}  // namespace

AttemptReport failed_report(std::string error) {
  return {.outcome = ledger::Outcome::failed, .error = std::move(error)};
}

AttemptReport cancelled_report() {
  return {.outcome = ledger::Outcome::cancelled, .error = "cancelled"};
}

AttemptReport timed_out_report(std::chrono::milliseconds timeout) {
  return {.outcome = ledger::Outcome::timed_out,
          .error = fmt::format("took longer than its timeout of {} ms", timeout.count())};
}

AttemptReport tool_report(const nlohmann::json& result) {
  AttemptReport report;
  if (!result.is_object()) return report;
  for (const auto& [key, value] : result.items()) {
    if (key == "edge_output") report.edge_output = Value(value);
    if (key == "metrics") report.metrics = Value(value);
    if (key != "state_delta" || value.is_null()) continue;
    if (!value.is_object()) {
      return failed_report(
          fmt::format("state_delta has to be an object of field names and values, and it is a {}", value.type_name()));
    }
    for (const auto& [field, written] : value.items()) report.state_delta.emplace(field, Value(written));
  }
  return report;
}

AttemptReport printed_tool_report(std::string_view output) {
  if (trim(output).empty()) {
    return failed_report(R"(standard output is empty; a tool prints one JSON object, such as {"state_delta": {}})");
  }
  const Result<Value> result = Value::parse(output);
  if (!result) return failed_report(not_one_object(output, result.error()));
  if (result->is_object()) return tool_report(result->json());
  return failed_report(
      fmt::format("standard output is not one JSON object: it is a JSON {}", result->json().type_name()));
}

std::string end_of(const sys::ProcessExit& exit) {
  const std::string how =
      exit.signal ? signal_text(*exit.signal) : fmt::format("exit status {}", exit.code.value_or(-1));
  const std::string last = last_line(exit.err);
  return last.empty() ? how : fmt::format("{}: {}", how, last);
}

}  // namespace oe::exec
