#include <algorithm>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/base/text.hpp"
#include "oe/doc/edit.hpp"
#include "oe/formats/edit.hpp"
#include "oe/graph/field_type.hpp"

namespace oe::formats {

namespace {

using Json = nlohmann::json;

constexpr std::string_view kRunConcurrency = "runtime.concurrency";

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

// "args.limits.most" of a node: what is missing on the way is made.
Result<void> set_member(EditChain& chain, std::string pointer, const std::vector<std::string>& names,
                        const Value& value) {
  for (std::size_t i = 0; i + 1 < names.size(); ++i) {
    if (!chain.has(pointer + "/" + names[i])) {
      Json inner = value.json();
      for (std::size_t last = names.size() - 1; last > i; --last) inner = Json{{names[last], std::move(inner)}};
      return chain.add(pointer, names[i], Value(std::move(inner)));
    }
    pointer += "/" + names[i];
  }
  return chain.set_or_add(pointer, names.back(), value);
}

// A list grows name by name, so that its layout and comments stay; any other change writes it anew.
Result<void> set_required(EditChain& chain, const std::string& schema, const Value& value) {
  const std::string pointer = schema + "/required";
  if (!chain.is_mapping(schema) || !value.is_array()) {
    return fail(ErrorKind::failed, fmt::format("'{}' in {} is no schema of an object that can require a list of names",
                                               schema, chain.document().name()));
  }
  if (!chain.has(pointer)) return chain.add(schema, "required", value);
  const Json old = doc::to_value(*chain.document().at(pointer)).json(), wanted = value.json();
  const bool grows =
      old.is_array() && old.size() <= wanted.size() && std::equal(old.begin(), old.end(), wanted.begin());
  if (!grows) {
    OE_CHECK(chain.remove(schema, "required"));
    return chain.add(schema, "required", value);
  }
  for (std::size_t index = old.size(); index < wanted.size(); ++index)
    OE_CHECK(chain.insert(pointer, index, Value(wanted[index])));
  return {};
}

Result<void> set_run_concurrency(EditChain& chain, const Value& value) {
  if (chain.has("/runtime")) return chain.set_or_add("/runtime", "concurrency", value);
  return chain.add("", "runtime", Value(Json{{"concurrency", value.json()}}));
}

Result<void> check_name(const std::string& name) {
  const std::vector<std::string>& known = parameters();
  const bool is_argument = name.starts_with("args.") && !name.ends_with('.') && name.find("..") == std::string::npos &&
                           name.find_first_of("/~") == std::string::npos;
  if (is_argument || std::find(known.begin(), known.end(), name) != known.end()) return {};
  const std::string hint = did_you_mean(name, known);
  return fail(ErrorKind::failed, fmt::format("no parameter is called '{}'", name),
              hint.empty() ? "one of: " + join(known, ", ") + ", args.<name>" : hint);
}

Result<void> set_parameter(EditChain& chain, const SetParameter& change) {
  OE_CHECK(check_name(change.name));
  if (change.name == kRunConcurrency) return set_run_concurrency(chain, change.value);
  OE_TRY(const std::size_t position, position_of(chain.document(), change.node));
  const std::string node = fmt::format("/graph/nodes/{}", position);
  if (change.name == "on_error") return set_on_error(chain, node, change.value);
  if (change.name.starts_with("for_each.") && !chain.has(node + "/for_each")) {
    return fail(ErrorKind::failed,
                fmt::format("the node at '{}' in {} has no for_each", node, chain.document().name()));
  }
  if (change.name == "schema.required") return set_required(chain, node + "/schema", change.value);
  return set_member(chain, node, split(change.name, '.'), change.value);
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

std::string_view merge_word(graph::Merge merge) {
  switch (merge) {
    case graph::Merge::last_wins:
      return "last_wins";
    case graph::Merge::set_once:
      return "set_once";
    case graph::Merge::array_append:
      return "array_append";
  }
  return "";
}

Result<void> append_field(EditChain& chain, const graph::StateField& field) {
  const Value value = field_value(field);
  if (!chain.has("/state")) return chain.add("", "state", Value(Json{{"schema", {{field.name, value.json()}}}}));
  if (!chain.has("/state/schema")) return chain.add("/state", "schema", Value(Json{{field.name, value.json()}}));
  return chain.add("/state/schema", field.name, value);
}

Result<void> append_edge(EditChain& chain, const graph::Edge& edge) {
  const doc::Node* edges = chain.document().at("/graph/edges");
  if (!edges) return chain.add("/graph", "edges", Value(Json::array({edge_value(edge).json()})));
  return chain.insert("/graph/edges", edges->resolved().items.size(), edge_value(edge));
}

}  // namespace

const std::vector<std::string>& parameters() {
  static const std::vector<std::string> names = {"timeout_ms",
                                                 "deadline_ms",
                                                 "on_error",
                                                 "model",
                                                 "temperature",
                                                 "max_tokens",
                                                 "prompt",
                                                 "phase",
                                                 "cache",
                                                 "join",
                                                 "for_each.concurrency",
                                                 "for_each.max_failed",
                                                 "for_each.batch",
                                                 "schema.required",
                                                 std::string(kRunConcurrency)};
  return names;
}

Value edge_value(const graph::Edge& edge) {
  Json value = {{"from", edge.from.text}, {"to", edge.to.text}};
  if (edge.on != graph::EdgeOn::success) value["on"] = end_word(edge.on);
  if (edge.when) value["when"] = *edge.when;
  if (edge.otherwise) value["else"] = true;
  return Value(std::move(value));
}

Value field_value(const graph::StateField& field) {
  Json value = Json::object();
  if (field.type != graph::FieldType::any) value["type"] = graph::to_string(field.type);
  if (field.merge != graph::Merge::last_wins) value["merge"] = merge_word(field.merge);
  if (!field.description.empty()) value["description"] = field.description;
  return Value(std::move(value));
}

Result<std::string> apply(const doc::Document& document, const SetParameter& change) {
  EditChain chain(document);
  OE_CHECK(set_parameter(chain, change));
  return chain.document().text();
}

Result<std::string> apply(const doc::Document& document, const InsertNode& change) {
  EditChain chain(document);
  for (const graph::StateField& field : change.fields) OE_CHECK(append_field(chain, field));
  OE_TRY(const std::size_t position, last_position_of(document, change.after));
  OE_CHECK(chain.insert("/graph/nodes", position + 1, change.node));
  for (const graph::Edge& edge : change.edges) OE_CHECK(append_edge(chain, edge));
  return chain.document().text();
}

}  // namespace oe::formats
