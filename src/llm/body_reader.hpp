#pragma once

#include <memory>

#include "llm/draft.hpp"

namespace oe::llm {

/// What one API says in JSON, whatever carried it. Never throws.
class Dialect {
 public:
  explicit Dialect(std::string request_id) : draft(std::move(request_id)) {}
  virtual ~Dialect() = default;
  /// One event of a stream; `name` is empty where the stream has no names.
  virtual void event(std::string_view name, const nlohmann::json& data) = 0;
  /// The body of a reply that is no stream.
  virtual void whole(const nlohmann::json& body) = 0;
  /// Data of an event that is no JSON; true when this API has such.
  virtual bool word(std::string_view) { return false; }
  /// The stream is at its end.
  virtual void at_end() {}

  Draft draft;
};

/// Reads a body as its Content-Type says: an event stream, lines of JSON, or one JSON text, whatever was asked for.
/// `takes_thoughts_off`: a <think> block before the answer, as local models write it, is not part of the answer.
std::unique_ptr<ReplyReader> read_body(const http::Headers& head, std::unique_ptr<Dialect> dialect,
                                       bool takes_thoughts_off = false);

/// The id that the head of a reply gives, under this name; empty: none.
std::string id_in(const http::Headers& head, std::string_view name);

}  // namespace oe::llm
