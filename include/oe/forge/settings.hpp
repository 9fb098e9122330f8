#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "oe/base/result.hpp"
#include "oe/base/time.hpp"

namespace oe::forge {

enum class Kind { github, gitlab, gitea };
std::string_view to_string(Kind kind);   ///< "github"; what the record has
std::string_view shown_name(Kind kind);  ///< "GitHub"
/// "forgejo" is gitea: it speaks the same API. Nothing for any other word.
std::optional<Kind> kind_named(std::string_view word);

/// quiet opens nothing, standard keeps to the limits, lab opens only what is asked for by its id, without limits.
enum class Preset { quiet, standard, lab };
std::string_view to_string(Preset preset);

/// `forge:` and `submit:` of .openexpertise/config.yaml.
struct Settings {
  std::optional<Kind> forge;
  Preset preset = Preset::standard;
  std::size_t most_open = 3;
  std::size_t most_a_day = 1;
  bool draft = false;
  std::string remote;  ///< empty: origin
  std::string base;    ///< empty: the default branch of the remote
  std::vector<std::string> labels;
  friend bool operator==(const Settings&, const Settings&) = default;
};

/// Other keys at the top are somebody else's. Errors: input, with all that is wrong, each with its place.
Result<Settings> read_settings(std::string text, std::string name);

/// An open change request of oe, for counting.
struct OpenedRequest {
  std::string url;
  std::string title;
  Timestamp opened_at;
  bool is_open = false;  ///< as far as the record knows
};

/// Why one more may not be opened now, as one Error (failed) that says which limit and what is open; nothing when it
/// may. `asked` says that somebody named the proposal. A day is the 24 hours before `now`.
std::optional<Error> over_limit(const Settings& settings, std::span<const OpenedRequest> requests, Timestamp now,
                                bool asked);

}  // namespace oe::forge
