#pragma once

#include <curl/curl.h>
#include <memory>

#include "oe/base/free_with.hpp"

namespace oe::http {

using EasyHandle = std::unique_ptr<CURL, FreeWith<curl_easy_cleanup>>;
using MultiHandle = std::unique_ptr<CURLM, FreeWith<curl_multi_cleanup>>;
using ListHandle = std::unique_ptr<curl_slist, FreeWith<curl_slist_free_all>>;
using UrlHandle = std::unique_ptr<CURLU, FreeWith<curl_url_cleanup>>;
using TextHandle = std::unique_ptr<char, FreeWith<curl_free>>;

}  // namespace oe::http
