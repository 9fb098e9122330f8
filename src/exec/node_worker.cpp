#include "exec/node_worker.hpp"

#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <utility>

#include "oe/base/box.hpp"

#include "exec/attempt_environment.hpp"
#include "exec/enclose.hpp"
#include "exec/tool_report.hpp"

namespace oe::exec {

namespace {

/// The worker refuses longer results itself, with a better message; see kReplyLimit in worker.mjs.
constexpr std::size_t kMaxWorkerLine = std::size_t{65} << 20;
/// The result is wrapped into two objects.
constexpr JsonLimits kWorkerLineLimits{.depth = 110, .bytes = kMaxWorkerLine};

std::optional<WorkerMessage> call_message(std::uint64_t call, const nlohmann::json& message) {
  if (const auto value = message.find("value"); value != message.end()) return WorkerReply{call, tool_report(*value)};
  if (const auto log = message.find("log"); log != message.end() && log->is_string()) {
    return WorkerLog{call, log->get<std::string>()};
  }
  if (const auto error = message.find("error"); error != message.end() && error->is_string()) {
    return WorkerReply{call, failed_report(error->get<std::string>())};
  }
  if (const auto status = message.find("exit"); status != message.end() && status->is_number_integer()) {
    return WorkerExiting{call, status->get<int>()};
  }
  return std::nullopt;
}

}  // namespace

std::optional<WorkerMessage> read_worker_line(std::string_view line) {
  const Result<Value> message = Value::parse(line, kWorkerLineLimits);
  if (!message || !message->is_object()) return std::nullopt;
  if (message->json().contains("hello")) return WorkerReady{};
  const auto id = message->json().find("id");
  if (id == message->json().end() || !id->is_number_unsigned()) return std::nullopt;
  return call_message(id->get<std::uint64_t>(), message->json());
}

std::optional<std::uint64_t> call_of(const WorkerMessage& message) {
  return std::visit(overloaded{[](const WorkerReady&) -> std::optional<std::uint64_t> { return std::nullopt; },
                               [](const auto& fact) -> std::optional<std::uint64_t> { return fact.call; }},
                    message);
}

WorkerProfile WorkerProfile::of(const AttemptSpec& spec) {
  WorkerProfile profile{.directory = spec.directory, .environment = granted(spec), .sandbox = {}};
  if (spec.sandbox != nullptr) profile.sandbox = *spec.sandbox;
  return profile;
}

bool WorkerProfile::serves(const AttemptSpec& spec) const {
  const bool same_sandbox = spec.sandbox != nullptr ? sandbox == *spec.sandbox : !sandbox;
  // As texts: paths are compared part by part, and this is asked for every call.
  return same_sandbox && directory.native() == spec.directory.native() && environment == granted(spec);
}

std::string worker_request(std::uint64_t call, const std::filesystem::path& file, const AttemptSpec& spec) {
  std::string line = fmt::format("{{\"id\":{},\"tool\":{},\"env\":{{", call, Value::of(file.string()).dump());
  const char* comma = "";
  for (const auto& [name, value] : identity_of(spec)) {
    if (!value) continue;
    line.append(comma).append("\"").append(name).append("\":").append(Value::of(*value).dump());
    comma = ",";
  }
  return line.append("},\"input\":").append(spec.input.dump()).append("}\n");
}

Result<sys::ProcessSpec> node_worker(const std::filesystem::path& node, const AttemptSpec& spec,
                                     const std::filesystem::path& root) {
  sys::ProcessSpec process;
  process.argv = {node.string(), "--input-type=module", "-e", std::string(kWorkerScript)};
  process.directory = spec.directory;
  EnvironmentChanges changes = granted(spec);
  for (auto& change : no_identity()) changes.push_back(std::move(change));
  process.environment = sys::environment_with(changes);
  process.keep_input_open = true;
  process.reply_pipe = true;
  OE_CHECK(enclose(process, spec, root));
  process.max_output = kMaxWorkerLine;  // what calls print is counted for each of them
  return process;
}

}  // namespace oe::exec
