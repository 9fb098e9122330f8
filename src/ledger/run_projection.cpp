#include "ledger/run_projection.hpp"

#include <algorithm>
#include <iterator>

#include "ledger/cells.hpp"
#include "ledger/merge.hpp"

namespace oe::ledger {
namespace {

/// While more nodes than this wait for a slot, they have no rows: in a wide graph nearly each would be written twice.
constexpr std::size_t kMostShownWaiting = 1000;

/// Puts the array that stands as text in `json`, or the one value, behind what is there: canonical texts of arrays are
/// joined into the canonical text of the array.
void append_joined(std::string& out, std::string_view json) {
  if (json.starts_with('[')) json = json.substr(1, json.size() - 2);
  if (json.empty()) return;
  out += out.size() > 1 ? "," : "";
  out += json;
}

/// In the order of the table, which is much faster than that of the events.
template <class Change>
std::vector<const Change*> last_of_each(const std::vector<Change>& changes) {
  std::vector<const Change*> last;
  last.reserve(changes.size());
  for (const Change& change : changes) last.push_back(&change);
  const auto number = [](const Change* change) { return change->number; };
  std::ranges::stable_sort(last, {}, number);
  const auto again = std::unique(last.rbegin(), last.rend(),
                                 [&](const Change* a, const Change* b) { return number(a) == number(b); });
  last.erase(last.begin(), again.base());
  return last;
}

std::string json_list(const std::set<std::string>& fields) {
  JsonText json;
  json.add('[');
  for (const std::string& field : fields) {
    if (json.size() > 1) json.add(',');
    append_string(json, field);
  }
  json.add(']');
  return std::string(json.view());
}

}  // namespace

void RunProjection::add(const Event& event) {
  Fold::Change& change = fold_.add(event);
  ++ahead_;
  if (std::holds_alternative<RunResumed>(event.body)) {
    interrupted_.reset();
    is_open_again_ = true;
  }
  const auto* const started = std::get_if<NodeStarted>(&event.body);
  if (started != nullptr && started->attempt > 1) ++retried_;
  const bool may_wait = std::holds_alternative<NodeReady>(event.body);
  for (const Fold::Touched& node : change.nodes) keep_changed(node, may_wait);
  std::ranges::move(change.attempts, std::back_inserter(changed_attempts_));
  for (const auto& [field, write] : change.written) keep_winner(field, write);
  std::ranges::move(change.written, std::back_inserter(new_writes_));
}

void RunProjection::keep_changed(const Fold::Touched& node, bool may_wait) {
  if (shown_.size() <= node.number) shown_.resize(std::max(2 * shown_.size(), node.number + 1));
  Shown& shown = shown_[node.number];
  if (may_wait && shown != Shown::always) {
    if (shown == Shown::no) waiting_nodes_.push_back(node);
    waiting_ += shown == Shown::no ? 1U : 0U;
    shown = Shown::when_it_begins;
    return;
  }
  waiting_ -= shown == Shown::when_it_begins ? 1U : 0U;
  shown = Shown::always;
  changed_nodes_.push_back(node);
}

void RunProjection::show_waiting() {
  for (const Fold::Touched& node : std::exchange(waiting_nodes_, {}))
    if (shown_[node.number] == Shown::when_it_begins) keep_changed(node, false);
}

void RunProjection::keep_winner(const std::string& field, const Write& write) {
  if (is_private_field(field)) return;
  const FieldMerge merge = merge_of(fold_.so_far().start, field);
  const auto winner = winners_.find(field);
  if (merge == FieldMerge::array_append) {
    joined_.insert(field);
  } else if (winner == winners_.end()) {
    winners_.emplace(field, write);
  } else if (merge == FieldMerge::last_wins) {
    if (!counts_before(write, winner->second)) winner->second = write;
  } else if (!write.value.is_null()) {
    if (winner->second.value.is_null() || counts_before(write, winner->second)) winner->second = write;
  }
}

RunFigures RunProjection::figures() const {
  const RunState& run = fold_.so_far();
  RunFigures figures{.status = run.status,
                     .reason = run.reason,
                     .duration = run.duration,
                     .failed = fold_.failed_nodes(),
                     .retried = retried_};
  if (interrupted_ && run.status == RunStatus::running) {
    figures.status = RunStatus::interrupted;
    figures.reason = *interrupted_;
    figures.duration += run.last_at - run.resumed_at;
  }
  return figures;
}

Result<void> RunProjection::write(db::Database& database, std::uint64_t journal_bytes) {
  RunFigures run = figures();
  run.journal_bytes = journal_bytes;
  OE_CHECK(write_run_row(database, fold_.so_far(), run));
  OE_TRY(const RunKeys keys, keys_of(database, fold_.so_far().id));
  OE_CHECK(write_nodes(database, keys));
  OE_CHECK(write_attempts(database, keys));
  OE_CHECK(write_history(database, keys));
  if (is_open_again_) OE_CHECK(forget_final_state(database, fold_.so_far().id));
  return is_over() ? write_state(database) : Result<void>();
}

Result<void> RunProjection::write_nodes(db::Database& database, const RunKeys& keys) {
  if (is_over() || waiting_ <= kMostShownWaiting) show_waiting();
  Rows rows(database, "node_rows");
  for (const Fold::Touched* node : last_of_each(changed_nodes_)) OE_CHECK(add_node(rows, keys, *node));
  return rows.write();
}

Result<void> RunProjection::write_attempts(db::Database& database, const RunKeys& keys) {
  Rows rows(database, "attempt_rows");
  for (const Fold::Tried* tried : last_of_each(changed_attempts_)) OE_CHECK(add_attempt(rows, keys, *tried));
  return rows.write();
}

Result<void> RunProjection::write_history(db::Database& database, const RunKeys& keys) {
  Rows rows(database, "write_rows");
  for (const auto& [field, write] : new_writes_) OE_CHECK(add_write(rows, keys, field, write));
  return rows.write();
}

void RunProjection::written() {
  ahead_ = 0;
  is_open_again_ = false;
  changed_nodes_.clear();
  changed_attempts_.clear();
  new_writes_.clear();
}

Result<void> RunProjection::write_state(db::Database& database) const {
  for (const auto& [field, write] : winners_)
    OE_CHECK(write_state_row(database, fold_.so_far().id, field, write.value.dump()));
  return joined_.empty() ? Result<void>() : write_joined_fields(database);
}

// From the contributions in the index: in memory there would be a million of them.
Result<void> RunProjection::write_joined_fields(db::Database& database) const {
  std::map<std::string, std::string> values;
  std::string* value = nullptr;
  OE_CHECK(database.each(
      "SELECT field, value FROM state_history WHERE run_id = ? AND field IN (SELECT value FROM json_each(?)) "
      "ORDER BY field, place, id",
      {cell(fold_.so_far().id.text), json_list(joined_)}, [&](const db::Row& row) {
        value = &values.try_emplace(std::string(row.text(0)), "[").first->second;
        append_joined(*value, row.text(1));
      }));
  for (auto& [field, json] : values)
    OE_CHECK(write_state_row(database, fold_.so_far().id, field, json += ']'));
  return {};
}

}  // namespace oe::ledger
