#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "oe/base/value.hpp"

#include "formats/notes.hpp"

namespace oe::formats {

enum class Need { optional, required };

/// What finish() does about keys that were never asked for; `slip` warns only when one looks like a known key.
enum class Unknown { error, warning, slip };

/// A word of the format and what it stands for.
template <class T>
using Word = std::pair<std::string_view, T>;

/// Reads the members of a mapping, each with its constraints, and notes every fault once. A faulty value reads like a
/// missing one. Asking for a key makes it known.
class Fields {
 public:
  /// Notes an error when the spot is no mapping; then every key is missing without a further word.
  Fields(Spot spot, Notes& notes);

  bool usable() const { return usable_; }
  const Spot& spot() const { return spot_; }
  Notes& notes() { return notes_; }

  std::optional<Spot> find(std::string_view key, Need need = Need::optional);
  std::string text(std::string_view key, Need need = Need::optional);
  /// The same, and it may not be empty.
  std::string filled_text(std::string_view key, Need need = Need::required);
  std::optional<std::int64_t> integer(std::string_view key, std::int64_t least,
                                      std::int64_t most = std::numeric_limits<std::int64_t>::max(),
                                      Need need = Need::optional);
  /// A number that is at least 0.
  std::optional<double> amount(std::string_view key);
  std::optional<bool> flag(std::string_view key);
  std::optional<std::chrono::milliseconds> milliseconds(std::string_view key, std::int64_t least);
  std::vector<std::string> texts(std::string_view key, Need need = Need::optional);
  std::vector<Spot> items(std::string_view key, Need need = Need::optional);
  Value object(std::string_view key);  ///< {} when missing
  Value any(std::string_view key);     ///< null when missing

  template <class T, std::size_t N>
  std::optional<T> choice(std::string_view key, const std::array<Word<T>, N>& words, Need need = Need::optional) {
    std::vector<std::string> names;
    for (const auto& [name, value] : words) names.emplace_back(name);
    const auto position = pick(key, names, need);
    return position ? std::optional(words[*position].second) : std::nullopt;
  }
  /// The position of the text in `names`.
  std::optional<std::size_t> pick(std::string_view key, std::span<const std::string> names, Need need);

  void finish(Unknown unknown, std::string_view hint = {});

 private:
  Spot spot_;
  Notes& notes_;
  bool usable_;
  std::vector<std::string> known_;
};

/// Nothing, with an error noted, when the spot is no string.
std::optional<std::string> text_at(const Spot& spot, Notes& notes);
std::vector<std::string> texts_at(const Spot& spot, Notes& notes);
/// One string, or a list of them.
std::vector<std::string> text_or_texts_at(const Spot& spot, Notes& notes);
/// A mapping of strings.
std::map<std::string, std::string> text_map_at(const Spot& spot, Notes& notes);
/// One whole number, or a list of them.
std::vector<int> integers_at(const Spot& spot, std::int64_t least, std::int64_t most, Notes& notes);
std::optional<std::int64_t> integer_at(const Spot& spot, std::int64_t least, std::int64_t most, Notes& notes);
/// ^[a-zA-Z_][a-zA-Z0-9_]*$
bool is_identifier(std::string_view text);
/// "the number 3", "a list", ... for messages.
std::string described(const doc::Node& node);

}  // namespace oe::formats
