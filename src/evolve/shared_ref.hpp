#pragma once

#include <string>
#include <vector>

#include "oe/evolve/evolve.hpp"

namespace oe::evolve {

inline constexpr const char* kDecisionsRef = "refs/oe/decisions";
inline constexpr const char* kDecisionsFile = "decisions.jsonl";
inline constexpr const char* kEvidenceRefs = "refs/oe/evidence/";
inline constexpr const char* kNotesRef = "refs/notes/oe";
inline constexpr const char* kRemoteRefs = "refs/oe/remotes/";
inline constexpr const char* kRunsRefs = "refs/oe/runs/";

/// Where what a remote has is kept: "refs/oe/remotes/<remote>/".
std::string remote_prefix(const std::string& remote);

/// Makes ours the union of both sides, as the kind of the ref asks for: lines of decisions and files of runs are all
/// kept; of evidence the newer version is on top and the other one behind it. True when ours has changed.
Result<bool> unite(const EvolveContext& context, const std::string& ours, const std::string& theirs);

/// Lines, sorted and each one once.
std::string united_lines(const std::string& one, const std::string& other);

/// The file of a ref's newest commit; empty when there is no such ref or file.
Result<std::string> file_at(const git::Repository& repository, const std::string& ref, const std::string& file);

/// The head of a commit in a stream for git fast-import, up to its files; on top of the ref, where it exists.
std::string stream_head(const EvolveContext& context, const std::string& ref, bool exists, const std::string& message);

/// A commit of these changes on top of the ref, and the ref there.
Result<void> add_to(const EvolveContext& context, const std::string& ref, const std::vector<git::FileChange>& changes,
                    const std::string& message);

}  // namespace oe::evolve
