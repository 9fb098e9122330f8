#include "oe/ledger/event.hpp"

#include <fmt/format.h>

#include "ledger/event_line.hpp"
#include "ledger/wire.hpp"

namespace oe::ledger {
namespace {

constexpr std::array<std::string_view, std::variant_size_v<RunEvent>> kEventTypes{
    "run.started",   "run.finished", "node.ready",   "node.started", "node.finished",
    "node.retrying", "node.failed",  "node.skipped", "state.write",  "node.activity",
    "run.resumed",   "node.waiting", "node.answered"};

template <class A>
void place(A& a, In<A, At>& at) {
  a.required("node_id", at.node);
  a.optional("index", at.index);
  a.optional("phase", at.phase);
  a.optional("scope", at.scope);
}

template <class A>
void attempt_facts(A& a, In<A, AttemptFacts>& facts) {
  a.required("attempt", facts.attempt);
  a.required("duration_ms", facts.duration);
  a.optional("exit_code", facts.exit_code);
  a.optional("signal", facts.signal);
  a.optional("output", facts.output);
}

template <class A>
void fields(A& a, In<A, RunStarted>& body) {
  a.required("args", body.args);
  a.optional("workflow", body.workflow);
  a.optional("workflow_digest", body.workflow_digest);
  a.optional("content", body.content);
  a.optional("name", body.name);
  a.optional("head", body.head);
  a.optional("dirty", body.dirty);
  a.required("concurrency", body.concurrency);
  a.required("nodes", body.nodes);
  a.optional("oe_version", body.oe_version);
  a.optional("options", body.options);
  a.optional("merges", body.merges);
}

template <class A>
void fields(A& a, In<A, RunFinished>& body) {
  a.required("status", body.status);
  a.required("duration_ms", body.duration);
  a.optional("reason", body.reason);
  a.optional("outputs", body.outputs);
}

template <class A>
void fields(A& a, In<A, RunResumed>& body) {
  a.optional("failed", body.failed);
  a.required("concurrency", body.concurrency);
  a.optional("oe_version", body.oe_version);
}

template <class A>
void fields(A& a, In<A, NodeReady>& body) {
  place(a, body.at);
  a.required("order", body.order);
  a.optional("items", body.items);
}

template <class A>
void fields(A& a, In<A, NodeStarted>& body) {
  place(a, body.at);
  a.required("attempt", body.attempt);
  a.optional("input_digest", body.input_digest);
  a.optional("cache_key", body.cache_key);
}

template <class A>
void fields(A& a, In<A, NodeFinished>& body) {
  place(a, body.at);
  attempt_facts(a, body.facts);
  a.optional("cache_hit", body.cache_hit);
  a.optional("reused_from", body.reused_from);
  a.optional("metrics", body.metrics);
  a.optional("edge_output", body.edge_output);
}

template <class A>
void fields(A& a, In<A, NodeRetrying>& body) {
  place(a, body.at);
  attempt_facts(a, body.facts);
  a.required("outcome", body.outcome);
  a.optional("error", body.error);
  a.required("delay_ms", body.delay);
  a.optional("metrics", body.metrics);
}

template <class A>
void fields(A& a, In<A, NodeFailed>& body) {
  place(a, body.at);
  attempt_facts(a, body.facts);
  a.required("outcome", body.outcome);
  a.required("error", body.error);
  a.optional("item", body.item);
  a.optional("metrics", body.metrics);
}

template <class A>
void fields(A& a, In<A, NodeSkipped>& body) {
  place(a, body.at);
  a.required("cause", body.cause);
  a.required("reason", body.reason);
}

template <class A>
void fields(A& a, In<A, StateWrite>& body) {
  place(a, body.at);
  a.required("attempt", body.attempt);
  a.required("field", body.field);
  a.required("value", body.value);
  a.optional("digest", body.digest);
  a.optional("place", body.place);
}

template <class A>
void fields(A& a, In<A, NodeWaiting>& body) {
  place(a, body.at);
  a.required("ask", body.question.kind);
  a.required("question", body.question.text);
  a.optional("choices", body.question.choices);
  a.optional("schema", body.question.schema);
  a.optional("default", body.question.otherwise);
  a.optional("deadline", body.question.deadline);
}

template <class A>
void fields(A& a, In<A, NodeAnswered>& body) {
  place(a, body.at);
  a.required("answer", body.answer);
  a.optional("who", body.who);
  a.optional("via", body.via);
  a.optional("note", body.note);
}

template <class A>
void fields(A& a, In<A, NodeActivity>& body) {
  place(a, body.at);
  a.required("activity", body.activity);
}

Error wrong_event(std::uint64_t number, std::string_view type, std::string_view problem) {
  return Error(ErrorKind::input, fmt::format("event {} ({}): {}", number, type, problem));
}

}  // namespace

void append_json_line(JsonText& line, const Event& event) {
  line.add("{\"v\":1");
  WireWriter writer(line);
  writer.required("n", event.number);
  writer.required("type", kEventTypes[event.body.index()]);
  writer.required("run_id", event.run);
  writer.required("ts", event.time);
  std::visit([&](const auto& body) { fields(writer, body); }, event.body);
  line.add('}');
}

std::string to_json_line(const Event& event) {
  JsonText line;
  append_json_line(line, event);
  return std::string(line.view());
}

Result<Event> parse_event(std::string_view line) {
  OE_TRY(const Value object, parse_line(line));
  WireReader reader(object);
  Event event;
  std::string type = "?";
  reader.required("n", event.number);
  reader.required("type", type);
  reader.required("run_id", event.run);
  reader.required("ts", event.time);
  if (!reader.problem().empty()) return fail(wrong_event(event.number, type, reader.problem()));
  auto body = empty_body<RunEvent>(kEventTypes, type);
  if (!body) return fail(wrong_event(event.number, type, "this oe does not know events of that type"));
  std::visit([&](auto& known) { fields(reader, known); }, *body);
  if (!reader.problem().empty()) return fail(wrong_event(event.number, type, reader.problem()));
  event.body = std::move(*body);
  return event;
}

}  // namespace oe::ledger
