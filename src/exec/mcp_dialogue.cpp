#include "exec/mcp_dialogue.hpp"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/base/text.hpp"

namespace oe::exec {

namespace {

using Json = nlohmann::json;

constexpr const char* kRevision = "2025-06-18";
constexpr int kInitialize = 1;
constexpr int kRead = 2;
constexpr int kNoSuchMethod = -32601;  // JSON-RPC 2.0 section 5.1

void add_rows(Json& rows, const Value& content) {
  const std::string text = content.get("text").string_or("");
  const std::string_view begin = trim(text);
  if (begin.starts_with('[') || begin.starts_with('{')) {
    if (const auto parsed = Value::parse(begin)) {
      if (parsed->is_array())
        rows.insert(rows.end(), parsed->json().begin(), parsed->json().end());
      else
        rows.push_back(parsed->json());
      return;
    }
  }
  Json row;
  for (const char* member : {"text", "blob", "mimeType"})
    if (const Value value = content.get(member); !value.is_null()) row[member] = value.json();
  rows.push_back(std::move(row));
}

Result<Value> rows_in(const Value& result) {
  const Value contents = result.get("contents");
  if (!contents.is_array())
    return fail(ErrorKind::failed, fmt::format("it gives no list of contents: {}", ellipsis(result.dump(), 200)));
  Json rows = Json::array();
  for (const Json& content : contents.json()) add_rows(rows, Value(content));
  return Value(std::move(rows));
}

}  // namespace

void McpDialogue::begin() {
  request(kInitialize, "initialize",
          Value(Json{{"protocolVersion", kRevision},
                     {"capabilities", Json::object()},
                     {"clientInfo", {{"name", "oe"}, {"version", "1"}}}}));
}

std::optional<Result<Value>> McpDialogue::take(std::string_view line) {
  const auto message = Value::parse(line);
  if (!message || !message->is_object()) return std::nullopt;
  if (message->get("method").is_string()) {
    if (!message->get("id").is_null()) answer(*message);
    return std::nullopt;
  }
  return take_answer(*message);
}

std::optional<Result<Value>> McpDialogue::take_answer(const Value& message) {
  const Value id = message.get("id");
  const bool is_ours = id == Value::of(is_open_ ? kRead : kInitialize);
  if (!is_ours) return std::nullopt;
  if (const Value error = message.get("error"); !error.is_null())
    return fail(ErrorKind::failed, error.get("message").string_or(error.dump()));
  if (is_open_) return rows_in(message.get("result"));
  is_open_ = true;
  send_(Value(Json{{"jsonrpc", "2.0"}, {"method", "notifications/initialized"}}).dump());
  request(kRead, "resources/read", Value(Json{{"uri", uri_}}));
  return std::nullopt;
}

// A server may ask whether anybody is there; what else it may ask for was not offered to it.
void McpDialogue::answer(const Value& request) {
  Json reply{{"jsonrpc", "2.0"}, {"id", request.get("id").json()}};
  if (request.get("method") == Value::of("ping"))
    reply["result"] = Json::object();
  else
    reply["error"] = {{"code", kNoSuchMethod}, {"message", "not offered"}};
  send_(Value(std::move(reply)).dump());
}

void McpDialogue::request(int id, const char* method, const Value& params) {
  send_(Value(Json{{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", params.json()}}).dump());
}

}  // namespace oe::exec
