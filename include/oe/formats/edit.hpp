#pragma once

#include <string>
#include <vector>

#include "oe/doc/document.hpp"
#include "oe/graph/graph.hpp"

namespace oe::formats {

// Typed changes to an experience.yaml, written by splicing: only the lines that must change do.

/// One parameter of a node, or of the runtime when `node` is empty. `name` is one of: "timeout_ms",
/// "on_error", "for_each.concurrency", "runtime.concurrency". A missing parameter (or missing mapping around
/// it) is added.
struct SetParameter {
  NodeId node;
  std::string name;
  Value value;
  friend bool operator==(const SetParameter&, const SetParameter&) = default;
};

/// A new node, as the format writes it, put right behind node `after` (or the last node in a pipeline or loop of that
/// name), and its edges at the end of the list.
struct InsertNode {
  NodeId after;
  Value node;
  std::vector<graph::Edge> edges;
  friend bool operator==(const InsertNode&, const InsertNode&) = default;
};

/// The new text of the file. Errors: failed, when the place is not there, is shared through an alias or
/// cannot be written safely.
Result<std::string> apply(const doc::Document& document, const SetParameter& change);
Result<std::string> apply(const doc::Document& document, const InsertNode& change);

/// The text of a dataset file with one row more, in the file's own style (csv and tsv: its columns and
/// quoting; jsonl: one line; json: its indentation). Errors: failed, when the row does not fit.
Result<std::string> append_row(std::string_view text, graph::RowFormat format, const Value& row,
                               const std::string& name);

}  // namespace oe::formats
