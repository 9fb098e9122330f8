#include "ledger/run_rows.hpp"

#include <fmt/format.h>

#include "ledger/cells.hpp"
#include "ledger/index_schema.hpp"
#include "ledger/merge.hpp"

namespace oe::ledger {
namespace {

db::Cell milliseconds_cell(Microseconds duration) {
  return static_cast<double>(duration.count()) / 1000;
}
db::Cell event_cell(std::uint64_t number) {
  return number == 0 ? db::Cell() : cell(number);
}
db::Cell scope_cell(const std::vector<std::uint64_t>& scope) {
  if (scope.empty()) return {};
  return fmt::format("[{}]", fmt::join(scope, ","));
}
db::Cell question_cell(const NodeState& node) {
  return node.outcome == Outcome::waiting && node.question ? cell(node.question->text) : db::Cell();
}

}  // namespace

Result<RunKeys> keys_of(db::Database& database, const RunId& run) {
  OE_CHECK(database.execute(
      "INSERT OR IGNORE INTO run_numbers SELECT ?, coalesce(max(number), 0) + 1 FROM run_numbers", {cell(run.text)}));
  std::int64_t number = 0;
  OE_CHECK(database.each("SELECT number FROM run_numbers WHERE run_id = ?", {cell(run.text)},
                         [&](const db::Row& row) { number = row.integer(0); }));
  return RunKeys(number);
}

Result<void> write_run_row(db::Database& database, const RunState& run, const RunFigures& figures) {
  const bool is_over = figures.status != RunStatus::running;
  return database.execute(
      "INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      {cell(run.id.text), cell(run.start.name), cell(run.start.workflow), cell(run.start.workflow_digest),
       cell(figures.status), cell(figures.reason), cell(run.started_at),
       is_over ? milliseconds_cell(figures.duration) : db::Cell(), cell(run.start.nodes), cell(figures.failed),
       cell(figures.retried), cell(run.start.concurrency), cell(run.start.head), cell(run.start.dirty),
       json_cell(run.start.args), cell(run.start.oe_version), cell(run.outputs), cell(run.last_event),
       cell(figures.journal_bytes)});
}

Result<void> Rows::write() {
  const Result<void> written = database_.insert(table_, columns_, cells_);
  cells_.clear();
  return written;
}

Result<void> add_node(Rows& nodes, const RunKeys& run, const Fold::Touched& touched) {
  const NodeState& node = *touched.node;
  return nodes.add(
      cell(run.key(touched.number)), cell(node.id.text), cell(node.phase), cell(node.order), cell(node.items), cell(node.outcome),
       cell(node.skip_cause), cell(node.error), cell(touched.attempts), node.ready == 0 ? db::Cell() : cell(node.ready_at),
       node.ended == 0 ? db::Cell() : cell(node.ended_at), event_cell(node.ready), event_cell(node.ended),
       cell(node.edge_output), question_cell(node));
}

Result<void> add_attempt(Rows& attempts, const RunKeys& run, const Fold::Tried& tried) {
  const Attempt& attempt = tried.attempt;
  return attempts.add(
      cell(run.key(tried.number)), cell(tried.node->id.text), cell(attempt.index),
       scope_cell(attempt.scope), cell(attempt.facts.attempt), cell(attempt.outcome), cell(attempt.error),
       cell(attempt.started_at), attempt.ended != 0 ? milliseconds_cell(attempt.facts.duration) : db::Cell(),
       cell(attempt.facts.exit_code), cell(attempt.facts.signal), cell(attempt.input_digest),
       attempt.cache_hit ? cell(true) : db::Cell(), cell(attempt.reused_from), cell(attempt.metrics),
       event_cell(attempt.started), event_cell(attempt.ended));
}

Result<void> add_write(Rows& writes, const RunKeys& run, const std::string& field, const Write& write) {
  return writes.add(cell(run.key(write.event)), std::string_view(field), cell(write.node.text), cell(write.index),
                    place_text(write), json_cell(write.value), cell(write.digest), cell(write.time));
}

Result<void> write_state_row(db::Database& database, const RunId& run, std::string_view field, std::string_view json) {
  return database.execute("INSERT OR REPLACE INTO state VALUES (?, ?, ?)", {cell(run.text), field, json});
}

Result<void> forget_run(db::Database& database, const RunId& run) {
  OE_TRY(const RunKeys keys, keys_of(database, run));
  for (const char* const table : {"node_rows", "attempt_rows", "write_rows"})
    OE_CHECK(database.execute(fmt::format("DELETE FROM {} WHERE key BETWEEN ? AND ?", table),
                              {cell(keys.key(0)), cell(keys.key(kLastRow))}));
  OE_CHECK(database.execute("DELETE FROM run_numbers WHERE run_id = ?", {cell(run.text)}));
  OE_CHECK(database.execute("DELETE FROM runs WHERE id = ?", {cell(run.text)}));
  return forget_final_state(database, run);
}

Result<void> forget_final_state(db::Database& database, const RunId& run) {
  return database.execute("DELETE FROM state WHERE run_id = ?", {cell(run.text)});
}

}  // namespace oe::ledger
