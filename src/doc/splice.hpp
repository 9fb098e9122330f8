#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "doc/place.hpp"

namespace oe::doc {

/// Bytes [begin, end) of a text give way to others.
struct Splice {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string text;
};
using Splices = std::vector<Splice>;

/// Carries out splices that do not overlap (those at one place in their order), reads the result again and compares it
/// with the tree that was meant. Errors: failed, when it reads as anything else. `doing` completes "cannot ...".
Result<std::string> splice(const Document& document, Splices splices, const nlohmann::json& intended,
                           std::string_view doing);

/// The same for splices that depend on the layout: in the style of the document, and where that does not come out as
/// meant, without literal blocks (at the end of a file that lacks its last line end, such a block loses its own).
Result<std::string> splice_in_style(const Document& document, const std::function<Splices(const Layout&)>& splices,
                                    const nlohmann::json& intended, std::string_view doing);

/// The plain tree of a document, to be changed into what an edit means.
nlohmann::json tree_of(const Document& document);

}  // namespace oe::doc
