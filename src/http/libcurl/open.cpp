#include <exception>
#include <fmt/format.h>

#include "http/libcurl/client.hpp"
#include "http/module.hpp"

namespace oe::http {
namespace {

Result<std::shared_ptr<Client>> open_with_libcurl(const std::shared_ptr<Reactor>& reactor) {
  const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (code != CURLE_OK)
    return fail(ErrorKind::environment, fmt::format("cannot start libcurl: {}", curl_easy_strerror(code)));
  return std::make_shared<LibcurlClient>(reactor);
}

}  // namespace
}  // namespace oe::http

extern "C" __attribute__((visibility("default"))) void oe_http_open_1(
    const std::shared_ptr<oe::http::Reactor>& reactor, oe::Result<std::shared_ptr<oe::http::Client>>& out) {
  try {
    out = oe::http::open_with_libcurl(reactor);
  } catch (const std::exception& error) {
    out = oe::fail(oe::ErrorKind::environment, std::string("cannot open an HTTP client: ") + error.what());
  }
}
