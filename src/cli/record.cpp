#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/base/text.hpp"

#include "cli/commands.hpp"
#include "cli/run_view.hpp"

namespace oe::cli {

namespace {

using Json = nlohmann::ordered_json;

Result<ledger::RunState> read_state(const Session& session, const std::string& name) {
  OE_TRY(const RunId id, session.ledger.resolve(name));
  return session.ledger.state(id);
}

std::string attempt_label(const ledger::NodeState& node, const ledger::Attempt& attempt) {
  return label_of(ledger::At{.node = node.id, .scope = attempt.scope}) +
         (attempt.index ? fmt::format(" item {}", *attempt.index) : "");
}

std::string attempts_note(const ledger::NodeState& node) {
  std::size_t retries = 0;
  for (const ledger::Attempt& attempt : node.attempts) retries += attempt.facts.attempt > 1 ? 1 : 0;
  std::string note = node.items ? fmt::format("{} items", *node.items) : "";
  if (retries > 0) note += fmt::format("{}{} retries", note.empty() ? "" : ", ", retries);
  return note;
}

void print_failures(Io& io, const ledger::NodeState& node) {
  for (const ledger::Attempt& attempt : node.attempts) {
    if (!attempt.outcome || *attempt.outcome == ledger::Outcome::succeeded) continue;
    if (*attempt.outcome == ledger::Outcome::waiting) continue;  // it is no failure, and its question is above
    io.line(fmt::format("  {} attempt {} {} (event {}): {}", attempt_label(node, attempt), attempt.facts.attempt,
                        ledger::to_string(*attempt.outcome), attempt.ended, ellipsis(attempt.error, 300)));
    if (attempt.item) io.line("    item: " + ellipsis(attempt.item->dump(), 200));
  }
}

void print_story(Io& io, const ledger::RunState& run, const RunStory& story) {
  for (const auto& [time, resumed] : story.sessions) {
    io.line(fmt::format("taken up again {}{}", to_rfc3339(time), resumed.failed ? ", what had failed included" : ""));
  }
  for (const auto& [time, answered] : story.answers) {
    io.line(fmt::format("{} answered {} by {} ({}), {}{}", label_of(answered.at), ellipsis(answered.answer.dump(), 100),
                        answered.who.empty() ? "nobody" : answered.who, answered.via, to_rfc3339(time),
                        answered.note.empty() ? "" : ": " + answered.note));
  }
  for (const OpenQuestion& open : story.open.list()) print_question(io, run.id, open);
  const std::string spent = spent_text(story.spent);
  if (!spent.empty()) io.line("spent " + spent);
  if (story.cached > 0) io.line(fmt::format("{} came from the cache", counted(story.cached, "result")));
  if (story.reused > 0) io.line(fmt::format("{} came from {}", counted(story.reused, "result"), story.base_run));
}

void print_run(Io& io, const ledger::RunState& run, const RunStory& story) {
  io.line(fmt::format("{}  {}  {}  {}{}", io.paint(Colour::bold, run.id.text), run.start.workflow,
                      paint_status(io, run.status), human_duration(run.duration),
                      run.reason.empty() ? "" : "  (" + run.reason + ")"));
  io.line(fmt::format("started {}, commit {}{}", to_rfc3339(run.started_at),
                      run.start.head.empty() ? "none yet" : run.start.head.substr(0, 12),
                      run.start.dirty ? ", the workflow file had changes" : ""));
  Table table;
  for (const ledger::NodeState* node : ordered_nodes(run)) {
    table.row({node->id.text, outcome_of(*node), human_duration(duration_of(*node)), attempts_note(*node),
               ellipsis(node->error, 100)});
  }
  table.print(io, "  ");
  print_story(io, run, story);
  io.line("");
  for (const ledger::NodeState* node : ordered_nodes(run)) print_failures(io, *node);
}

}  // namespace

Result<int> runs(Io& io, const RunsOptions& options) {
  OE_TRY(const Session session, open_session(io, "."));
  OE_TRY(const auto rows, session.ledger.runs(options.limit));
  if (options.json) {
    Json list = Json::array();
    for (const ledger::RunRow& row : rows) list.push_back(to_json(row));
    io.json({{"v", 1}, {"runs", std::move(list)}});
    return 0;
  }
  if (rows.empty()) io.note("no runs yet; start one: oe run");
  Table table;
  for (const ledger::RunRow& row : rows) {
    table.row({row.id.text, to_rfc3339(row.started_at), paint_status(io, row.status), human_duration(row.duration),
               fmt::format("{} nodes, {} failed, {} retries", row.nodes, row.failed, row.retried), row.workflow});
  }
  table.print(io);
  return 0;
}

Result<int> show(Io& io, const ShowOptions& options) {
  OE_TRY(const Session session, open_session(io, "."));
  if (options.events) {
    OE_TRY(const RunId id, session.ledger.resolve(options.run));
    OE_CHECK(session.ledger.read(id, [&](const ledger::Event& event) { io.line(ledger::to_json_line(event)); }));
    return 0;
  }
  OE_TRY(const ledger::RunState run, read_state(session, options.run));
  RunStory story;
  OE_CHECK(session.ledger.read(run.id, [&](const ledger::Event& event) { story.add(event); }));
  if (options.json)
    io.json(to_json(run, story));
  else
    print_run(io, run, story);
  return 0;
}

Result<int> state(Io& io, const StateOptions& options) {
  OE_TRY(const Session session, open_session(io, "."));
  OE_TRY(const ledger::RunState run, read_state(session, options.run));
  const auto fields = final_state(run);
  if (options.field.empty()) {
    Json all = Json::object();
    for (const auto& [field, value] : fields) all[field] = Json::parse(value.dump());
    io.json(all);
    return 0;
  }
  const auto field = fields.find(options.field);
  if (field != fields.end()) {
    io.line(field->second.pretty());
    return 0;
  }
  std::vector<std::string> names;
  for (const auto& [name, value] : fields) names.push_back(name);
  const std::string near = did_you_mean(options.field, names);
  return fail(ErrorKind::input, fmt::format("run {} set no field '{}'", run.id.text, options.field),
              near.empty() ? "it set: " + join(names, ", ") : near);
}

Result<int> rebuild_ledger(Io& io) {
  OE_TRY(Session session, open_session(io, "."));
  OE_TRY(const std::size_t count, session.ledger.rebuild());
  io.line(fmt::format("made the index again from {} journal{}", count, count == 1 ? "" : "s"));
  return 0;
}

}  // namespace oe::cli
