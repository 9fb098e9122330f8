#include "ledger/run_projection.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "ledger/cells.hpp"

namespace oe::ledger {
namespace {

Value milliseconds_cell(Microseconds duration) {
  return Value::of(static_cast<double>(duration.count()) / 1000);
}
Value event_cell(std::uint64_t number) {
  return number == 0 ? Value() : cell(number);
}

bool spoiled(const std::pair<const NodeId, NodeState>& node) {
  return node.second.outcome == Outcome::failed || node.second.outcome == Outcome::timed_out;
}

FieldMerge merge_of(const RunState& state, const std::string& field) {
  const auto named = state.start.merges.find(field);
  const auto merge = named == state.start.merges.end() ? std::nullopt : field_merge(named->second);
  return merge.value_or(FieldMerge::last_wins);
}

}  // namespace

void mark_interrupted(RunState& state, std::string why) {
  state.status = RunStatus::interrupted;
  state.reason = std::move(why);
  state.duration = state.last_at - state.started_at;
}

void RunProjection::add(const Event& event) {
  const Fold::Change change = fold_.add(event);
  const auto* const started = std::get_if<NodeStarted>(&event.body);
  if (started != nullptr && started->attempt > 1) ++retried_;
  if (change.node == nullptr) return;
  changed_nodes_.insert(change.node->id);
  if (change.attempt) changed_attempts_.emplace(change.node->id, *change.attempt);
  changed_fields_.insert(change.written.begin(), change.written.end());
}

void RunProjection::interrupt(std::string why) {
  interrupted_ = fold_.so_far();
  mark_interrupted(*interrupted_, std::move(why));
}

Result<void> RunProjection::write(db::Database& database, std::uint64_t journal_bytes) const {
  OE_CHECK(write_run(database, journal_bytes));
  for (const NodeId& id : changed_nodes_) OE_CHECK(write_node(database, state().nodes.at(id)));
  for (const auto& [id, position] : changed_attempts_)
    OE_CHECK(write_attempt(database, state().nodes.at(id), position));
  for (const std::string& field : changed_fields_) OE_CHECK(write_history(database, field));
  return is_over() ? write_state(database) : Result<void>();
}

void RunProjection::written() {
  changed_nodes_.clear();
  changed_attempts_.clear();
  for (const std::string& field : changed_fields_) history_written_[field] = state().writes.at(field).size();
  changed_fields_.clear();
}

Result<void> RunProjection::write_run(db::Database& database, std::uint64_t journal_bytes) const {
  const RunState& run = state();
  const auto failed = static_cast<std::uint64_t>(std::ranges::count_if(run.nodes, spoiled));
  return database.execute(
      "INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      {cell(run.id.text), cell(run.start.name), cell(run.start.workflow), cell(run.start.workflow_digest),
       cell(run.status), cell(run.reason), cell(run.started_at), is_over() ? milliseconds_cell(run.duration) : Value(),
       cell(run.start.nodes), cell(failed), cell(retried_), cell(run.start.concurrency), cell(run.start.head),
       cell(run.start.dirty), json_cell(run.start.args), cell(run.start.oe_version), cell(run.last_event),
       cell(journal_bytes)});
}

Result<void> RunProjection::write_node(db::Database& database, const NodeState& node) const {
  return database.execute(
      "INSERT OR REPLACE INTO nodes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      {cell(state().id.text), cell(node.id.text), cell(node.phase), cell(node.order), cell(node.items),
       cell(node.outcome), cell(node.skip_cause), cell(node.error), cell(node.attempts.size()),
       node.ready == 0 ? Value() : cell(node.ready_at), node.ended == 0 ? Value() : cell(node.ended_at),
       event_cell(node.ready), event_cell(node.ended), cell(node.edge_output)});
}

Result<void> RunProjection::write_attempt(db::Database& database, const NodeState& node, std::size_t position) const {
  const Attempt& attempt = node.attempts.at(position);
  return database.execute(
      "INSERT OR REPLACE INTO attempts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      {cell(state().id.text), cell(node.id.text), cell(position + 1), cell(attempt.index), cell(attempt.facts.attempt),
       cell(attempt.outcome), cell(attempt.error), cell(attempt.started_at),
       attempt.outcome ? milliseconds_cell(attempt.facts.duration) : Value(), cell(attempt.facts.exit_code),
       cell(attempt.facts.signal), cell(attempt.input_digest), event_cell(attempt.started), event_cell(attempt.ended)});
}

Result<void> RunProjection::write_history(db::Database& database, const std::string& field) const {
  const auto known = history_written_.find(field);
  const std::vector<Write>& writes = state().writes.at(field);
  for (std::size_t i = known == history_written_.end() ? 0 : known->second; i < writes.size(); ++i) {
    const Write& write = writes[i];
    OE_CHECK(database.execute("INSERT OR REPLACE INTO state_history VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                              {cell(write.event), cell(state().id.text), Value::of(field), cell(write.node.text),
                               cell(write.index), json_cell(write.value), cell(write.digest), cell(write.time)}));
  }
  return {};
}

Result<void> RunProjection::write_state(db::Database& database) const {
  for (const auto& [field, in_journal_order] : state().writes) {
    std::vector<Write> writes = in_journal_order;
    sort_writes(writes);
    const std::optional<Value> value = merged(writes, merge_of(state(), field));
    if (!value) continue;
    OE_CHECK(database.execute("INSERT OR REPLACE INTO state VALUES (?, ?, ?)",
                              {cell(state().id.text), Value::of(field), json_cell(*value)}));
  }
  return {};
}

Result<void> forget_run(db::Database& database, const RunId& run) {
  OE_CHECK(database.execute("DELETE FROM runs WHERE id = ?", {cell(run.text)}));
  for (const char* const table : {"nodes", "attempts", "state", "state_history"})
    OE_CHECK(database.execute(fmt::format("DELETE FROM {} WHERE run_id = ?", table), {cell(run.text)}));
  return {};
}

}  // namespace oe::ledger
