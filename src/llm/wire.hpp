#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oe/base/result.hpp"
#include "oe/base/time.hpp"
#include "oe/http/client.hpp"
#include "oe/llm/ask.hpp"

namespace oe::llm {

/// Where one API is, and what of an ask was settled by its alias.
struct Endpoint {
  std::string base_url;  ///< without a slash at the end
  std::string key;       ///< empty: none is sent. Goes into the head of a request and nowhere else
  std::string model;     ///< as the API calls it
  std::map<std::string, std::string> headers;
  std::optional<std::uint64_t> seed;
  std::uint32_t max_tokens = 4096;
  bool stream = true;
};

/// What one reply said, before it is held against a schema: `ending` is answered, refused, truncated, garbled,
/// unavailable or denied.
struct Reply {
  Ending ending = Ending::garbled;
  std::string text;
  std::optional<Usage> usage;
  std::string model;
  std::string request_id;
  std::string error;
};

/// Takes the body of one successful reply as it comes, in pieces of any size. Never throws, whatever the bytes are, and
/// keeps at most what the text needs.
class ReplyReader {
 public:
  virtual ~ReplyReader() = default;
  virtual void feed(std::string_view bytes) = 0;
  virtual std::size_t text_bytes() const = 0;                      ///< of the answer so far
  virtual std::optional<std::uint64_t> output_tokens() const = 0;  ///< so far, where the API says
  /// The body has ended as HTTP wants it. A stream without its last event is garbled.
  virtual Reply finish() = 0;
};

/// An answer with another status than 2xx.
struct ApiError {
  std::string message;    ///< the API's own, one line
  bool is_spent = false;  ///< a quota or the account's money: never tried again
};

/// What the limits in the head of a reply leave: nothing where it does not say.
struct Limits {
  std::optional<std::uint64_t> requests;
  std::optional<std::uint64_t> tokens;
  std::optional<std::chrono::milliseconds> requests_reset;  ///< from now
  std::optional<std::chrono::milliseconds> tokens_reset;
};

/// One API: requests out, bytes in. Pure. Adding one: a file with these functions and a row in wires().
struct Wire {
  std::string_view provider;
  std::string_view base_url;  ///< its own; empty: one must be given
  std::string_view base_env;  ///< environment variable that replaces it, as the vendor's clients have it
  std::string_view key_env;   ///< usual variable of its key; empty: none is needed
  std::string_view family;    ///< prefixes of its own models' names, with blanks between: "claude-"
  /// Errors: input: a schema that the API cannot take.
  Result<http::Request> (*request)(const Ask& ask, const Endpoint& endpoint);
  std::unique_ptr<ReplyReader> (*reader)(const Ask& ask, const http::Headers& head);
  ApiError (*error)(int status, std::string_view body);
  Limits (*limits)(const http::Headers& head, Timestamp now);
};
const std::vector<Wire>& wires();
const Wire* find_wire(std::string_view provider);

}  // namespace oe::llm
