#include "http/libcurl/target.hpp"

#include <fmt/format.h>

#include "http/libcurl/handles.hpp"

namespace oe::http {

namespace {

std::string part_of(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, CURLU_DEFAULT_PORT) != CURLUE_OK) return {};
  return TextHandle(text).get();
}

}  // namespace

bool Target::is_this_machine() const {
  const bool is_ipv4 = host.find_first_not_of("0123456789.") == std::string::npos;
  return host == "localhost" || host.ends_with(".localhost") || (is_ipv4 && host.starts_with("127.")) ||
         host == "[::1]";
}

tl::expected<Target, Failure> read_target(const std::string& url) {
  const auto bad = [](std::string why) { return tl::unexpected(Failure{Fault::bad_url, std::move(why)}); };
  const UrlHandle parsed(curl_url());
  if (url.find('\0') != std::string::npos) return bad("the URL has a NUL in it");
  const CURLUcode code = curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), CURLU_NON_SUPPORT_SCHEME);
  if (code != CURLUE_OK) return bad(fmt::format("this is not an http or https URL: {}", curl_url_strerror(code)));
  const std::string scheme = part_of(parsed.get(), CURLUPART_SCHEME);
  if (scheme != "http" && scheme != "https") return bad(fmt::format("a URL of {} is not one of http or https", scheme));
  return Target{part_of(parsed.get(), CURLUPART_HOST), part_of(parsed.get(), CURLUPART_PORT), scheme == "https"};
}

}  // namespace oe::http
