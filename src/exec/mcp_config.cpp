#include "exec/mcp_config.hpp"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/base/text.hpp"
#include "oe/sys/file.hpp"

namespace oe::exec {

namespace {

constexpr const char* kExample = R"(write {"servers": {"name": {"command": "program", "args": []}}})";

Result<Value> servers_in(const std::filesystem::path& directory) {
  const std::filesystem::path file = directory / "mcp.json";
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored))
    return fail(ErrorKind::environment, "there is no mcp.json beside the workflow", kExample);
  OE_TRY(const std::string text, sys::read_file(file, std::size_t{1} << 20U));
  auto config = Value::parse(text);
  if (!config) {
    Location place = config.error().location();
    place.file = "mcp.json";
    return fail(std::move(config.error()).at(std::move(place)));
  }
  for (const char* key : {"servers", "mcpServers"})
    if (const Value servers = config->get(key); servers.is_object()) return servers;
  return fail(ErrorKind::input, "mcp.json has no servers", kExample);
}

Error unknown_server(const std::string& name, const Value& servers) {
  std::vector<std::string> names;
  for (const auto& [known, server] : servers.json().items()) names.push_back(known);
  const std::string near = did_you_mean(name, names);
  const std::string known = names.empty() ? "it has none" : "it has " + join(names, ", ");
  return Error(ErrorKind::input, fmt::format("mcp.json has no server '{}'", name), near.empty() ? known : near);
}

}  // namespace

Result<McpServer> mcp_server(const std::filesystem::path& directory, const std::string& name) {
  OE_TRY(const Value servers, servers_in(directory));
  if (!servers.json().contains(name)) return fail(unknown_server(name, servers));
  const Value entry = servers.get(name);
  McpServer server;
  server.argv.push_back(entry.get("command").string_or(""));
  if (server.argv.front().empty())
    return fail(ErrorKind::input, fmt::format("the server '{}' in mcp.json has no command", name),
                "only servers that are started by a command can be asked");
  const Value args = entry.get("args");
  for (std::size_t i = 0; args.is_array() && i < args.size(); ++i)
    server.argv.push_back(Value(args.json()[i]).string_or(args.json()[i].dump()));
  if (const Value env = entry.get("env"); env.is_object())
    for (const auto& [variable, value] : env.json().items())
      server.environment.emplace_back(variable, Value(value).string_or(value.dump()));
  return server;
}

}  // namespace oe::exec
