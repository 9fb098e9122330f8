#include <algorithm>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/doc/edit.hpp"
#include "oe/formats/edit.hpp"

namespace oe::formats {

namespace {

using Json = nlohmann::json;

// The order of the format's own documentation, for what a file does not use yet.
const doc::KeyOrder& format_order() {
  static const doc::KeyOrder order = {
      "id",         "kind",        "phase",    "provider", "impl",     "run",    "prompt",      "ask",
      "question",   "choices",     "source",   "model",    "args",     "inputs", "reads",       "writes",
      "outputs",    "state_scope", "for_each", "join",     "on_error", "output", "schema",      "default",
      "timeout_ms", "deadline_ms", "budget",   "secrets",  "sandbox",  "cache",  "policy",      "attempts",
      "backoff",    "base_ms",     "max_ms",   "jitter",   "retry_on", "then",   "type",        "uri",
      "url",        "method",      "format",   "query",    "body",     "as",     "concurrency", "max_failed",
      "batch",      "from",        "to",       "on",       "when",     "else",   "title"};
  return order;
}

/// A chain of edits of one text, each on what the one before it made.
class EditChain {
 public:
  explicit EditChain(const doc::Document& document) : document_(document) {}

  const doc::Document& document() const { return document_; }
  bool has(const std::string& pointer) const { return document_.at(pointer) != nullptr; }
  bool is_mapping(const std::string& pointer) const {
    const doc::Node* node = document_.at(pointer);
    return node && node->resolved().kind == doc::NodeKind::mapping;
  }

  Result<void> set(const std::string& pointer, const Value& value) {
    return take(doc::set_scalar(document_, pointer, value));
  }
  Result<void> add(const std::string& pointer, const std::string& key, const Value& value) {
    return take(doc::add_member(document_, pointer, key, value, format_order()));
  }
  Result<void> remove(const std::string& pointer, const std::string& key) {
    return take(doc::remove_member(document_, pointer, key));
  }
  Result<void> insert(const std::string& pointer, std::size_t index, const Value& value) {
    return take(doc::insert_item(document_, pointer, index, value, format_order()));
  }
  Result<void> set_or_add(const std::string& pointer, const std::string& key, const Value& value) {
    const std::string member = pointer + "/" + key;
    return has(member) ? set(member, value) : add(pointer, key, value);
  }

 private:
  Result<void> take(Result<std::string> edited) {
    if (!edited) return fail(std::move(edited).error());
    OE_TRY(document_, doc::Document::parse(std::move(*edited), document_.name(), document_.limits()));
    return {};
  }

