#include <algorithm>
#include <cmath>
#include <fmt/core.h>

#include "oe/base/text.hpp"

#include "graph/index.hpp"

namespace oe::graph {

namespace {

// The checks of what a node may spend and see, and of when it is tried again.
class LimitCheck {
 public:
  LimitCheck(const Index& index, Problems& problems) : index_(index), problems_(problems) {}

  void run(const Node& node) {
    node_ = &node;
    check_budget(node.budget);
    if (const auto* loop = std::get_if<Repeat>(&node.work)) check_budget(loop->budget);
    check_patterns(node.on_error.retry_on.output);
    check_secrets();
    if (node.timeout && node.deadline && *node.deadline < *node.timeout) {
      add(Severity::warning, "/timeout_ms",
          fmt::format("'{}' never reaches its timeout: its deadline of {} ms is earlier", node.id.text,
                      node.deadline->count()),
          "");
    }
  }

 private:
  void check_budget(const Budget& budget) {
    if (budget.usd && !(std::isfinite(*budget.usd) && *budget.usd >= 0)) {
      add(Severity::error, "/budget/usd", fmt::format("the budget of '{}' must be 0 dollars or more", node_->id.text), "");
    }
    const bool spent = budget.tokens == 0U || budget.usd == 0.0 || (budget.time && budget.time->count() <= 0);
    if (!spent) return;
    add(Severity::warning, "/budget", fmt::format("'{}' never starts: its budget is 0", node_->id.text),
        "raise it, or take it out for no limit");
  }

  void check_patterns(const std::vector<std::string>& patterns) {
    for (std::size_t i = 0; i < patterns.size(); ++i) {
      const Result<Pattern> pattern = Pattern::compile(patterns[i]);
      if (pattern) continue;
      add(Severity::error, fmt::format("/on_error/retry_on/output/{}", i), pattern.error().message(),
          pattern.error().hint());
    }
  }

  void check_secrets() {
    const std::vector<std::string>& declared = index_.root.graph.secrets;
    for (std::size_t i = 0; i < node_->secrets.size(); ++i) {
      const std::string& name = node_->secrets[i];
      if (std::ranges::find(declared, name) != declared.end()) continue;
      const std::string near = did_you_mean(name, declared);
      add(Severity::error, fmt::format("/secrets/{}", i),
          fmt::format("node '{}' wants the secret '{}', which the workflow does not declare", node_->id.text, name),
          near.empty() ? fmt::format("add 'secrets: [{}]' at the top of the file", name) : near);
    }
  }

  void add(Severity severity, std::string_view below, std::string message, std::string hint) {
    problems_.push_back({severity, place_below(node_->where, below), std::move(message), std::move(hint)});
  }

  const Index& index_;
  Problems& problems_;
  const Node* node_ = nullptr;
};

}  // namespace

void check_limits(const Index& index, Problems& problems) {
  LimitCheck check(index, problems);
  for (const Node& node : index.graph.nodes) check.run(node);
}

}  // namespace oe::graph
