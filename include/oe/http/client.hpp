#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oe/base/result.hpp"
#include "oe/sys/loop.hpp"

namespace oe::http {

struct Header {
  std::string name;
  std::string value;
  friend bool operator==(const Header&, const Header&) = default;
};
using Headers = std::vector<Header>;
/// The value of the first header of that name, in any case of letters; nothing when there is none.
std::optional<std::string_view> find(const Headers& headers, std::string_view name);

struct Request {
  std::string method = "GET";
  std::string url;  ///< http or https; redirects are not followed
  Headers headers;
  std::string body;
  std::chrono::milliseconds connect_timeout{5'000};
  std::chrono::milliseconds timeout{600'000};       ///< of the whole transfer
  std::chrono::milliseconds idle_timeout{120'000};  ///< without a byte
  std::size_t max_bytes = std::size_t{64} << 20;    ///< of the body, after decompression
};

/// Why a transfer gave no whole answer.
enum class Fault {
  bad_url,    ///< not an http(s) URL, or a method or header with a line break in it
  connect,    ///< no such host, nobody listens, the connection was refused
  tls,        ///< certificate or handshake
  timed_out,  ///< connect_timeout, idle_timeout or timeout
  cut_off,    ///< the peer closed in the middle, or what came is not HTTP
  too_large,  ///< more than max_bytes
};
struct Failure {
  Fault fault = Fault::connect;
  std::string message;  ///< one line, with host and port, without the query of the URL
};

/// All come from the loop, never from inside start(), in this order; none after cancel().
struct Events {
  std::function<void(int status, const Headers&)> on_head;  ///< once, when the final head is complete
  std::function<void(std::string_view)> on_bytes;           ///< pieces of the body, as they come
  std::function<void(std::optional<Failure>)> on_end;       ///< exactly once, last
};

/// Many transfers at once on one loop and one thread (libcurl's multi interface inside). Connections are kept and
/// used again, one pool a host. Proxies and CA files come from the usual variables (HTTPS_PROXY, NO_PROXY,
/// SSL_CERT_FILE, CURL_CA_BUNDLE).
class Client {
 public:
  virtual ~Client() = default;
  virtual std::uint64_t start(Request request, Events events) = 0;
  /// Closes the socket (resets the stream, where HTTP/2 shares one) at once. Unknown numbers are ignored.
  virtual void cancel(std::uint64_t transfer) = 0;
};

/// Loads libcurl, which costs 7 ms of process start, only now: it lives in liboe-http.so beside the program (or in
/// ../lib/oe). The loop must outlive the client. Errors: environment.
Result<std::shared_ptr<Client>> open_client(sys::EventLoop& loop);

}  // namespace oe::http
