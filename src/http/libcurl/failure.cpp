#include "http/libcurl/failure.hpp"

#include <cerrno>
#include <fmt/format.h>
#include <system_error>

namespace oe::http {

namespace {

std::string seconds(std::chrono::milliseconds time) {
  return fmt::format("{:g} s", static_cast<double>(time.count()) / 1000);
}

/// One line, without the words that libcurl and OpenSSL put before the reason.
std::string reason_of(CURLcode code, std::string_view detail) {
  std::string reason(detail.empty() ? curl_easy_strerror(code) : detail);
  for (const std::string_view prefix : {"SSL certificate problem: ", "SSL: ", "error:"})
    if (reason.starts_with(prefix)) reason.erase(0, prefix.size());
  for (char& c : reason)
    if (static_cast<unsigned char>(c) < ' ') c = ' ';
  while (reason.ends_with(' ') || reason.ends_with('.')) reason.pop_back();
  return reason;
}

std::string connect_message(CURL* easy, const Target& target) {
  long code = 0;
  curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &code);
  if (code == ECONNREFUSED) return fmt::format("nobody listens at {} (connection refused)", target.name());
  const std::string why = code == 0 ? "" : ": " + std::generic_category().message(static_cast<int>(code));
  return fmt::format("cannot connect to {}{}", target.name(), why);
}

std::string timeout_message(CURL* easy, const Target& target, const Request& request) {
  curl_off_t connected = 0;  // microseconds until it was ready to send
  curl_easy_getinfo(easy, CURLINFO_PRETRANSFER_TIME_T, &connected);
  if (connected == 0)
    return fmt::format("no connection to {} within {}", target.name(), seconds(request.connect_timeout));
  return fmt::format("no whole answer from {} within {}", target.name(), seconds(request.timeout));
}

std::string cut_off_message(CURLcode code, std::string_view detail, const Target& target) {
  if (code == CURLE_GOT_NOTHING) return fmt::format("{} closed the connection without an answer", target.name());
  if (code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_WEIRD_SERVER_REPLY)
    return fmt::format("what {} sends is not HTTP", target.name());
  return fmt::format("the answer of {} stopped in the middle: {}", target.name(), reason_of(code, detail));
}

}  // namespace

Failure failure_of(CURLcode code, CURL* easy, std::string_view detail, const Target& target, const Request& request) {
  const auto because = [&](std::string_view what) { return fmt::format("{}: {}", what, reason_of(code, detail)); };
  switch (code) {
    case CURLE_URL_MALFORMAT:
      return {Fault::bad_url, because("this is not an http or https URL")};
    case CURLE_COULDNT_RESOLVE_HOST:
      return {Fault::connect, fmt::format("there is no host {}, or no network to ask for it", target.host)};
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_PROXY:
      return {Fault::connect,
              because(fmt::format("the proxy on the way to {} does not let us through", target.name()))};
    case CURLE_COULDNT_CONNECT:
      return {Fault::connect, connect_message(easy, target)};
    case CURLE_OPERATION_TIMEDOUT:
      return {Fault::timed_out, timeout_message(easy, target, request)};
    case CURLE_PEER_FAILED_VERIFICATION:
      return {Fault::tls, because(fmt::format("the certificate of {} is not trusted", target.name()))};
    case CURLE_SSL_CACERT_BADFILE:
      return {Fault::tls, because("the trusted certificates (CURL_CA_BUNDLE, SSL_CERT_FILE) cannot be read")};
    case CURLE_SSL_CONNECT_ERROR:
      return {Fault::tls, because(fmt::format("no TLS connection to {}", target.name()))};
    default:
      return {Fault::cut_off, cut_off_message(code, detail, target)};
  }
}

Failure idle_failure(const Target& target, const Request& request) {
  return {Fault::timed_out, fmt::format("not a byte from {} for {}", target.name(), seconds(request.idle_timeout))};
}

Failure body_too_large(const Target& target, const Request& request) {
  return {Fault::too_large, fmt::format("the answer of {} is larger than {} bytes", target.name(), request.max_bytes)};
}

Failure head_too_large(const Target& target) {
  return {Fault::too_large, fmt::format("the head of the answer of {} is too large", target.name())};
}

}  // namespace oe::http
