#include "http/libcurl/transfer.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <utility>

#include "oe/base/text.hpp"

#include "http/libcurl/failure.hpp"

namespace oe::http {

namespace {

constexpr long kBuffer = 16 << 10;  // bytes a transfer; libcurl's smallest for sending
constexpr std::size_t kMaxHead = std::size_t{256} << 10;

// libcurl would let children inherit its sockets, and a socket that a child holds does not close.
curl_socket_t open_socket(void*, curlsocktype, curl_sockaddr* address) {
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

bool is_sendable(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

}  // namespace

Transfer::Transfer(std::uint64_t number, Request request, Events events, std::vector<std::uint64_t>& fresh)
    : number_(number), request_(std::move(request)), events_(std::move(events)), fresh_(fresh) {}

Transfer& Transfer::of(CURL* easy) {
  void* self = nullptr;
  curl_easy_getinfo(easy, CURLINFO_PRIVATE, &self);
  return *static_cast<Transfer*>(self);
}

std::optional<Failure> Transfer::prepare(const Trust& trust) {
  auto target = read_target(request_.url);
  if (!target) return target.error();
  target_ = *std::move(target);
  if (!is_sendable(request_.method)) return Failure{Fault::bad_url, "the method has a line break in it"};
  easy_.reset(curl_easy_init());
  const auto set = [&](CURLoption option, auto value) { curl_easy_setopt(easy(), option, value); };
  set(CURLOPT_URL, request_.url.c_str());
  set(CURLOPT_PROTOCOLS_STR, target_.is_tls ? "https" : "http");
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_QUICK_EXIT, 1L);  // else a cancel waits for the thread that resolves a name
  set(CURLOPT_TCP_KEEPALIVE, 1L);
  set(CURLOPT_BUFFERSIZE, kBuffer);
  set(CURLOPT_UPLOAD_BUFFERSIZE, kBuffer);
  set(CURLOPT_HTTP_VERSION, static_cast<long>(target_.is_tls ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1));
  set(CURLOPT_PIPEWAIT,
      target_.is_tls ? 1L : 0L);  // a second one waits until it is known whether the first can be shared
  set(CURLOPT_ACCEPT_ENCODING, "gzip");
  set(CURLOPT_USERAGENT, "oe");
  if (target_.is_this_machine()) set(CURLOPT_PROXY, "");
  set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request_.connect_timeout.count()));
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(request_.timeout.count()));
  trust.apply(easy());
  set_method();
  set_callbacks();
  return set_headers();
}

