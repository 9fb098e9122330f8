#include "exec/node_worker.hpp"

#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <utility>

#include "oe/base/box.hpp"

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

std::string worker_request(std::uint64_t call, const std::filesystem::path& file, const Value& input) {
  return fmt::format("{{\"id\":{},\"tool\":{},\"input\":{}}}\n", call, Value::of(file.string()).dump(), input.dump());
}

Result<std::unique_ptr<sys::Process>> start_node_worker(sys::ProcessHost& host, const std::filesystem::path& node,
                                                        const std::filesystem::path& directory,
                                                        sys::ProcessEvents events) {
  sys::ProcessSpec spec;
  spec.argv = {node.string(), "--input-type=module", "-e", std::string(kWorkerScript)};
  spec.directory = directory;
  spec.keep_input_open = true;
  spec.reply_pipe = true;
  spec.max_output = kMaxWorkerLine;
  return host.start(std::move(spec), std::move(events));
}

}  // namespace oe::exec
