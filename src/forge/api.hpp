#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "oe/base/value.hpp"
#include "oe/forge/connect.hpp"

#include "forge/exchange.hpp"

namespace oe::forge {

struct ApiAnswer {
  int status = 0;
  http::Headers headers;
  Value body;  ///< null where there is none
};

/// Where calls go and on whose behalf.
struct ApiPlace {
  Kind kind = Kind::github;
  Home home;
  std::string root;  ///< api_root()
  Token token;
  http::Headers headers;  ///< of every call, beside the token
};

/// JSON in and out of one forge. Follows redirects within the forge's own origin, waits where it is asked to (a minute
/// at most), repeats what may be repeated when the forge is in trouble: three tries in all.
class Api {
 public:
  Api(ApiPlace place, std::unique_ptr<Exchange> exchange) : place_(std::move(place)), exchange_(std::move(exchange)) {}

  /// `path` begins with '/' and is below the root. Errors: environment for every status but 2xx; see error_of().
  Result<Value> get(const std::string& path);
  Result<Value> send(const std::string& method, const std::string& path, const nlohmann::json& body);
  /// Like send(), but 409 and 422 are answers.
  Result<ApiAnswer> try_send(const std::string& method, const std::string& path, const nlohmann::json& body);
  /// All elements of a list that comes in pages (RFC 8288 links), at most 2,000.
  Result<std::vector<Value>> list(const std::string& path);

  /// What a refused call means, as one line and a hint.
  Error error_of(const std::string& method, const ApiAnswer& answer) const;
  const ApiPlace& place() const { return place_; }

 private:
  struct Call;
  Result<ApiAnswer> carry_out(const Call& call);
  Result<RawAnswer> exchange(const Call& call, const std::string& url);
  Result<RawAnswer> follow(const Call& call);
  Result<ApiAnswer> read(const Call& call, RawAnswer raw) const;
  std::optional<std::chrono::milliseconds> pause(const Call& call, const RawAnswer& answer, unsigned tries) const;
  http::Request request(const Call& call, const std::string& url) const;

  ApiPlace place_;
  std::unique_ptr<Exchange> exchange_;
};

}  // namespace oe::forge
