#include "engine/mask.hpp"

#include <utility>

#include "oe/base/box.hpp"

namespace oe::engine {

Mask::Mask(const std::map<std::string, std::string>& secrets, std::vector<std::string> hidden) {
  for (const auto& [name, value] : secrets) hidden.push_back(value);
  redactor_ = Redactor(hidden);
}

void Mask::hide(std::string& text) const {
  text = redactor_.text(std::move(text));
}

void Mask::hide(Value& value) const {
  value = redactor_.value(value);
}

void Mask::hide(std::optional<Value>& value) const {
  if (value) hide(*value);
}

void Mask::hide(ledger::Question& question) const {
  hide(question.text);
  for (std::string& choice : question.choices) hide(choice);
  hide(question.schema);
  hide(question.otherwise);
}

exec::AttemptReport Mask::report(exec::AttemptReport report) const {
  if (empty()) return report;
  hide(report.error);
  hide(report.output);
  hide(report.edge_output);
  hide(report.metrics);
  for (auto& [field, value] : report.state_delta) hide(value);
  if (report.question) hide(*report.question);
  if (report.answer) hide(report.answer->answer);
  return report;
}

ledger::RunEvent Mask::event(ledger::RunEvent event) const {
  if (empty()) return event;
  std::visit(overloaded{[&](ledger::RunStarted& body) { hide(body.args); },
                        [&](ledger::RunFinished& body) { hide(body.outputs); },
                        [&](ledger::NodeFailed& body) {
                          hide(body.error);
                          hide(body.item);
                        },
                        [&](ledger::NodeActivity& body) { hide(body.activity); },
                        [&](ledger::NodeWaiting& body) { hide(body.question); },
                        [&](ledger::NodeAnswered& body) {
                          hide(body.answer);
                          hide(body.note);
                        },
                        [](auto&) {}},
             event);
  return event;
}

}  // namespace oe::engine
