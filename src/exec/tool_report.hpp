#pragma once

#include <chrono>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "oe/exec/executor.hpp"
#include "oe/sys/process.hpp"

namespace oe::exec {

AttemptReport failed_report(std::string error);
AttemptReport cancelled_report();
/// The error of a node that a human did not approve.
inline constexpr std::string_view kRejected = "rejected";
AttemptReport timed_out_report(std::chrono::milliseconds timeout);

/// What a tool's result object stands for (section 5.1 of the reference): state_delta, edge_output and metrics are
/// taken, other keys ignored. Failed when state_delta is there and is no object.
AttemptReport tool_report(const nlohmann::json& result);

/// The same from the standard output of an executable, which has to be exactly one JSON object.
AttemptReport printed_tool_report(std::string_view output);

/// How a process ended by itself, with the last line of its standard error: "exit status 3: no such file",
/// "signal 11 (SIGSEGV)".
std::string end_of(const sys::ProcessExit& exit);

}  // namespace oe::exec
