#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "oe/base/result.hpp"
#include "oe/ledger/event.hpp"

#include "cli/io.hpp"

namespace oe::cli {

/// "check", "check[2]" in round or item 2 of what is around it, "check[2,0]" further in.
std::string label_of(const ledger::At& at);

/// A node that waits for a human.
struct OpenQuestion {
  ledger::At at;
  ledger::Question question;
};

/// The questions of a run that nobody has answered yet, from its events.
class OpenQuestions {
 public:
  void add(const ledger::RunEvent& event);
  /// In the order in which they were asked first.
  std::vector<OpenQuestion> list() const;

 private:
  using Key = std::tuple<NodeId, std::vector<std::uint64_t>, std::optional<std::uint64_t>>;
  static Key key_of(const ledger::At& at) { return {at.node, at.scope, at.index}; }
  std::map<Key, std::pair<std::size_t, OpenQuestion>> open_;
  std::size_t asked_ = 0;
};

/// Which of the open questions is meant.
struct QuestionName {
  std::string node;
  std::optional<std::vector<std::uint64_t>> scope;
  std::optional<std::uint64_t> item;
};
/// Errors: input (none, with those there are), usage (more than one, with what tells them apart).
Result<OpenQuestion> find_question(const std::vector<OpenQuestion>& open, const QuestionName& name, const RunId& run);

/// The whole line to type for an answer, with an example where there is a choice: "oe answer r-1 deploy --approve".
std::string answer_line(const RunId& run, const OpenQuestion& open);

/// The question, and under it what to type.
void print_question(Io& io, const RunId& run, const OpenQuestion& open);

nlohmann::ordered_json to_json(const RunId& run, const OpenQuestion& open);

}  // namespace oe::cli