  doc::Document document_;
};

Error no_such_node(const doc::Document& document, const NodeId& id) {
  return Error(ErrorKind::failed, fmt::format("{} has no node '{}'", document.name(), id.text));
}

bool has_id(const doc::Node& entry, const std::string& id) {
  const doc::Node* name = entry.find("id");
  return name && name->resolved().text == id;
}

// Nodes of pipelines and loops stand in the list like all others.
std::optional<std::size_t> place_of_node(const doc::Document& document, const std::string& id) {
  const doc::Node* nodes = document.at("/graph/nodes");
  const std::size_t size = nodes ? nodes->resolved().items.size() : 0;
  for (std::size_t index = 0; index < size; ++index) {
    if (has_id(nodes->resolved().items[index], id)) return index;
  }
  return std::nullopt;
}

/// The entry of a pipeline or loop, and which of the two it is.
struct GroupEntry {
  const doc::Node* entry = nullptr;
  std::string_view word;
  const doc::Node* members() const { return entry->find(word == "pipeline" ? "stages" : "body"); }
};

GroupEntry group_of(const doc::Document& document, const std::string& id) {
  for (const auto& [list, word] : {std::pair{"/graph/pipelines", "pipeline"}, std::pair{"/graph/loops", "loop"}}) {
    const doc::Node* groups = document.at(list);
    if (!groups) continue;
    for (const doc::Node& entry : groups->resolved().items) {
      if (has_id(entry, id)) return {&entry, word};
    }
  }
  return {};
}

Result<std::size_t> position_of(const doc::Document& document, const NodeId& id) {
  if (const auto place = place_of_node(document, id.text)) return *place;
  const GroupEntry group = group_of(document, id.text);
  if (!group.entry) return fail(no_such_node(document, id));
  return fail(
      ErrorKind::failed,
      fmt::format("'{}' in {} is a {}: only single nodes have such settings", id.text, document.name(), group.word),
      "name one of the nodes in it");
}

// Behind a pipeline or loop is behind the last of its nodes.
Result<std::size_t> last_position_of(const doc::Document& document, const NodeId& id) {
  const GroupEntry group = place_of_node(document, id.text) ? GroupEntry() : group_of(document, id.text);
  const doc::Node* members = group.entry ? group.members() : nullptr;
  if (!members) return position_of(document, id);
  std::optional<std::size_t> last;
  const auto take = [&](const doc::Node& name) {
    last = std::max(last, place_of_node(document, name.resolved().text));
  };
  if (members->resolved().kind == doc::NodeKind::sequence)
    std::ranges::for_each(members->resolved().items, take);
  else
    take(*members);
  if (!last) return fail(no_such_node(document, id));
  return *last;
}

// Each parameter knows where it stands.
Result<void> set_timeout(EditChain& chain, const std::string& node, const Value& value) {
  return chain.set_or_add(node, "timeout_ms", value);
}

// Member by member, so that comments in the old mapping stay.
Result<void> set_on_error(EditChain& chain, const std::string& node, const Value& value) {
  const std::string pointer = node + "/on_error";
  if (!chain.has(pointer)) return chain.add(node, "on_error", value);
  if (!chain.is_mapping(pointer)) {
    return fail(ErrorKind::failed, fmt::format("'{}' in {} is not a mapping", pointer, chain.document().name()));
  }
  const Value old = doc::to_value(*chain.document().at(pointer));
  for (const std::string& key : format_order()) {
    if (value.json().contains(key)) OE_CHECK(chain.set_or_add(pointer, key, value.get(key)));
  }
  for (const auto& [key, member] : old.json().items()) {
    if (!value.json().contains(key)) OE_CHECK(chain.remove(pointer, key));
  }
  return {};
}

Result<void> set_item_concurrency(EditChain& chain, const std::string& node, const Value& value) {
  const std::string pointer = node + "/for_each";
  if (!chain.has(pointer)) {
    return fail(ErrorKind::failed,
                fmt::format("the node at '{}' in {} has no for_each", node, chain.document().name()));
  }
  return chain.set_or_add(pointer, "concurrency", value);
}

Result<void> set_run_concurrency(EditChain& chain, const Value& value) {
  if (chain.has("/runtime")) return chain.set_or_add("/runtime", "concurrency", value);
  return chain.add("", "runtime", Value(Json{{"concurrency", value.json()}}));
}

Result<void> set_parameter(EditChain& chain, const SetParameter& change) {
  if (change.name == "runtime.concurrency") return set_run_concurrency(chain, change.value);
  OE_TRY(const std::size_t position, position_of(chain.document(), change.node));
  const std::string node = fmt::format("/graph/nodes/{}", position);
  if (change.name == "timeout_ms") return set_timeout(chain, node, change.value);
  if (change.name == "on_error") return set_on_error(chain, node, change.value);
  if (change.name == "for_each.concurrency") return set_item_concurrency(chain, node, change.value);
  return fail(ErrorKind::bug, fmt::format("no parameter is called '{}'", change.name));
}

std::string_view end_word(graph::EdgeOn on) {
  switch (on) {
    case graph::EdgeOn::success:
      return "success";
    case graph::EdgeOn::failure:
      return "failure";
    case graph::EdgeOn::timeout:
      return "timeout";
    case graph::EdgeOn::end:
      return "end";
  }
  return "";
}

Value edge_value(const graph::Edge& edge) {
  Json value = {{"from", edge.from.text}, {"to", edge.to.text}};
  if (edge.on != graph::EdgeOn::success) value["on"] = end_word(edge.on);
  if (edge.when) value["when"] = *edge.when;
  if (edge.otherwise) value["else"] = true;
  return Value(std::move(value));
}

Result<void> append_edge(EditChain& chain, const graph::Edge& edge) {
  const doc::Node* edges = chain.document().at("/graph/edges");
  if (!edges) return chain.add("/graph", "edges", Value(Json::array({edge_value(edge).json()})));
  return chain.insert("/graph/edges", edges->resolved().items.size(), edge_value(edge));
}

}  // namespace

Result<std::string> apply(const doc::Document& document, const SetParameter& change) {
  EditChain chain(document);
  OE_CHECK(set_parameter(chain, change));
  return chain.document().text();
}

Result<std::string> apply(const doc::Document& document, const InsertNode& change) {
  EditChain chain(document);
  OE_TRY(const std::size_t position, last_position_of(document, change.after));
  OE_CHECK(chain.insert("/graph/nodes", position + 1, change.node));
  for (const graph::Edge& edge : change.edges) OE_CHECK(append_edge(chain, edge));
  return chain.document().text();
}

}  // namespace oe::formats
