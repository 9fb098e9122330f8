#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "oe/base/result.hpp"
#include "oe/base/value.hpp"

namespace oe::exec {

/// The client's side of reading one resource over the Model Context Protocol, revision 2025-06-18: initialize,
/// notifications/initialized, resources/read; JSON-RPC 2.0, one message a line. Opens nothing itself.
class McpDialogue {
 public:
  using Send = std::function<void(const std::string& line)>;
  McpDialogue(std::string uri, Send send) : uri_(std::move(uri)), send_(std::move(send)) {}

  void begin();
  /// A line of the server. The rows when it was the answer: a text that is a JSON list gives its elements, one that is
  /// a JSON object itself, another {"text"}, bytes {"blob"}, both with "mimeType" where it is given (section 5.5 of the
  /// reference). Errors: failed: the server refuses, or what it answers holds no contents.
  std::optional<Result<Value>> take(std::string_view line);
  /// Whether the server has said who it is.
  bool is_open() const { return is_open_; }
  const std::string& uri() const { return uri_; }

 private:
  void request(int id, const char* method, const Value& params);
  void answer(const Value& request);
  std::optional<Result<Value>> take_answer(const Value& message);

  std::string uri_;
  Send send_;
  bool is_open_ = false;
};

}  // namespace oe::exec
