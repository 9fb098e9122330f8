#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "llm/wire.hpp"

namespace oe::llm {

/// The most that one event or line of a stream may have, in bytes.
inline constexpr std::size_t kMaxEvent = std::size_t{8} << 20;
/// The most that the text of one answer may have, in bytes.
inline constexpr std::size_t kMaxText = std::size_t{16} << 20;

/// A reply as far as it has been read. The first failure stays; nothing after it counts.
class Draft {
 public:
  explicit Draft(std::string request_id) { reply_.request_id = std::move(request_id); }

  /// The member of an object; nullptr when it is absent or null. A member whose name is one byte off says that the
  /// bytes were damaged on their way: that is garbled, as the text could lack a piece otherwise.
  const nlohmann::json* find(const nlohmann::json& object, std::string_view key);
  /// The same for a string; another type is garbled.
  std::optional<std::string_view> text(const nlohmann::json& object, std::string_view key);
  /// The same where it must be: without it the reply is garbled.
  const nlohmann::json* must_find(const nlohmann::json& object, std::string_view key);
  std::optional<std::string_view> must_text(const nlohmann::json& object, std::string_view key);
  /// Of tokens; nothing when it is absent or no whole number.
  std::optional<std::uint64_t> count(const nlohmann::json& object, std::string_view key);

  void say(std::string_view text);     ///< a piece of the answer
  void refuse(std::string_view text);  ///< a piece of why the model would not
  /// How the API says that the answer ended; garbled when it ended in a way that we cannot use.
  void end(Ending ending, std::string_view reason);
  void fail(Ending ending, std::string error);
  void close() { is_closed_ = true; }  ///< the last event came

  void set_usage(const Usage& usage) { reply_.usage = usage; }
  void set_model(std::optional<std::string_view> model);
  void set_id(std::optional<std::string_view> id);  ///< unless the head had one

  bool is_failed() const { return is_failed_; }
  bool is_closed() const { return is_closed_; }
  bool has_ended() const { return ending_.has_value(); }
  const std::string& said() const { return reply_.text; }
  const std::string& refusal() const { return refusal_; }
  const std::optional<Usage>& usage() const { return reply_.usage; }

  Reply take();

 private:
  Reply reply_;
  std::string refusal_;
  std::optional<Ending> ending_;
  bool is_failed_ = false;
  bool is_closed_ = false;
};

}  // namespace oe::llm
