#include <fmt/core.h>
#include <utility>
#include <variant>

#include "oe/exec/executor.hpp"

#include "exec/attempt_environment.hpp"
#include "exec/command_line.hpp"
#include "exec/command_output.hpp"
#include "exec/process_executor.hpp"
#include "exec/tool_report.hpp"

namespace oe::exec {
namespace {

Result<sys::ProcessSpec> command_process(const AttemptSpec& spec) {
  const auto* command = std::get_if<graph::Command>(&spec.work->work);
  if (command == nullptr) return fail(ErrorKind::bug, fmt::format("node '{}' is not a command", spec.node.text));
  OE_TRY(CommandLine line, command_line(*command, spec.input));
  sys::ProcessSpec process;
  process.environment = attempt_environment(spec, {line.variables.begin(), line.variables.end()});
  process.argv = std::move(line.argv);
  process.directory = command->workdir.empty() ? spec.directory : spec.directory / command->workdir;
  return process;
}

AttemptReport command_report(const AttemptSpec& spec, const sys::ProcessExit& exit) {
  if (exit.signal || exit.code != 0) return failed_report(end_of(exit));
  const auto& command = std::get<graph::Command>(spec.work->work);
  auto captured = command_output(command.output, spec.work->writes, exit.out);
  if (!captured) return failed_report(captured.error().to_string());
  AttemptReport report;
  report.state_delta = std::move(*captured);
  return report;
}

}  // namespace

std::shared_ptr<Executor> make_command_executor(Services services) {
  return make_process_executor(std::move(services), {command_process, command_report});
}

}  // namespace oe::exec
