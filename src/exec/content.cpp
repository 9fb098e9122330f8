#include "oe/exec/content.hpp"

#include <algorithm>
#include <sys/stat.h>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "oe/base/box.hpp"
#include "oe/base/digest.hpp"
#include "oe/sys/file.hpp"

#include "exec/imports.hpp"

namespace oe::exec {
namespace fs = std::filesystem;

namespace {

using Digests = std::map<std::string, std::string>;

struct FileContent {
  std::string digest;
  std::vector<std::string> imports;  ///< relative to the file's directory
};

/// What tells one state of a file from another without reading it.
using Stamp = std::tuple<dev_t, ino_t, off_t, time_t, long, time_t, long>;

Stamp stamp_of(const struct stat& facts) {
  return {facts.st_dev,          facts.st_ino,         facts.st_size,        facts.st_mtim.tv_sec,
          facts.st_mtim.tv_nsec, facts.st_ctim.tv_sec, facts.st_ctim.tv_nsec};
}

bool is_source(const fs::path& file) {
  const auto extension = file.extension();
  return extension == ".py" || extension == ".mjs" || extension == ".js" || extension == ".cjs";
}

/// Reads each state of a file once in the life of this process: a thousand nodes with one tool cost one read.
class ContentCache {
 public:
  Result<FileContent> read(const fs::path& file, const struct stat& facts) {
    const Stamp stamp = stamp_of(facts);
    const auto known = known_.find(file.string());
    if (known != known_.end() && known->second.first == stamp) return known->second.second;
    OE_TRY(const std::string bytes, sys::read_file(file, kMaxContentBytes));
    FileContent content{sha256_hex(bytes),
                        is_source(file) ? relative_imports(bytes, file) : std::vector<std::string>{}};
    known_.insert_or_assign(file.string(), std::pair(stamp, content));
    return content;
  }

 private:
  static constexpr std::size_t kMaxContentBytes = std::size_t{1} << 30;
  std::unordered_map<std::string, std::pair<Stamp, FileContent>> known_;
};

ContentCache& cache() {
  thread_local ContentCache content;
  return content;
}

std::string shown_path(const fs::path& file, const fs::path& directory) {
  const fs::path relative = file.lexically_relative(directory);
  const bool is_below = !relative.empty() && *relative.begin() != "..";
  return is_below ? relative.generic_string() : file.generic_string();
}

/// Collects files and what they import.
class Collector {
 public:
  explicit Collector(const fs::path& directory) : directory_(fs::absolute(directory).lexically_normal()) {}

  Result<void> add(const fs::path& named) {
    const fs::path file = (directory_ / named).lexically_normal();
    struct stat facts {};
    if (::stat(file.c_str(), &facts) != 0 || !S_ISREG(facts.st_mode)) {
      digests_.emplace(shown_path(file, directory_), "");
      return {};
    }
    return add_existing(file, facts);
  }

  Digests take() && { return std::move(digests_); }

 private:
  Result<void> add_existing(const fs::path& file, const struct stat& facts) {
    const auto [place, is_new] = digests_.emplace(shown_path(file, directory_), "");
    if (!is_new) return {};
    OE_TRY(const FileContent content, cache().read(file, facts));
    place->second = content.digest;
    for (const std::string& import : content.imports) OE_CHECK(add_import(file, import));
    return {};
  }

  // Python's are guesses: of those only what is there counts.
  Result<void> add_import(const fs::path& from, const std::string& import) {
    const fs::path file = (from.parent_path() / import).lexically_normal();
    if (from.extension() == ".py" && !fs::is_regular_file(file)) return {};
    return add(resolved(file));
  }

  // CommonJS leaves the extension out, or means a directory.
  static fs::path resolved(const fs::path& file) {
    if (fs::is_regular_file(file)) return file;
    for (const char* ending : {".js", ".cjs", ".mjs", ".json", "/index.js"})
      if (const fs::path longer = file.string() + ending; fs::is_regular_file(longer)) return longer;
    return file;
  }

