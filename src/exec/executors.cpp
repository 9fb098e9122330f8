#include <string>
#include <utility>

#include "oe/exec/executor.hpp"

namespace oe::exec {

void Executors::add(std::string_view kind, std::shared_ptr<Executor> executor) {
  by_kind_.insert_or_assign(std::string(kind), std::move(executor));
}

Executor* Executors::find(std::string_view kind) const {
  const auto found = by_kind_.find(kind);
  return found == by_kind_.end() ? nullptr : found->second.get();
}

Executors standard_executors(Services services) {
  Executors executors;
  executors.add("tool", make_tool_executor(services));
  executors.add("command", make_command_executor(services));
  executors.add("dataset", make_dataset_executor(services));
  executors.add("human", make_human_executor(services));
  const std::shared_ptr<Executor> models = make_agent_executor(services);
  for (const char* kind : {"agent", "skill"}) executors.add(kind, models);
  executors.add("cli-agent", make_cli_agent_executor(services));
  return executors;
}

}  // namespace oe::exec
