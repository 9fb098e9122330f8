#include "exec/answer_report.hpp"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "exec/print_log.hpp"
#include "exec/tool_report.hpp"

namespace oe::exec {

namespace {

bool is_structured(const graph::Work& work) {
  const auto* agent = std::get_if<graph::Agent>(&work);
  const auto* skill = std::get_if<graph::Skill>(&work);
  return (agent && !agent->ask.schema.is_null()) || (skill && !skill->ask.schema.is_null());
}

Result<std::map<std::string, Value>> delta_of(const graph::Node& node, const llm::Answer& answer) {
  if (is_structured(node.work)) return fields_in(answer.value);
  if (node.writes.size() == 1) return std::map<std::string, Value>{{node.writes.front(), Value::of(answer.text)}};
  return fail(ErrorKind::input,
              fmt::format("a text goes into exactly one field, and '{}' writes {}", node.id.text, node.writes.size()));
}

AttemptReport good_report(const graph::Node& node, const llm::Answer& answer) {
  auto delta = delta_of(node, answer);
  if (!delta) return failed_report(delta.error().to_string());
  AttemptReport report;
  report.state_delta = std::move(*delta);
  return report;
}

AttemptReport bad_report(const llm::Answer& answer) {
  AttemptReport report = answer.ending == llm::Ending::cancelled ? cancelled_report() : failed_report(answer.error);
  if (answer.ending == llm::Ending::timed_out) report.outcome = ledger::Outcome::timed_out;
  report.output = printed_end(answer.text);
  report.is_environment = llm::is_environment(answer);
  return report;
}

}  // namespace

AttemptReport report_of(const graph::Node& node, const llm::Answer& answer) {
  const bool good = answer.ending == llm::Ending::answered;
  AttemptReport report = good ? good_report(node, answer) : bad_report(answer);
  if (good || answer.calls > 0 || answer.usage.all() > 0) report.metrics = llm::metrics_of(answer);
  report.http_status = answer.http_status;
  return report;
}

Result<std::map<std::string, Value>> fields_in(const Value& answer) {
  if (!answer.is_object())
    return fail(ErrorKind::input, fmt::format("the answer is of type {}, and only an object can go over fields",
                                              answer.json().type_name()));
  std::map<std::string, Value> fields;
  for (const auto& [name, member] : answer.json().items()) fields.emplace(name, Value(member));
  return fields;
}

}  // namespace oe::exec
