#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "oe/base/result.hpp"
#include "oe/doc/document.hpp"
#include "oe/graph/graph.hpp"

namespace oe::formats {

/// What a reader may ask about files; the same reader works on a disk and on a git tree.
struct Files {
  /// The bytes of a file, by a path relative to the workflow's directory (or absolute). Error when it is not
  /// there or too large.
  std::function<Result<std::string>(const std::string& path)> read;
  enum class Kind { missing, file, executable, directory };
  std::function<Kind(const std::string& path)> kind;
};

/// Files below a directory of the disk.
Files files_below(const std::string& directory);

/// What came of reading a workflow file: all that is wrong with it and with the workflows that it includes, and the
/// graph as far as it could be made. Every relative path in the graph, also of what is included, starts at the
/// directory of this file.
struct Reading {
  doc::Document document;
  graph::Graph graph;
  Problems problems;  ///< of the format, of the files it names and of graph::check, in file order; then those of
                      ///< included files
  bool usable() const { return !has_errors(problems); }
};

/// Reads a workflow in whatever format it is, and what it includes. `name` is the path that messages show. Errors only
/// when there is no tree at all (syntax, limits): everything else is in Reading::problems.
Result<Reading> read_workflow(std::string text, std::string name, const Files& files);

/// The file of the workflow that a path names: the file itself, or experience.yaml in a directory. Errors:
/// input, saying what was looked for.
Result<std::string> find_workflow(const std::string& path);

}  // namespace oe::formats
