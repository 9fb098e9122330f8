#pragma once

#include <vector>

#include "oe/ledger/event.hpp"

namespace oe::ledger::test {

/// 2026-06-01T09:00:00Z and some milliseconds.
inline Timestamp at_ms(std::int64_t milliseconds) {
  return Timestamp(std::chrono::milliseconds(1'780'304'400'000 + milliseconds));
}

inline Value json(std::string_view text) {
  return *Value::parse(text);
}

/// Bodies with every field set, one of each type, in the order of the variant.
inline std::vector<RunEvent> full_bodies() {
  const At at{{"fetch"}, 3, "collect", {4, 0}};
  const AttemptFacts facts{2, Microseconds(12'345), 1, 9, "the \"end\"\n\tof\x01 it \xE2\x98\x95"};
  return {RunStarted{.args = json(R"({"k":[1,null]})"),
                     .workflow = "flows/experience.yaml",
                     .workflow_digest = std::string(64, 'a'),
                     .content = std::string(64, 'c'),
                     .name = "demo",
                     .head = std::string(40, 'b'),
                     .dirty = true,
                     .concurrency = 4,
                     .nodes = 7,
                     .oe_version = "0.1.0",
                     .options = json(R"({"only":["fetch"]})"),
                     .merges = {{"a", "array_append"}, {"b\"", "set_once"}}},
          RunFinished{RunStatus::cancelled, Microseconds(1'000'001), "ctrl-c", json(R"({"report":"r.md"})")},
          NodeReady{at, 5, 10},
          NodeStarted{at, 2, "00ff", "c0ffee"},
          NodeFinished{at, facts, true, "r-0", json(R"({"tokens_in":3})"), json(R"(["x"])")},
          NodeRetrying{at, facts, Outcome::timed_out, "too slow", std::chrono::milliseconds(250), json(R"({"usd":0.5})")},
          NodeFailed{at, facts, Outcome::failed, "broke", json(R"({"id":1})"), json(R"({"usd":0.25})")},
          NodeSkipped{at, SkipCause::failure, "predecessor failed or skipped"},
          StateWrite{at, 2, "rows", json("[1,2]"), "feed", {1, 7}},
          NodeActivity{at, "half way"},
          RunResumed{true, 2, "0.2.0"},
          NodeWaiting{at, {"choose", "which?", {"a", "b\""}, json(R"({"type":"object"})"), json("\"a\""), at_ms(5)}},
          NodeAnswered{at, json("\"b\""), "Ann <ann@example.org>", "oe answer", "because"}};
}

/// The same with nothing that may be left out.
inline std::vector<RunEvent> minimal_bodies() {
  const At at{{"n"}, std::nullopt, ""};
  return {RunStarted{},     RunFinished{},  NodeReady{at},   NodeStarted{at}, NodeFinished{at},
          NodeRetrying{at}, NodeFailed{at}, NodeSkipped{at}, StateWrite{at},  NodeActivity{at, ""},
          RunResumed{},     NodeWaiting{at}, NodeAnswered{at}};
}

/// A run with everything in it: a plain node, a retry, a fan-out with a failing item, a skip, activity.
inline std::vector<RunEvent> realistic_run() {
  const auto node = [](const char* id) { return At{{id}, std::nullopt, ""}; };
  const auto item = [](std::uint64_t index) { return At{{"each"}, index, "work"}; };
  const AttemptFacts good{1, Microseconds(1500), 0, std::nullopt, ""};
  const AttemptFacts bad{1, Microseconds(2500), 1, std::nullopt, "Traceback \xE2\x98\x95"};
  return {RunStarted{.workflow = "experience.yaml", .nodes = 4, .merges = {{"list", "array_append"}}},
          NodeReady{node("load"), 0},
          NodeStarted{node("load"), 1, "d1"},
          StateWrite{node("load"), 1, "rows", json("[1]"), "x"},
          NodeRetrying{node("load"), bad, Outcome::failed, "boom", std::chrono::milliseconds(100)},
          NodeStarted{node("load"), 2, "d1"},
          NodeActivity{node("load"), "second try"},
          StateWrite{node("load"), 2, "rows", json("[10,20,30]"), "y"},
          NodeFinished{node("load"), {2, Microseconds(900), 0, std::nullopt, ""}, false, "", {}, json("{\"n\":3}")},
          NodeReady{{{"each"}, std::nullopt, "work"}, 1, 3},
          NodeStarted{item(0), 1, "i0"},
          NodeStarted{item(1), 1, "i1"},
          StateWrite{item(1), 1, "list", json("[\"b\"]"), "b"},
          NodeFinished{item(1), good},
          NodeStarted{item(2), 1, "i2"},
          StateWrite{item(0), 1, "list", json("[\"a\"]"), "a"},
          NodeFinished{item(0), good},
          StateWrite{item(2), 1, "list", json("[\"never\"]"), "n"},
          NodeFailed{item(2), bad, Outcome::timed_out, "timed out after 100 ms", json("30")},
          NodeFailed{{{"each"}, std::nullopt, "work"}, {}, Outcome::failed, "1 of 3 items failed", {}},
          NodeSkipped{node("join"), SkipCause::failure, "predecessor failed or skipped"},
          NodeReady{node("last"), 3},
          NodeStarted{node("last"), 1, "l"},
          StateWrite{node("last"), 1, "rows", json("null"), "z"},
          NodeFinished{node("last"), good},
          RunFinished{RunStatus::partial, Microseconds(123'456), ""}};
}

inline std::vector<Event> numbered(const std::vector<RunEvent>& bodies) {
  std::vector<Event> events;
  for (const RunEvent& body : bodies) {
    const std::uint64_t number = events.size() + 1;
    events.push_back({number, {"r-1"}, at_ms(static_cast<std::int64_t>(number)), body});
  }
  return events;
}

}  // namespace oe::ledger::test
