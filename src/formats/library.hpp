#pragma once

#include <map>
#include <string>
#include <vector>

#include "formats/experience.hpp"

namespace oe::formats {

/// The workflows that one reading comes across, each read once. Paths are relative to the root workflow's directory.
class Library {
 public:
  /// `name` is what messages call the root workflow.
  Library(const Files& files, std::string name);

  Result<Reading> read_root(doc::Document document);

  /// An included workflow; its problems are noted the first time. nullptr, with an error at the spot, when it cannot
  /// be read at all.
  const graph::Graph* include(const std::string& path, const Spot& from, Notes& notes);

 private:
  std::optional<graph::Graph> read(const std::string& path, const std::string& includer, Notes& notes);
  Result<Reading> reading_of(const std::string& path);
  bool may_open(const std::string& path, const Spot& from, Notes& notes) const;
  std::string shown(const std::string& path) const;

  Files files_;
  std::string name_;
  std::vector<std::string> open_;                            ///< the chain of includes that is being read
  std::map<std::string, std::optional<graph::Graph>> read_;  ///< nothing: it cannot be read at all
};

/// The same files by paths relative to `directory`.
Files files_in(const Files& files, const std::string& directory);

/// A graph and all graphs in it have at most so many nodes.
inline constexpr std::size_t kMostNodes = 200'000;
std::size_t count_nodes(const graph::Graph& graph);

}  // namespace oe::formats
