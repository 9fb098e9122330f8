#include "formats/library.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/core.h>

#include "oe/base/text.hpp"

#include "formats/formats.hpp"

namespace oe::formats {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostDeep = 16;

// An included file may be wrong in a hundred places, and each says by itself how oe came there.
Problems included_by(const std::string& place, Problems problems) {
  for (Problem& problem : problems) {
    if (problem.message.find("(included by ") != std::string::npos) continue;
    problem.message += fmt::format(" (included by {})", place);
  }
  return problems;
}

Problem problem_of(const Error& error, const std::string& file) {
  Location where = error.location();
  if (where.file.empty()) where.file = file;
  return {.where = std::move(where), .message = error.message(), .hint = error.hint()};
}

}  // namespace

Files files_in(const Files& files, const std::string& directory) {
  if (directory.empty()) return files;
  return {.read = [files, directory](const std::string& path) { return files.read(below(directory, path)); },
          .kind = [files, directory](const std::string& path) { return files.kind(below(directory, path)); }};
}

std::size_t count_nodes(const graph::Graph& graph) {
  std::size_t count = 0;
  for (const graph::Node& node : graph.nodes) {
    const graph::Graph* body = graph::body(graph::leaf(node));
    count += 1 + (body ? count_nodes(*body) : 0);
  }
  return count;
}

Library::Library(const Files& files, std::string name)
    : files_(files), name_(std::move(name)), open_{fs::path(name_).filename().string()} {}

Result<Reading> Library::read_root(doc::Document document) {
  return read_any({.document = std::move(document), .directory = "", .files = files_, .library = *this});
}

const graph::Graph* Library::include(const std::string& path, const Spot& from, Notes& notes) {
  if (!may_open(path, from, notes)) return nullptr;
  auto known = read_.find(path);
  if (known == read_.end()) known = read_.emplace(path, read(path, to_string(notes.locate(from)), notes)).first;
  if (known->second) return &*known->second;
  notes.error(from, fmt::format("'{}' cannot be read", path));
  return nullptr;
}

bool Library::may_open(const std::string& path, const Spot& from, Notes& notes) const {
  std::vector<std::string> chain;
  for (const std::string& file : open_) chain.push_back(&file == &open_.front() ? name_ : shown(file));
  chain.push_back(shown(path));
  if (std::ranges::find(open_, path) != open_.end()) {
    notes.error(from, fmt::format("the experience includes itself: {}", join(chain, " -> ")),
                "use a loop to do something again");
    return false;
  }
  if (open_.size() <= kMostDeep) return true;
  notes.error(from, fmt::format("more than {} experiences inside of each other: {}", kMostDeep, join(chain, " -> ")));
  return false;
}

std::optional<graph::Graph> Library::read(const std::string& path, const std::string& includer, Notes& notes) {
  open_.push_back(path);
  Result<Reading> reading = reading_of(path);
  open_.pop_back();
  if (!reading) {
    notes.append(included_by(includer, {problem_of(reading.error(), shown(path))}));
    return std::nullopt;
  }
  notes.append(included_by(includer, std::move(reading->problems)));
  return std::move(reading->graph);
}

Result<Reading> Library::reading_of(const std::string& path) {
  OE_TRY(std::string text, files_.read(path));
  OE_TRY(doc::Document document, doc::Document::parse(std::move(text), shown(path)));
  const std::string directory = fs::path(path).parent_path().string();
  return read_any({std::move(document), directory, files_in(files_, directory), *this});
}

std::string Library::shown(const std::string& path) const {
  return below(fs::path(name_).parent_path().string(), path);
}

}  // namespace oe::formats
