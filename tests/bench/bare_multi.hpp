#pragma once

#include <cstddef>
#include <string>
#include <vector>

/// POSTs `body` to `url` so many times with nothing but libcurl's multi handle and epoll: the floor that model calls
/// are measured against. Returns how many answers had status 200.
std::size_t bare_multi(const std::string& url, const std::vector<std::string>& headers, const std::string& body,
                       std::size_t calls, std::size_t at_once);
