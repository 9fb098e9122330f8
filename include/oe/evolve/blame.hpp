#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "oe/evolve/history.hpp"
#include "oe/evolve/realised.hpp"

namespace oe::evolve {

/// A proposal that put something where it is.
struct BlamedProposal {
  LandedProposal landed;
  std::optional<AfterMerge> since;  ///< what came of it; nothing where no record of it is here
};

/// A node of a workflow file, or one of its values, and who put it there last.
struct BlamedPlace {
  std::string node;     ///< its id; empty: no node's
  std::string pointer;  ///< RFC 6901, in the file
  std::string name;     ///< of the value, as its key; empty: the node itself
  std::string value;    ///< as written, in one line
  std::uint32_t line = 0;
  PastCommit commit;  ///< the newest of those that put its lines there
  std::vector<std::string> runs;  ///< that the commit names
  std::vector<BlamedProposal> proposals;
};

/// Of a workflow file at HEAD, in the order of the file; with `node` only that node. By git's own blame, so a rename of
/// the file is followed. Errors: input (HEAD has no such file, it is no YAML or JSON, it has no such node),
/// environment.
Result<std::vector<BlamedPlace>> blame(const HistoryContext& context, const std::string& path, const std::string& node);

}  // namespace oe::evolve
