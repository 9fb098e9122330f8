#pragma once

#include <string>
#include <vector>

#include "oe/doc/document.hpp"
#include "oe/graph/graph.hpp"

namespace oe::formats {

// Typed changes to an experience.yaml, written by splicing: only the lines that must change do.

/// One parameter of a node, or of the runtime when `node` is empty. `name` is a row of parameters(), or "args." and the
/// path of an argument. A missing parameter (or missing mapping around it, but for for_each) is added.
struct SetParameter {
  NodeId node;
  std::string name;
  Value value;
  friend bool operator==(const SetParameter&, const SetParameter&) = default;
};

/// "timeout_ms", "on_error", "model", "for_each.concurrency", "schema.required", "runtime.concurrency", ...
const std::vector<std::string>& parameters();

/// A new node, as the format writes it, put right behind node `after` (or the last node in a pipeline or loop of that
/// name), its edges at the end of the list, and fields that it writes and that are not there yet at the end of the
/// state.
struct InsertNode {
  NodeId after;
  Value node;
  std::vector<graph::Edge> edges;
  std::vector<graph::StateField> fields;
  friend bool operator==(const InsertNode&, const InsertNode&) = default;
};

/// The new text of the file. Errors: failed, when the place is not there, is shared through an alias or
/// cannot be written safely.
Result<std::string> apply(const doc::Document& document, const SetParameter& change);
Result<std::string> apply(const doc::Document& document, const InsertNode& change);

/// An edge and a state field as the format writes them (the field without its name).
Value edge_value(const graph::Edge& edge);
Value field_value(const graph::StateField& field);

/// The text of a dataset file with one row more, in the file's own style (csv and tsv: its columns and
/// quoting; jsonl: one line; json: its indentation). Errors: failed, when the row does not fit.
Result<std::string> append_row(std::string_view text, graph::RowFormat format, const Value& row,
                               const std::string& name);

}  // namespace oe::formats
