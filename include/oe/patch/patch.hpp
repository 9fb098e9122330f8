#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

namespace oe::patch {

/// One file, whole, as it was and as it is to be; a path relative to the root of the tree, with "/".
struct FileEdit {
  std::string path;
  std::optional<std::string> before;  ///< nothing: the file is new
  std::string after;
  friend bool operator==(const FileEdit&, const FileEdit&) = default;
};

/// A relaxation that was needed to find a place or to read a line, weakest last. Each is named in the record of the
/// proposal (docs/patch.md says what each allows and what it demands as proof).
enum class Rung {
  exact,      ///< the bytes as given
  recount,    ///< the header's counts are not those of the body
  eol,        ///< line ends differ
  rstrip,     ///< blanks at the end of lines differ
  space,      ///< runs of blanks inside lines differ
  unicode,    ///< typographic quotes, dashes and blanks for ASCII ones
  prefix,     ///< a context line has lost its first blank
  reindent,   ///< the whole hunk stands at another depth
  shrink,     ///< outer context that is not in the file was left out
  skip,       ///< context lines of the file that the hunk leaves out, or paraphrases, were aligned
  elision,    ///< "..." stands for lines
  split,      ///< one hunk changes several places
  named,      ///< the name in the header says in which of several blocks
  sign,       ///< "-" was written where "+" was meant, or the other way round
  plus,       ///< a "+" was forgotten
  path,       ///< the path was normalised or completed
  target,     ///< no path was given, and one file fits
  decode,     ///< escapes of HTML or JSON were taken away
  whole,      ///< a whole file was given
};
std::string_view to_string(Rung rung);

/// How much of what was sent had to be believed. A `low` one is never sent on without a human.
enum class Grade { clean, repaired, low };
std::string_view to_string(Grade grade);

/// A change that has exactly one reading. Its files differ from what they were, and nothing of a model's context is in
/// them: line ends, indentation and the last newline are those of the file.
struct Patch {
  std::vector<FileEdit> files;  ///< by path
  std::vector<Rung> rungs;      ///< all that were needed, each once, in the order of the enumeration
  Grade grade = Grade::clean;
  friend bool operator==(const Patch&, const Patch&) = default;
};

enum class Reason {
  no_change_found,   ///< nothing in the text is a change
  truncated,         ///< the text ends in the middle
  not_found,         ///< no place fits
  ambiguous,         ///< several places, or several readings, fit
  duplicate,         ///< the change is there already
  no_effect,         ///< it changes nothing, or nothing but comments
  conflicting,       ///< two hunks want the same lines
  bad_path,          ///< no such file, several, or one that leaves the tree or is not to be written
  not_text,          ///< binary, mode change, symlink, submodule, deletion, rename
  not_valid,         ///< no reading gives a file that can be parsed, or that `accepts` takes
  too_large,
};
std::string_view to_string(Reason reason);

/// A place in a file that almost fits, or one of several that fit.
struct Place {
  std::string path;
  std::size_t line = 0;  ///< from 1
  std::string block;     ///< the id of the node around it; empty when there is none
  std::string lines;     ///< the file's own, as they stand there
  friend bool operator==(const Place&, const Place&) = default;
};

/// Why there is no Patch: good enough to ask the model once more.
struct Refusal {
  Reason reason = Reason::no_change_found;
  std::size_t hunk = 0;          ///< from 1, counted over the whole text; 0: not about one hunk
  std::string path;              ///< of the file, as far as it is known
  std::string message;           ///< one sentence: a line of at most 1000 bytes of UTF-8 without control characters
  std::vector<Place> candidates; ///< all that fit, or the nearest one, first in the file first; at most 5
  std::string sent;              ///< the hunk as it was read; empty: not about one hunk
  friend bool operator==(const Refusal&, const Refusal&) = default;
};
/// What to send back to the model: the hunk, why it does not fit, and what stands there.
std::string to_text(const Refusal& refusal);

/// The tree that a text is held against. Only what is named is read.
struct Tree {
  /// The bytes of a regular file; nothing when there is none.
  std::function<std::optional<std::string>(const std::string& path)> read;
  /// All paths that a patch may name; called only when a path is not found as it was given. May be empty.
  std::function<std::vector<std::string>()> paths;
};

/// What is known beside the text.
struct Request {
  std::string_view text;     ///< what the model sent, prose and all
  std::string target;        ///< the file that it was asked to change; empty: not known
  bool was_cut_off = false;  ///< the model stopped for its limit
  /// Called on each reading that is left (at most `most_readings` times); gives what is wrong with it, or an empty
  /// string. Of several readings, which all parse, the one that it takes is meant; of the only one it has to see itself
  /// whether that parses. Empty: every reading that parses is taken.
  std::function<std::string(const std::vector<FileEdit>&)> accepts;
  std::size_t most_readings = 16;
  std::size_t most_bytes = std::size_t{4} << 20;  ///< of the text
};

/// Finds the one change that the text means, or says why there is none. Reads unified diffs, V4A patches,
/// SEARCH/REPLACE blocks, whole files and JSON rows for a dataset, in prose, fences or bare, several files at once.
/// Places are found by content, never by line number; what has two places or two readings is refused. Pure but for
/// `tree`; never throws for what the text holds; time is linear in text and files but for repeated lines.
tl::expected<Patch, Refusal> operate(const Request& request, const Tree& tree);

}  // namespace oe::patch
