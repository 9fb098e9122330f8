#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oe::git {

struct Trailer {
  std::string key;
  std::string value;
  friend bool operator==(const Trailer&, const Trailer&) = default;
};

/// The "Key: value" lines at the end of a commit message, by the rule of `git interpret-trailers --parse`: the last
/// paragraph, when it is not the first and has no other lines, or has a line that git itself writes there
/// ("Signed-off-by:", "(cherry picked from commit") and at most three others for each trailer. A line that begins with a
/// blank goes on with the one before.
std::vector<Trailer> trailers(std::string_view message);

/// The value of the last trailer of that name, in any case of letters.
std::optional<std::string> find_trailer(const std::vector<Trailer>& trailers, std::string_view key);

}  // namespace oe::git