  fs::path directory_;
  Digests digests_;
};

bool has_placeholder(std::string_view text) {
  return text.find("{{") != std::string_view::npos;
}

Result<void> add_dataset(Collector& files, const graph::Dataset& dataset) {
  const std::string uri = std::visit(overloaded{[](const graph::FileSource& source) { return source.uri; },
                                                [](const graph::SqliteSource& source) { return source.uri; },
                                                [](const graph::McpSource& source) {
                                                  return (fs::path(source.directory) / "mcp.json").generic_string();
                                                },
                                                [](const auto&) { return std::string(); }},
                                     dataset.source);
  return uri.empty() || has_placeholder(uri) ? Result<void>() : files.add(uri);
}

// A word of an argument list that names a file is likely a script: ["python3", "tool.py"].
/// The words of a shell line as far as they can name files: cut at blanks, quotes and operators.
std::vector<std::string> words_of_shell(const std::string& line) {
  constexpr std::string_view kBetween = " \t\n'\"`;|&<>()=";
  std::vector<std::string> words;
  for (std::size_t begin = line.find_first_not_of(kBetween); begin != std::string::npos;) {
    const std::size_t end = std::min(line.find_first_of(kBetween, begin), line.size());
    words.push_back(line.substr(begin, end - begin));
    begin = line.find_first_not_of(kBetween, end);
  }
  return words;
}

Result<void> add_command(Collector& files, const fs::path& directory, const graph::Command& command) {
  const auto* line = std::get_if<std::string>(&command.run);
  const std::vector<std::string> words =
      line ? words_of_shell(*line) : std::get<std::vector<std::string>>(command.run);
  for (const std::string& word : words) {
    const bool is_program = !line && &word == &words.front();
    if (word.empty() || has_placeholder(word) || (is_program && word.find('/') == std::string::npos)) continue;
    std::error_code ignored;
    if (is_program || fs::is_regular_file(directory / word, ignored)) OE_CHECK(files.add(word));
  }
  return {};
}

Result<void> add_node(Collector& files, const graph::Node& node, const fs::path& directory);

Result<void> add_graph(Collector& files, const graph::Graph& graph, const fs::path& directory) {
  for (const graph::Node& node : graph.nodes) OE_CHECK(add_node(files, node, directory));
  return {};
}

Result<void> add_each(Collector& files, const graph::Each& each, const fs::path& directory) {
  if (each.rows) OE_CHECK(add_dataset(files, *each.rows));
  return add_graph(files, *each.body, directory);
}

// The reader has written the paths of a child from the directory of the outermost workflow.
Result<void> add_child(Collector& files, const graph::Subgraph& child, const fs::path& directory) {
  OE_CHECK(files.add(child.impl));
  return add_graph(files, *child.body, directory);
}

Result<void> add_node(Collector& files, const graph::Node& node, const fs::path& directory) {
  return std::visit(overloaded{[&](const graph::Tool& tool) { return files.add(tool.impl); },
                               [&](const graph::Command& command) { return add_command(files, directory, command); },
                               [&](const graph::Dataset& dataset) { return add_dataset(files, dataset); },
                               [&](const graph::Agent& agent) { return files.add(agent.prompt); },
                               [&](const graph::Skill& skill) { return files.add(skill.impl); },
                               [&](const graph::Subgraph& child) { return add_child(files, child, directory); },
                               [&](const graph::Each& each) { return add_each(files, each, directory); },
                               [&](const graph::Repeat& repeat) { return add_graph(files, *repeat.body, directory); },
                               [](const auto&) { return Result<void>(); }},
                    node.work);
}

}  // namespace

Result<std::map<std::string, std::string>> files_of(const graph::Node& node, const fs::path& directory) {
  Collector files(directory);
  OE_CHECK(add_node(files, node, directory));
  return std::move(files).take();
}

Result<std::string> content_digest(const graph::Graph& graph, std::string_view workflow_text,
                                   const fs::path& directory) {
  Collector files(directory);
  OE_CHECK(add_graph(files, graph, directory));
  std::string all = sha256_hex(workflow_text);
  for (const auto& [path, digest] : std::move(files).take()) all.append("\n").append(digest).append(" ").append(path);
  return sha256_hex(all);
}

}  // namespace oe::exec
