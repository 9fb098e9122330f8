#pragma once

#include <gtest/gtest.h>
#include <map>

#include "oe/formats/reader.hpp"

namespace oe::formats {

/// Files of a workflow held in memory, as a git tree would give them. A name in `programs` can be executed, "dir" is a
/// folder.
inline Files files_in_memory(std::map<std::string, std::string> texts, std::vector<std::string> programs = {}) {
  return {.read = [texts](const std::string& path) -> Result<std::string> {
            const auto found = texts.find(path);
            if (found == texts.end()) return fail(ErrorKind::environment, "cannot read " + path);
            return found->second;
          },
          .kind =
              [texts, programs](const std::string& path) {
                if (path == "dir") return Files::Kind::directory;
                if (std::find(programs.begin(), programs.end(), path) != programs.end()) return Files::Kind::executable;
                return texts.contains(path) ? Files::Kind::file : Files::Kind::missing;
              }};
}

inline Files some_files() {
  return files_in_memory({{"t.mjs", ""},
                          {"t.py", ""},
                          {"p.md", "Say {{x}}"},
                          {"SKILL.md", ""},
                          {"child.yaml",
                           "name: child\nversion: 0.1.0\nstate: {schema: {z: {}}}\ngraph: {nodes: [{id: c, kind: "
                           "command, run: [echo], writes: [z]}], edges: []}\n"},
                          {"r.json", ""},
                          {"r.jsonl", ""},
                          {"r.ndjson", ""},
                          {"r.csv", ""},
                          {"r.tsv", ""},
                          {"r.dat", ""},
                          {"r.parquet", ""},
                          {"r.sqlite", ""}},
                         {"run.sh", "t"});
}

inline Reading read(const std::string& text, const Files& files = some_files()) {
  Result<Reading> reading = read_workflow(text, "w", files);
  if (!reading) throw std::runtime_error(reading.error().to_string());
  return *reading;
}

inline std::vector<std::string> problems_in(const std::string& text, const Files& files = some_files()) {
  std::vector<std::string> lines;
  for (const Problem& problem : read(text, files).problems) lines.push_back(to_string(problem));
  return lines;
}

/// A sound workflow around the given items of graph.nodes; the first of them stands in line 6.
inline std::string with_nodes(const std::string& nodes, const std::string& rest = "  edges: []\n") {
  return "name: w\nversion: 0.1.0\nstate: {schema: {x: {}, y: {}, rows: {type: array}}}\ngraph:\n  nodes:\n" + nodes +
         rest;
}

/// The one node of such a workflow.
inline graph::Node node_from(const std::string& node) {
  return read(with_nodes(node)).graph.nodes.at(0);
}

}  // namespace oe::formats
