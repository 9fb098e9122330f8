#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "patch/change.hpp"
#include "patch/lines.hpp"

namespace oe::patch {

constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);

/// For each line of a hunk the line of the file that it is; kNowhere for "+" lines and for what is not in the file.
using Alignment = std::vector<std::size_t>;

/// How the hunk's indentation becomes the file's.
struct Fit {
  Rungs rungs = 0;
  int strength = 0;  ///< 0: the same, 1: a marker was lost or tabs stand for blanks, 2: another depth
  int delta = 0;     ///< blanks to add
  std::size_t blanks_a_tab = 0;
  bool to_tabs = false;
};
/// All ways that hold for every aligned line; none when the lines do not share one.
std::vector<Fit> fits_of(const Hunk& hunk, const FileText& file, const Alignment& at);
/// The line as the file would indent it; nothing when it cannot be.
std::optional<std::string> fitted(const Fit& fit, std::string_view line);

struct Placement {
  Alignment at;
  std::vector<Fit> fits;
  Rungs rungs = 0;
};

/// What a search gives. `is_many`: several places fit equally.
struct Search {
  std::vector<Placement> found;  ///< at most one, unless is_many; then at most 5
  bool is_many = false;
};

/// The old lines next to each other: at the strongest level that has a place at all.
Search find_contiguous(const Hunk& hunk, const FileText& file);
/// Every old line that the file has, in order, with little between them; lines that the file does not have may be left
/// out where that cannot matter.
Search find_aligned(const Hunk& hunk, const FileText& file);
/// For both: what an alignment needs, and which of several is meant.
Placement placement_of(const Hunk& hunk, const FileText& file, Alignment at);
void settle(Search& search, const Hunk& hunk, const FileText& file, std::vector<Placement> places);
/// Where the lines after the change stand already.
std::vector<std::size_t> places_after_change(const Hunk& hunk, const FileText& file);

/// The lines that belong to the block that `line` opens, or stands in: [first, second).
std::pair<std::size_t, std::size_t> block_at(const FileText& file, std::size_t line);
/// The block that a header names, when exactly one line does.
std::optional<std::pair<std::size_t, std::size_t>> named_block(const FileText& file, const Hunk& hunk);
/// The id of the node around a line; empty when there is none.
std::string id_around(const FileText& file, std::size_t line);

/// The edits of a hunk at a place, as small as they can be. Nothing: a "+" line cannot be indented as it must be.
std::optional<std::vector<Edit>> edits_at(const Hunk& hunk, const FileText& file, const Placement& place,
                                          const Fit& fit);

/// All readings of a hunk that have a proof. Errors: why there is none.
tl::expected<std::vector<Option>, Refusal> options_of(const Hunk& hunk, const FileText& file);
/// The same for a hunk as it is written, without a look at what its signs might have been.
tl::expected<std::vector<Option>, Refusal> options_as_written(const Hunk& hunk, const FileText& file);
/// Readings with other signs, where the header's counts or the file prove them.
std::vector<Option> options_with_other_signs(const Hunk& hunk, const FileText& file);
/// The hunk in pieces: at "...", or between its changes.
std::vector<Option> options_in_pieces(const Hunk& hunk, const FileText& file);

/// A refusal about one hunk, with the nearest block or the places given.
Refusal refused(Reason reason, std::string message, const Hunk& hunk, const FileText& file,
                const std::vector<std::size_t>& places = {});

}  // namespace oe::patch
