#include <fmt/core.h>

#include "oe/base/text.hpp"
#include "oe/graph/check.hpp"

#include "graph/index.hpp"

namespace oe::graph {

namespace {

// The checks of what a single node does, apart from its neighbours.
class WorkCheck {
 public:
  WorkCheck(const Index& index, Problems& problems) : index_(index), fillers_(index.graph), problems_(problems) {}

  void run(const Node& node) {
    node_ = &node;
    if (const Each* loop = each(node)) check_source(loop->source);
    std::visit(*this, leaf(node).work);
  }

  void operator()(const Dataset&) { needs_one_write("a dataset puts its rows into exactly one field"); }
  void operator()(const Skill&) { needs_one_write("a skill puts its answer into exactly one field"); }
  void operator()(const Agent& agent) {
    if (!agent.schema.is_object()) needs_one_write("an agent without a schema puts its answer into exactly one field");
  }
  void operator()(const CliAgent& agent) {
    if (agent.output != CaptureAs::json) needs_json("output_format: json", agent.output);
    check_template(agent.prompt, "/prompt", Severity::warning, "stays as it is");
  }
  void operator()(const Command& command) {
    if (command.output != CaptureAs::json) needs_json("output: json", command.output);
    if (const auto* line = std::get_if<std::string>(&command.run)) {
      check_template(*line, "/run", Severity::error, "would fail");
      return;
    }
    const auto& words = std::get<std::vector<std::string>>(command.run);
    for (std::size_t i = 0; i < words.size(); ++i) {
      check_template(words[i], fmt::format("/run/{}", i), Severity::error, "would fail");
    }
  }
  template <class Other>
  void operator()(const Other&) {}

 private:
  void add(Severity severity, std::string_view below, std::string message, std::string hint) {
    problems_.push_back({severity, place_below(node_->where, below), std::move(message), std::move(hint)});
  }

  void needs_one_write(std::string_view rule) {
    if (node_->writes.size() == 1) return;
    add(Severity::error, "/writes",
        fmt::format("{}, and '{}' names {}", rule, node_->id.text,
                    node_->writes.empty() ? "none" : std::to_string(node_->writes.size())),
        "give it one name in writes");
  }

  void needs_json(std::string_view setting, CaptureAs output) {
    if (node_->writes.size() < 2) return;
    add(Severity::error, "/writes",
        fmt::format("'{}' writes {} fields, but its output is {}", node_->id.text, node_->writes.size(),
                    output == CaptureAs::text ? "one text" : "one list of lines"),
        fmt::format("add '{}' and print an object with these keys", setting));
  }

  void check_source(const std::string& source) {
    const auto path = parse_path(source);
    if (!path || path->front().starts_with('$')) {
      add(Severity::error, "/for_each/source",
          fmt::format("for_each of '{}' goes over '{}', which is not a path", node_->id.text, ellipsis(source, 60)),
          "write '$.field' with the name of a list in the state");
      return;
    }
    const auto field = index_.fields.find(path->front());
    if (path->size() > 1 || field == index_.fields.end() || can_be_list(field->second->type)) return;
    add(Severity::error, "/for_each/source",
        fmt::format("for_each of '{}' goes over '{}', which is declared as something else than a list", node_->id.text,
                    path->front()),
        fmt::format("declare 'type: array' for {}", path->front()));
  }

  // The type null accepts every value, as no type does (section 4.4 of the reference).
  static bool can_be_list(FieldType type) {
    return type == FieldType::array || type == FieldType::any || type == FieldType::null;
  }

  void check_template(std::string_view text, std::string_view below, Severity severity, std::string_view effect) {
    for (const Fillers::Unfilled& unfilled : fillers_.unfilled(*node_, text)) {
      add(severity, below,
          fmt::format("nothing fills '{{{{{}}}}}' of '{}': it {}", unfilled.name, node_->id.text, effect),
          unfilled.hint);
    }
  }

  const Index& index_;
  Fillers fillers_;
  Problems& problems_;
  const Node* node_ = nullptr;
};

}  // namespace

void check_work(const Index& index, Problems& problems) {
  WorkCheck work_check(index, problems);
  for (const Node& node : index.graph.nodes) work_check.run(node);
}

}  // namespace oe::graph
