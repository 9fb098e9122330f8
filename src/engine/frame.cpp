#include "engine/frame.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "engine/spend.hpp"

namespace oe::engine {

bool Frame::is_halted() const {
  for (const Frame* frame = this; frame != nullptr; frame = frame->parent)
    if (frame->halted) return true;
  return false;
}

const NodeId& Frame::top(std::size_t at) const {
  return parent == nullptr ? node(at).id : parent->top(position);
}

ledger::At Frame::whole(std::size_t at) const {
  return {.node = NodeId{path + node(at).id.text}, .index = index, .phase = node(at).phase, .scope = scope};
}

std::optional<Value> Frame::node_facts(std::string_view id) const {
  for (std::size_t at = 0; at < plan.nodes().size(); ++at) {
    if (node(at).id.text != id) continue;
    const std::optional<NodeEnd>& end = progress.at(at);
    if (!end) return std::nullopt;
    nlohmann::json facts{{"status", ledger::to_string(end->outcome)}};
    if (end->edge_output) facts["output"] = end->edge_output->json();
    return Value(std::move(facts));
  }
  return std::nullopt;
}

std::optional<Value> Frame::named(std::string_view name) const {
  constexpr std::string_view kNodes = "$nodes.";
  if (name == "$run") return run;
  for (const Frame* frame = this; frame != nullptr; frame = frame->kind == Kind::child ? nullptr : frame->parent) {
    if (name.starts_with(kNodes)) {
      if (auto facts = frame->node_facts(name.substr(kNodes.size()))) return facts;
      continue;
    }
    if (frame->parent == nullptr) break;
    const graph::Node& owner = frame->parent->node(frame->position);
    if (frame->element) {
      if (name == "$item") return frame->element;
      if (name == "$index") return Value::of(frame->number);
      const auto* each = std::get_if<graph::Each>(&owner.work);
      if (each != nullptr && !each->as.empty() && name.substr(1) == each->as) return frame->element;
    }
    if (frame->kind == Kind::stages && name == "$pipeline") return Value::of(owner.id.text);
    if (frame->kind == Kind::round && name == "$iter") return Value::of(frame->number);
    if (frame->kind == Kind::round && name == "$loop") return Value::of(owner.id.text);
  }
  return std::nullopt;
}

graph::Lookup Frame::lookup(std::size_t at) const {
  return [this, at](std::string_view name) -> std::optional<Value> {
    return name.starts_with('$') ? named(name) : state->at(name, View{place_of(at), parallel});
  };
}

std::map<std::string, Value> Frame::edge_inputs(std::size_t at) const {
  const PlannedNode& planned = plan.nodes()[at];
  if (planned.predecessors.empty() && parent != nullptr && kind != Kind::child) return parent->edge_inputs(position);
  std::map<std::string, Value> inputs;
  for (const std::size_t predecessor : planned.predecessors)
    if (const auto& output = progress.at(predecessor)->edge_output) inputs[node(predecessor).id.text] = *output;
  return inputs;
}

std::vector<std::uint64_t> Frame::recorded_place(std::size_t at) const {
  const bool flat = parent == nullptr || (kind == Kind::item && parent->parent == nullptr);
  if (flat) return {};
  const Place full = place_of(at);
  return {full.steps.begin(), full.steps.end()};
}

void Frame::spend(const exec::Spend& more, std::chrono::microseconds duration) {
  for (Frame* frame = this; frame != nullptr; frame = frame->parent) {
    add(frame->spent, more);
    frame->worked += duration;
  }
}

std::vector<std::pair<std::shared_ptr<Frame>, std::size_t>> FanOut::take_queued() {
  std::vector<std::pair<std::shared_ptr<Frame>, std::size_t>> queued;
  for (std::size_t at = 0; at < lanes.size(); ++at)
    for (const std::uint64_t item : std::exchange(lanes[at].waiting, {})) queued.emplace_back(frames.at(item), at);
  return queued;
}

Value run_value(const RunId& id, const Value& inputs) {
  return Value(nlohmann::json{{"id", id.text}, {"inputs", inputs.json()}, {"args", inputs.json()}});
}

Result<std::optional<Value>> ItemSource::next_element() {
  if (rows_) return rows_->next();
  const nlohmann::json& list = list_.json();
  if (position_ >= list.size()) return std::optional<Value>();
  return std::optional(Value(list[position_++]));
}

Result<std::optional<Value>> ItemSource::next() {
  if (batch_ <= 1) return next_element();
  nlohmann::json batch = nlohmann::json::array();
  while (batch.size() < batch_) {
    OE_TRY(const std::optional<Value> element, next_element());
    if (!element) break;
    batch.push_back(element->json());
  }
  return batch.empty() ? std::optional<Value>() : std::optional(Value(std::move(batch)));
}

std::optional<std::uint64_t> ItemSource::count() const {
  if (rows_) return std::nullopt;
  return (list_.size() + batch_ - 1) / batch_;
}

}  // namespace oe::engine
