#pragma once

#include <string>
#include <vector>

#include "oe/evolve/history.hpp"

namespace oe::evolve {

/// One content of a file, where it came into the history.
struct FileVersion {
  git::Oid commit;
  Timestamp time;
  std::string sha256;  ///< of its bytes; empty where the commit has no such file
  friend bool operator==(const FileVersion&, const FileVersion&) = default;
};

/// Which commits are walked.
enum class Line { all, first_parent };

/// The versions of a file behind `head`, newest first, at most 2,000. Errors: environment.
Result<std::vector<FileVersion>> file_versions(const git::Place& place, const git::Oid& head, const std::string& path,
                                               Line line = Line::all);

/// The bytes of the files "<commit>:<path>", in their order; nothing where there is none. One git process.
Result<std::vector<std::optional<std::string>>> read_blobs(const git::Place& place,
                                                           const std::vector<std::string>& names);

}  // namespace oe::evolve
