#include <fmt/core.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>
#include <utility>
#include <variant>

#include "oe/exec/executor.hpp"
#include "oe/llm/agent_cli.hpp"
#include "oe/llm/schema.hpp"

#include "exec/answer_report.hpp"
#include "exec/attempt_environment.hpp"
#include "exec/process_executor.hpp"
#include "exec/question.hpp"
#include "exec/tool_report.hpp"

namespace oe::exec {

namespace {

llm::CliCall call_of(const graph::CliAgent& agent, const Value& input) {
  return {.provider = agent.provider,
          .prompt = filled_as_far(agent.prompt, input),
          .model = agent.model,
          .json = agent.output == graph::CaptureAs::json,
          .extra_args = agent.extra_args};
}

Result<sys::ProcessSpec> agent_process(const AttemptSpec& spec) {
  const auto* agent = std::get_if<graph::CliAgent>(&spec.work->work);
  if (agent == nullptr) return fail(ErrorKind::bug, fmt::format("node '{}' is not a cli-agent", spec.node.text));
  OE_TRY(sys::ProcessSpec process, llm::cli_process(call_of(*agent, spec.input)));
  process.environment = attempt_environment(spec);
  process.directory = agent->workdir.empty() ? spec.directory : spec.directory / agent->workdir;
  return process;
}

Result<std::map<std::string, Value>> members_in(const graph::CliAgent& agent, const std::string& text) {
  OE_TRY(const Value value, llm::json_in(text));
  if (!agent.schema.is_null()) {
    OE_TRY(const std::vector<std::string> faults, llm::faults_of(value, agent.schema));
    if (!faults.empty())
      return fail(ErrorKind::input, fmt::format("the {}: {}", llm::kUnfit, fmt::join(faults, "; ")));
  }
  return fields_in(value);
}

Result<std::map<std::string, Value>> agent_delta(const AttemptSpec& spec, const std::string& text) {
  const auto& agent = std::get<graph::CliAgent>(spec.work->work);
  const std::vector<std::string>& writes = spec.work->writes;
  if (agent.output == graph::CaptureAs::json) return members_in(agent, text);
  if (writes.empty()) return std::map<std::string, Value>();
  if (writes.size() == 1) return std::map<std::string, Value>{{writes.front(), Value::of(text)}};
  return fail(ErrorKind::input,
              fmt::format("a text goes into one field, and '{}' writes {}", spec.node.text, writes.size()),
              "say 'output_format: json'");
}

AttemptReport judge_agent(const AttemptSpec& spec, const llm::Answer& answer, const sys::ProcessExit& exit) {
  if (answer.ending != llm::Ending::answered) {
    AttemptReport report = failed_report(fmt::format("{}: {}", answer.provider, answer.error));
    report.is_environment = answer.ending == llm::Ending::denied;  // not logged in
    return report;
  }
  if (exit.signal || exit.code != 0) return failed_report(fmt::format("{}: {}", answer.provider, end_of(exit)));
  auto delta = agent_delta(spec, answer.text);
  if (!delta) return failed_report(fmt::format("{}: {}", answer.provider, delta.error().to_string()));
  AttemptReport report;
  report.state_delta = std::move(*delta);
  return report;
}

AttemptReport agent_report(const AttemptSpec& spec, const sys::ProcessExit& exit) {
  const auto& agent = std::get<graph::CliAgent>(spec.work->work);
  const llm::Answer answer = llm::read_cli_output(call_of(agent, spec.input), exit.out);
  AttemptReport report = judge_agent(spec, answer, exit);
  // Plain text says nothing about tokens, which is not the same as none.
  if (answer.usage.all() > 0 || answer.usd) report.metrics = llm::metrics_of(answer);
  return report;
}

}  // namespace

std::shared_ptr<Executor> make_cli_agent_executor(Services services) {
  return make_process_executor(std::move(services), {agent_process, agent_report});
}

}  // namespace oe::exec
