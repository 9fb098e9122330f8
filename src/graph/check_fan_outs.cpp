#include <algorithm>
#include <array>
#include <fmt/core.h>

#include "oe/base/text.hpp"

#include "graph/index.hpp"
#include "graph/path_text.hpp"
#include "graph/path_types.hpp"

namespace oe::graph {

namespace {

// The checks of what does work more than once: for_each, pipelines and loops.
class FanOutCheck {
 public:
  FanOutCheck(const Index& index, Problems& problems) : index_(index), problems_(problems) {}

  void run(std::size_t position) {
    node_ = &index_.graph.nodes[position];
    if (const auto* many = std::get_if<Each>(&node_->work)) check_each(*many);
    if (const auto* loop = std::get_if<Repeat>(&node_->work)) check_loop(*loop, position);
  }

 private:
  void check_each(const Each& many) {
    const bool is_pipeline = !each(*node_);
    name_ = fmt::format("{} '{}'", is_pipeline ? "pipeline" : "for_each of", node_->id.text);
    prefix_ = is_pipeline ? "" : "/for_each";
    if (is_pipeline && many.body->nodes.empty()) add("/stages", name_ + " has no stage", "name at least one node");
    if (!many.rows)
      check_source(many.source);
    else if (!std::holds_alternative<FileSource>(many.rows->source) &&
             !std::holds_alternative<SqliteSource>(many.rows->source))
      add(source_key(*node_), name_ + " goes over a source that is not read row by row",
          "load it with a dataset node first, and go over the field that it writes");
    else if (!many.source.empty())
      add(source_key(*node_), name_ + " has both a path and rows to go over", "take one of them out");
    if (!many.as.empty()) check_as(many.as);
    check_positive("/concurrency", many.concurrency);
    check_positive("/batch", many.batch);
    check_positive("/concurrency", many.lanes.value_or(1));
  }

  void check_source(const std::string& source) {
    const auto path = parse_path(source);
    if (!path) {
      add(source_key(*node_), fmt::format("{} goes over '{}', which is not a path", name_, ellipsis(source, 60)),
          "write '$.field' with the name of a list in the state");
      return;
    }
    PathTypes found = path_types(*path, source, index_.scope(node_->id.text));
    if (found.fault) {
      add(source_key(*node_), fmt::format("{} goes over '{}', and {}", name_, source, *found.fault), found.hint);
    } else if (!(found.types & kArray)) {
      add(source_key(*node_),
          fmt::format("{} goes over '{}', which is declared as something else than a list", name_, path->back()),
          fmt::format("declare 'type: array' for {}", path->back()));
    }
  }

  void check_as(const std::string& as) {
    constexpr std::array<std::string_view, 11> kTaken = {"item", "index", "iter",  "loop", "pipeline", "run",
                                                         "nodes", "in",   "true", "false", "null"};
    const std::string where = prefix_ + "/as";
    if (!is_identifier(as)) {
      add(where, fmt::format("'{}' cannot be the name of an item", ellipsis(as, 60)),
          "letters, digits and '_', no digit first");
    } else if (index_.field(as)) {
      add(where, fmt::format("{} calls its item '{}', which is a field of the state, too", name_, as),
          "choose another name");
    } else if (std::ranges::find(kTaken, as) != kTaken.end()) {
      add(where, fmt::format("{} calls its item '{}', which is a word of the language", name_, as),
          as == "item" ? "take it out: this name always works" : "choose another name");
    }
  }

  void check_positive(const char* key, std::uint32_t number) {
    if (number == 0) add(prefix_ + key, fmt::format("{}: must be at least 1, found 0", name_), "");
  }

  void check_loop(const Repeat& loop, std::size_t position) {
    if (loop.body->nodes.empty()) {
      add("/body", fmt::format("loop '{}' has no node", node_->id.text), "name at least one in body");
    }
    if (!loop.until && loop.max_rounds == 0) {
      add("", fmt::format("loop '{}' has no end", node_->id.text), "add 'until: ...' or 'max_iters: ...'");
    }
    const auto until = index_.untils.find(position);
    const bool constant = until != index_.untils.end() && until->second && until->second->is_constant();
    const Lookup nothing = [](std::string_view) { return std::optional<Value>(); };
    if (!constant || !until->second->holds(nothing)) return;
    problems_.push_back({.severity = Severity::warning,
                         .where = place_below(node_->where, "/until"),
                         .message = fmt::format("loop '{}' never runs: its 'until' always holds", node_->id.text)});
  }

  void add(std::string_view below, std::string message, std::string hint) {
    problems_.push_back(
        {.where = place_below(node_->where, below), .message = std::move(message), .hint = std::move(hint)});
  }

  const Index& index_;
  Problems& problems_;
  const Node* node_ = nullptr;
  std::string name_;
  std::string prefix_;
};

}  // namespace

void check_fan_outs(const Index& index, Problems& problems) {
  FanOutCheck check(index, problems);
  for (std::size_t i = 0; i < index.graph.nodes.size(); ++i) check.run(i);
}

}  // namespace oe::graph
