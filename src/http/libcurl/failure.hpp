#pragma once

#include <curl/curl.h>
#include <string_view>

#include "oe/http/client.hpp"

#include "http/libcurl/target.hpp"

namespace oe::http {

/// What a transfer that libcurl ended with `code` says to people. `detail` is its error buffer.
Failure failure_of(CURLcode code, CURL* easy, std::string_view detail, const Target& target, const Request& request);

Failure idle_failure(const Target& target, const Request& request);
Failure body_too_large(const Target& target, const Request& request);
Failure head_too_large(const Target& target);

}  // namespace oe::http
