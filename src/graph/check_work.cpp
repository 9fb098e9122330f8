#include <algorithm>
#include <fmt/core.h>

#include "oe/base/text.hpp"
#include "oe/graph/check.hpp"
#include "oe/graph/expression.hpp"

#include "graph/index.hpp"

namespace oe::graph {

namespace {

// The checks of what a single node does, apart from its neighbours.
class WorkCheck {
 public:
  WorkCheck(const Index& index, Problems& problems) : index_(index), problems_(problems) {}

  void run(const Node& node) {
    node_ = &node;
    std::visit(*this, leaf(node).work);
  }

  void operator()(const Dataset& dataset) {
    needs_one_write("a dataset puts its rows into exactly one field");
    std::visit([this](const auto& source) { check_source(source); }, dataset.source);
  }
  void operator()(const CliAgent& agent) {
    if (agent.output != CaptureAs::json) needs_json("output_format: json", agent.output);
    check_text(agent.prompt, "/prompt");
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
  void operator()(const Human& human) {
    check_template(human.question, "/question", Severity::error, "would fail");
  }
  void operator()(const Subgraph& child) {
    if (child.scope == StateScope::isolated || node_->on_error.policy != ErrorPolicy::retry) return;
    add(Severity::error, "/on_error", "an experience that shares the state cannot be tried again: what it wrote stays",
        "give it 'state_scope: isolated', or put the retry on its own nodes");
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

  void check_source(const FileSource& file) { check_text(file.uri, "/source/uri"); }
  void check_source(const SqliteSource& base) {
    check_text(base.uri, "/source/uri");
    check_text(base.query, "/source/query");
  }
  void check_source(const HttpSource& http) {
    check_text(http.url, "/source/url");
    check_text(http.body.is_string() ? http.body.string_or("") : http.body.dump(), "/source/body");
    check_host(http);
    for (const auto& [name, value] : http.headers) check_header("/source/headers/" + name, value);
  }

  // Whoever writes the data would decide who gets the secret.
  void check_host(const HttpSource& http) {
    const bool has_secret = std::ranges::any_of(http.headers, [](const auto& header) {
      return header.second.find("$secrets") != std::string::npos;
    });
    const std::size_t scheme = http.url.find("://");
    const std::string host = http.url.substr(0, http.url.find('/', scheme == std::string::npos ? 0 : scheme + 3));
    if (!has_secret || placeholders(host).empty()) return;
    add(Severity::error, "/source/url", fmt::format("'{}' sends a secret, and its host is a placeholder", node_->id.text),
        "write the host into the url: a secret goes only where the workflow says");
  }

  void check_header(const std::string& below, const std::string& value) {
    for (const Placeholder& placeholder : placeholders(value)) {
      const std::string name = join(placeholder.path, ".");
      if (placeholder.path.front() != "$secrets") {
        check_text(value.substr(placeholder.begin, placeholder.end - placeholder.begin), below);
      } else if (placeholder.path.size() != 2) {
        add(Severity::error, below, fmt::format("'{{{{{}}}}}' names no secret", name), "write '{{$secrets.NAME}}'");
      } else if (std::ranges::find(leaf(*node_).secrets, placeholder.path[1]) == leaf(*node_).secrets.end()) {
        const std::string near = did_you_mean(placeholder.path[1], leaf(*node_).secrets);
        add(Severity::error, below, fmt::format("'{}' does not list the secret '{}'", node_->id.text, placeholder.path[1]),
            near.empty() ? fmt::format("add 'secrets: [{}]' to the node", placeholder.path[1]) : near);
      }
    }
  }
  void check_source(const McpSource& server) { check_text(server.uri, "/source/uri"); }

  // The original knows no placeholders here.
  void check_text(std::string_view text, std::string_view below) {
    check_template(text, below, Severity::warning, "stays as it is");
  }

  void check_template(std::string_view text, std::string_view below, Severity severity, std::string_view effect) {
    for (const Fillers::Unfilled& unfilled : index_.fillers.unfilled(*node_, text)) {
      add(severity, below,
          fmt::format("nothing fills '{{{{{}}}}}' of '{}': it {}", unfilled.name, node_->id.text, effect),
          unfilled.hint);
    }
  }

  const Index& index_;
  Problems& problems_;
  const Node* node_ = nullptr;
};

}  // namespace

void check_work(const Index& index, Problems& problems) {
  WorkCheck work_check(index, problems);
  for (const Node& node : index.graph.nodes) work_check.run(node);
}

}  // namespace oe::graph