void Transfer::set_method() {
  if (request_.method == "HEAD") {
    curl_easy_setopt(easy(), CURLOPT_NOBODY, 1L);
  } else if (request_.method == "POST" || !request_.body.empty()) {
    curl_easy_setopt(easy(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    curl_easy_setopt(easy(), CURLOPT_POSTFIELDS, request_.body.c_str());
  }
  if (request_.method != "HEAD") curl_easy_setopt(easy(), CURLOPT_CUSTOMREQUEST, request_.method.c_str());
}

void Transfer::set_callbacks() {
  curl_easy_setopt(easy(), CURLOPT_PRIVATE, this);
  curl_easy_setopt(easy(), CURLOPT_ERRORBUFFER, error_.data());
  curl_easy_setopt(easy(), CURLOPT_OPENSOCKETFUNCTION, &open_socket);
  curl_easy_setopt(easy(), CURLOPT_HEADERFUNCTION, &on_header);
  curl_easy_setopt(easy(), CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy(), CURLOPT_WRITEFUNCTION, &on_body);
  curl_easy_setopt(easy(), CURLOPT_WRITEDATA, this);
}

std::optional<Failure> Transfer::set_headers() {
  const auto add = [&](const std::string& line) {
    curl_slist* longer = curl_slist_append(headers_.get(), line.c_str());
    (void)headers_.release();
    headers_.reset(longer);
  };
  add("Expect:");  // libcurl would wait a second for a go-ahead that these servers do not send
  if (!find(request_.headers, "content-type")) add("Content-Type:");
  for (const auto& [name, value] : request_.headers) {
    if (!is_sendable(name) || !is_sendable(value))
      return Failure{Fault::bad_url, fmt::format("the header '{}' has a line break in it", ellipsis(name, 60))};
    add(value.empty() ? name + ";" : name + ": " + value);
  }
  curl_easy_setopt(easy(), CURLOPT_HTTPHEADER, headers_.get());
  return std::nullopt;
}

std::chrono::milliseconds Transfer::patience() {
  curl_off_t sent = 0;
  curl_easy_getinfo(easy(), CURLINFO_SIZE_UPLOAD_T, &sent);
  if (std::exchange(sent_, sent) != sent) last_byte_ = std::chrono::steady_clock::now();
  const auto waited = std::chrono::steady_clock::now() - last_byte_;
  return request_.idle_timeout - std::chrono::duration_cast<std::chrono::milliseconds>(waited);
}

std::size_t Transfer::on_header(char* data, std::size_t size, std::size_t count, void* self) {
  return static_cast<Transfer*>(self)->take_header_line({data, size * count}) ? size * count : 0;
}

std::size_t Transfer::on_body(char* data, std::size_t size, std::size_t count, void* self) {
  return static_cast<Transfer*>(self)->take_body({data, size * count}) ? size * count : 0;
}

bool Transfer::take_header_line(std::string_view line) {
  last_byte_ = std::chrono::steady_clock::now();
  head_bytes_ += line.size();
  if (head_bytes_ > kMaxHead) {
    failure_ = head_too_large(target_);
    return false;
  }
  if (has_head_) return true;  // trailers
  if (line.starts_with("HTTP/")) {
    head_.clear();
  } else if (const auto colon = line.find(':'); colon != std::string_view::npos) {
    head_.push_back({std::string(trim(line.substr(0, colon))), std::string(trim(line.substr(colon + 1)))});
  } else if (trim(line).empty()) {
    long status = 0;
    curl_easy_getinfo(easy(), CURLINFO_RESPONSE_CODE, &status);
    has_head_ = is_head_due_ = status >= 200;  // those below only say that the final one will come
    note();
  }
  return true;
}

bool Transfer::take_body(std::string_view bytes) {
  last_byte_ = std::chrono::steady_clock::now();
  if (bytes.size() > request_.max_bytes - body_bytes_) {
    failure_ = body_too_large(target_, request_);
    return false;
  }
  body_bytes_ += bytes.size();
  due_bytes_ += bytes;
  note();
  return true;
}

void Transfer::note() {
  if (std::exchange(is_fresh_, true)) return;
  fresh_.push_back(number_);
}

void Transfer::end(CURLcode code) {
  // What libcurl says of a single line that is too long for it.
  if (code == CURLE_OUT_OF_MEMORY && !has_head_) failure_ = head_too_large(target_);
  if (code != CURLE_OK && !failure_) failure_ = failure_of(code, easy(), error_.data(), target_, request_);
  has_ended_ = true;
  note();
}

void Transfer::end(Failure failure) {
  failure_ = std::move(failure);
  has_ended_ = true;
  note();
}

void Transfer::deliver() {
  is_fresh_ = false;
  if (!is_silent_ && std::exchange(is_head_due_, false) && events_.on_head) {
    long status = 0;
    curl_easy_getinfo(easy(), CURLINFO_RESPONSE_CODE, &status);
    events_.on_head(static_cast<int>(status), head_);
  }
  if (const std::string bytes = std::exchange(due_bytes_, {}); !is_silent_ && !bytes.empty() && events_.on_bytes)
    events_.on_bytes(bytes);
  if (!is_silent_ && has_ended_ && events_.on_end) events_.on_end(failure_);
}

}  // namespace oe::http
