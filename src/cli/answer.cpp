#include <algorithm>
#include <fmt/core.h>

#include "oe/base/text.hpp"

#include "cli/commands.hpp"
#include "cli/story.hpp"
#include "cli/workflow.hpp"

namespace oe::cli {

namespace {

void list_open(Io& io, const RunId& run, const std::vector<OpenQuestion>& open) {
  if (open.empty()) io.note(fmt::format("nothing of run {} waits for an answer", run.text));
  for (const OpenQuestion& question : open) print_question(io, run, question);
}

// Ids of nodes in an experience node start with its own; those in a pipeline or a loop do not.
const graph::Node* find_leaf(const graph::Graph& graph, std::string_view id) {
  for (const graph::Node& node : graph.nodes) {
    const graph::Node& leaf = graph::leaf(node);
    if (leaf.id.text == id) return &leaf;
    const graph::Graph* body = graph::body(leaf);
    if (body == nullptr) continue;
    std::string_view inner = id;
    if (std::holds_alternative<graph::Subgraph>(leaf.work)) {
      if (!id.starts_with(leaf.id.text + "/")) continue;
      inner.remove_prefix(leaf.id.text.size() + 1);
    }
    if (const graph::Node* found = find_leaf(*body, inner)) return found;
  }
  return nullptr;
}

// The answer is held against the question as the run asked it, with the workflow that the run has.
Result<void> check_fit(Io& io, const Session& session, const ledger::RunState& run, const OpenQuestion& open,
                       const Value& answer) {
  OE_TRY(const Workflow workflow, recorded_workflow(io, run.start, session));
  const graph::Node* node = find_leaf(workflow.graph, open.at.node.text);
  if (node == nullptr) {
    return fail(ErrorKind::input, fmt::format("the workflow of run {} has no node '{}' any more", run.id.text,
                                              open.at.node.text), "git switch back to what it ran with");
  }
  if (open.question.kind == "approve" && answer == Value::of(false)) return {};
  const exec::AttemptReport report = exec::answered(*node, open.question, answer);
  if (report.outcome == ledger::Outcome::succeeded) return {};
  return fail(ErrorKind::usage, report.error, "the question: " + open.question.text);
}

QuestionName name_of(const AnswerOptions& options) {
  QuestionName name{.node = options.node, .item = options.item};
  if (!options.scope.empty()) name.scope = options.scope;
  return name;
}

}  // namespace

Result<int> answer(Io& io, const AnswerOptions& options) {
  OE_TRY(Session session, open_session(io, "."));
  OE_TRY(const RunId id, session.ledger.resolve(options.run));
  OE_TRY(const ledger::RunState run, session.ledger.state(id));
  RunStory story;
  OE_CHECK(session.ledger.read(id, [&](const ledger::Event& event) { story.add(event); }));
  const std::vector<OpenQuestion> all = story.open.list();
  if (options.node.empty()) {
    list_open(io, id, all);
    return 0;
  }
  if (run.status == ledger::RunStatus::running) {
    return fail(ErrorKind::environment, fmt::format("run {} is still going on", id.text),
                "wait until it has ended; it says then what it waits for");
  }
  OE_TRY(const OpenQuestion open, find_question(all, name_of(options), id));
  OE_TRY(const Value answer, answer_of(open.question, options.flags));
  OE_CHECK(check_fit(io, session, run, open, answer));
  OE_TRY(const git::Identity identity, git::user_identity(session.place));
  OE_CHECK(session.ledger.append(
      id, ledger::NodeAnswered{open.at, answer, fmt::format("{} <{}>", identity.name, identity.email), "oe answer",
                               options.note}));
  io.line(fmt::format("recorded: {} answers {}", label_of(open.at), ellipsis(answer.dump(), 200)));
  io.line(all.size() > 1 ? fmt::format("{} more to answer: oe answer {}", all.size() - 1, id.text)
                         : "go on: oe resume " + id.text);
  return 0;
}

}  // namespace oe::cli
