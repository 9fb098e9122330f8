#include "http/libcurl/trust.hpp"

#include <cstdlib>
#include <filesystem>
#include <initializer_list>

namespace oe::http {

namespace {

constexpr const char* kHashed = "/etc/ssl/certs";

std::string first_set(std::initializer_list<const char*> names) {
  for (const char* name : names)
    if (const char* text = std::getenv(name); text != nullptr && *text != '\0') return text;
  return {};
}

}  // namespace

Trust Trust::of_environment() {
  if (std::string file = first_set({"CURL_CA_BUNDLE", "SSL_CERT_FILE"}); !file.empty()) return {std::move(file), {}};
  if (std::string directory = first_set({"SSL_CERT_DIR"}); !directory.empty()) return {{}, std::move(directory)};
  std::error_code error;
  return std::filesystem::is_directory(kHashed, error) ? Trust{{}, kHashed} : Trust{};
}

void Trust::apply(CURL* easy) const {
  if (file.empty() && directory.empty()) return;
  curl_easy_setopt(easy, CURLOPT_CAINFO, file.empty() ? nullptr : file.c_str());
  curl_easy_setopt(easy, CURLOPT_CAPATH, directory.empty() ? nullptr : directory.c_str());
}

}  // namespace oe::http
