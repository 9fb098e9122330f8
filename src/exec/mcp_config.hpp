#pragma once

#include <filesystem>
#include <string>

#include "oe/base/result.hpp"
#include "oe/exec/executor.hpp"

namespace oe::exec {

/// How a server of the Model Context Protocol is started.
struct McpServer {
  std::vector<std::string> argv;
  EnvironmentChanges environment;
};

/// The server of that name in <directory>/mcp.json: {"servers": {"name": {"command", "args", "env"}}}; "mcpServers" is
/// read likewise, as other programs write it. Errors: environment, when there is no such file; input, when it is not
/// JSON, has no servers, not this one (naming those that there are), or one that is not started by a command.
Result<McpServer> mcp_server(const std::filesystem::path& directory, const std::string& name);

}  // namespace oe::exec
