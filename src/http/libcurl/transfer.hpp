#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oe/http/client.hpp"
#include "oe/sys/loop.hpp"

#include "http/libcurl/handles.hpp"
#include "http/libcurl/target.hpp"
#include "http/libcurl/trust.hpp"

namespace oe::http {

/// One request and its answer. libcurl's callbacks only put down what came; deliver() hands it on when libcurl is not
/// on the stack, so that whoever listens may start, cancel and destroy.
class Transfer {
 public:
  /// `fresh` gets the number when there is something to deliver; it must outlive the transfer.
  Transfer(std::uint64_t number, Request request, Events events, std::vector<std::uint64_t>& fresh);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  /// Makes the libcurl handle. Fails with bad_url.
  std::optional<Failure> prepare(const Trust& trust);
  CURL* easy() const { return easy_.get(); }
  static Transfer& of(CURL* easy);

  const Request& request() const { return request_; }
  const Target& target() const { return target_; }
  /// How long it may still be without a byte, either way.
  std::chrono::milliseconds patience();

  void end(CURLcode code);  ///< as libcurl says
  void end(Failure failure);
  bool has_ended() const { return has_ended_; }
  /// No event from now on.
  void silence() { is_silent_ = true; }
  void deliver();

  sys::TimerId idle_timer;

 private:
  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
  bool take_header_line(std::string_view line);
  bool take_body(std::string_view bytes);
  void set_method();
  void set_callbacks();
  std::optional<Failure> set_headers();
  void note();

  std::uint64_t number_;
  Request request_;
  Events events_;
  std::vector<std::uint64_t>& fresh_;
  Target target_;
  EasyHandle easy_;
  ListHandle headers_;
  std::array<char, CURL_ERROR_SIZE> error_{};

  Headers head_;
  std::chrono::steady_clock::time_point last_byte_ = std::chrono::steady_clock::now();
  curl_off_t sent_ = 0;  ///< when it was last looked at
  std::size_t head_bytes_ = 0;
  std::size_t body_bytes_ = 0;
  bool has_head_ = false;  ///< complete

  bool is_fresh_ = false;
  bool is_head_due_ = false;
  std::string due_bytes_;
  bool has_ended_ = false;
  bool is_silent_ = false;
  std::optional<Failure> failure_;  ///< ours wins over that of libcurl, which only says that we refused
};

}  // namespace oe::http
