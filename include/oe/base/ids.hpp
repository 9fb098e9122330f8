#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <ostream>
#include <string>

#include "oe/base/time.hpp"

namespace oe {

/// A string with a meaning: two different tags do not mix.
template <class Tag>
struct StrongString {
  std::string text;

  bool empty() const { return text.empty(); }
  friend auto operator<=>(const StrongString&, const StrongString&) = default;
  friend std::ostream& operator<<(std::ostream& out, const StrongString& id) { return out << id.text; }
};

using NodeId = StrongString<struct NodeIdTag>;
using RunId = StrongString<struct RunIdTag>;
/// The first 8 digits name a proposal to people and in its branch.
using Fingerprint = StrongString<struct FingerprintTag>;

/// "r-" + 9 base-32 digits of the milliseconds since 1970 + 4 of entropy: ids sort by time and survive two
/// runs in the same millisecond.
RunId make_run_id(Timestamp now, std::uint32_t entropy);

}  // namespace oe

template <class Tag>
struct std::hash<oe::StrongString<Tag>> {
  std::size_t operator()(const oe::StrongString<Tag>& id) const { return std::hash<std::string>{}(id.text); }
};
