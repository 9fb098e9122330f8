#include <algorithm>
#include <array>
#include <filesystem>
#include <fmt/core.h>

#include "oe/base/text.hpp"
#include "oe/graph/check.hpp"
#include "oe/graph/expression.hpp"

#include "formats/experience.hpp"

namespace oe::formats {

namespace {

constexpr std::string_view kFolderHint = "paths start at the folder of the workflow file";

bool is_module(const std::string& path) {
  constexpr std::array kExtensions = {".mjs", ".js", ".cjs"};
  const std::string extension = std::filesystem::path(path).extension().string();
  return std::ranges::find(kExtensions, extension) != kExtensions.end();
}

// The checks of the files that nodes name, also those in a body. An included workflow has been checked by itself.
class FileCheck {
 public:
  FileCheck(const doc::Document& document, const Files& files, Notes& notes)
      : document_(document), files_(files), notes_(notes) {}

  void run(const graph::Graph& graph, const graph::Fillers& fillers) {
    for (const graph::Node& node : graph.nodes) {
      fillers_ = &fillers;
      check(node);
      const graph::Graph* body = graph::body(node);
      if (body && !std::holds_alternative<graph::Subgraph>(node.work)) run(*body, fillers.inside(node));
    }
  }

  void operator()(const graph::Tool& tool) {
    if (!needs_file("/impl", tool.impl) || is_module(tool.impl)) return;
    if (files_.kind(tool.impl) == Files::Kind::executable) return;
    notes_.error(*spot("/impl"), fmt::format("'{}' is no ES module and cannot be executed", tool.impl),
                 fmt::format("chmod +x {}", shell_quote(tool.impl)));
  }
  void operator()(const graph::Command& command) {
    const auto* words = std::get_if<std::vector<std::string>>(&command.run);
    if (!words || words->empty()) return;
    const std::string& program = words->front();
    const bool is_path = program.find('/') != std::string::npos && graph::placeholders(program).empty();
    // Only a warning: a node before this one may make the program.
    if (!is_path || files_.kind(program) != Files::Kind::missing) return;
    notes_.warning(*spot("/run/0"), fmt::format("the program '{}' does not exist", program), std::string(kFolderHint));
  }
  void operator()(const graph::Agent& agent) {
    if (needs_file("/prompt", agent.prompt)) check_prompt(agent.prompt);
  }
  void operator()(const graph::Skill& skill) { needs_file("/impl", skill.impl); }
  void operator()(const graph::Dataset& dataset) { check_rows("/source", dataset); }
  void operator()(const graph::Each& pipeline) {
    if (pipeline.rows) check_rows("/items", *pipeline.rows);
  }
  template <class Other>
  void operator()(const Other&) {}

 private:
  void check(const graph::Node& node) {
    node_ = &node;
    const graph::Each* each = graph::each(node);
    if (each && each->rows) check_rows("/for_each/source", *each->rows);
    std::visit(*this, graph::leaf(node).work);
  }

  void check_rows(const std::string& below, const graph::Dataset& rows) {
    const auto* file = std::get_if<graph::FileSource>(&rows.source);
    const auto* base = std::get_if<graph::SqliteSource>(&rows.source);
    const std::string uri = file ? file->uri : base ? base->uri : "";
    if (graph::placeholders(uri).empty()) needs_file(below + "/uri", uri);
  }

  std::optional<Spot> spot(std::string_view below) const {
    const std::string path = fmt::format("{}{}", node_->where.path, below);
    const doc::Node* node = document_.at(path);
    return node ? std::optional(Spot{node, path}) : std::nullopt;
  }

  // True when the file is there. A name that could not be read is empty and was complained about.
  bool needs_file(std::string_view below, const std::string& path) {
    if (path.empty()) return false;
    const Files::Kind kind = files_.kind(path);
    if (kind == Files::Kind::file || kind == Files::Kind::executable) return true;
    notes_.error(*spot(below),
                 kind == Files::Kind::missing ? fmt::format("the file '{}' does not exist", path)
                                              : fmt::format("'{}' is a folder", path),
                 std::string(kFolderHint));
    return false;
  }

  void check_prompt(const std::string& path) {
    const Result<std::string> text = files_.read(path);
    if (!text) {
      notes_.error(*spot("/prompt"), text.error().message(), text.error().hint());
      return;
    }
    Problems warnings;
    for (const graph::Fillers::Unfilled& unfilled : fillers_->unfilled(*node_, *text)) {
      warnings.push_back({Severity::warning, place_in(*text, unfilled.begin, below(directory_of_workflow(), path)),
                          fmt::format("nothing fills '{{{{{}}}}}' of '{}': it stays as it is", unfilled.name, node_->id.text),
                          unfilled.hint});
    }
    notes_.append(std::move(warnings));
  }

  std::string directory_of_workflow() const {
    return std::filesystem::path(document_.name()).parent_path().string();
  }

  static Location place_in(std::string_view text, std::size_t offset, std::string file) {
    const std::string_view before = text.substr(0, offset);
    const std::size_t line_begin = before.rfind('\n') + 1;  // npos + 1 == 0
    return {.file = std::move(file),
            .line = static_cast<std::uint32_t>(1 + std::ranges::count(before, '\n')),
            .column = static_cast<std::uint32_t>(1 + offset - line_begin)};
  }

  const graph::Fillers* fillers_ = nullptr;
  const doc::Document& document_;
  const Files& files_;
  Notes& notes_;
  const graph::Node* node_ = nullptr;
};

}  // namespace

void check_files(const graph::Graph& graph, const doc::Document& document, const Files& files, Notes& notes) {
  FileCheck(document, files, notes).run(graph, graph::Fillers(graph));
}

}  // namespace oe::formats
