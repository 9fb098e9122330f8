#include <algorithm>
#include <fmt/format.h>
#include <ranges>

#include "oe/forge/forge.hpp"

namespace oe::forge {

namespace {

constexpr std::string_view kMarkerStart = "<!-- oe:comment ";

}  // namespace

Result<void> say_once(Forge& forge, std::uint64_t number, const std::string& marker, const std::string& text) {
  const std::string hidden = fmt::format("{}{} -->", kMarkerStart, marker);
  const std::string body = text + "\n\n" + hidden;
  OE_TRY(const auto comments, forge.comments(number));
  const auto ours = std::ranges::find_if(
      comments, [&](const Comment& comment) { return comment.body.find(hidden) != std::string::npos; });
  if (ours == comments.end()) return forge.add_comment(number, body);
  return ours->body == body ? Result<void>() : forge.edit_comment(number, ours->id, body);
}

Result<std::string> last_words(Forge& forge, const ChangeRequest& request) {
  OE_TRY(const auto comments, forge.comments(request.number));
  for (const Comment& comment : comments | std::views::reverse) {
    const bool is_oe = comment.body.find(kMarkerStart) != std::string::npos;
    if (!is_oe && (request.ended_by.empty() || comment.author == request.ended_by)) return comment.body;
  }
  return std::string();
}

}  // namespace oe::forge
