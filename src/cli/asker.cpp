#include "cli/asker.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "oe/base/text.hpp"

#include "cli/typed.hpp"

namespace oe::cli {

namespace {

std::string prompt_of(const FormField& field) {
  std::string text = field.name;
  if (!field.description.empty()) text += ", " + field.description;
  std::vector<std::string> choices;
  for (const Value& choice : field.choices) choices.push_back(choice.string_or(choice.dump()));
  const std::string kind = choices.empty() ? std::string(graph::to_string(field.type)) : join(choices, "/");
  return fmt::format("  {} ({}{}): ", text, kind, field.required ? "" : "; empty: leave out");
}

std::string prompt_of(const ledger::Question& question) {
  return question.kind == "choose" ? "  number or text: " : "  y/n: ";
}

}  // namespace

bool somebody_is_there() {
  if (isatty(STDIN_FILENO) == 0 || isatty(STDOUT_FILENO) == 0 || std::getenv("CI") != nullptr) return false;
  return tcgetpgrp(STDIN_FILENO) == getpgrp();  // reading in the background would stop the whole run
}

Result<std::unique_ptr<TerminalAsker>> TerminalAsker::open(Io& io, sys::EventLoop& loop, int fd, std::string who) {
  OE_TRY(sys::TerminalLines lines, sys::TerminalLines::open(loop, fd));
  return std::unique_ptr<TerminalAsker>(new TerminalAsker(io, std::move(lines), std::move(who)));
}

std::optional<std::uint64_t> TerminalAsker::ask(const NodeId& node, const ledger::Question& question,
                                                std::function<void(std::optional<ledger::NodeAnswered>)> answer) {
  Pending pending{.number = ++last_, .node = node, .question = question, .answer = std::move(answer)};
  if (question.kind == "form") {
    pending.fields = fields_of(question.schema);
    if (pending.fields.empty()) return std::nullopt;
  }
  pending_.push_back(std::move(pending));
  if (pending_.size() == 1) put();
  return last_;
}

void TerminalAsker::withdraw(std::uint64_t question) {
  const bool is_open = !pending_.empty() && pending_.front().number == question;
  std::erase_if(pending_, [&](const Pending& pending) { return pending.number == question; });
  if (!is_open) return;
  io_.line("");
  lines_.forget();
  if (!pending_.empty()) put();
}

void TerminalAsker::put() {
  const ledger::Question& question = pending_.front().question;
  io_.line(fmt::format("{} asks: {}  (Ctrl-D: not now)", io_.paint(Colour::bold, pending_.front().node.text),
                       question.text));
  for (std::size_t i = 0; i < question.choices.size(); ++i) {
    io_.line(fmt::format("  {}. {}", i + 1, question.choices[i]));
  }
  lines_.discard();
  prompt();
}

void TerminalAsker::prompt() {
  const Pending& open = pending_.front();
  io_.prompt(open.fields.empty() ? prompt_of(open.question) : prompt_of(open.fields[open.field]));
  lines_.next([this](const std::optional<std::string>& line) { take(line); });
}

void TerminalAsker::take(const std::optional<std::string>& line) {
  Pending& open = pending_.front();
  if (!line) {
    io_.line("");
    return close(std::nullopt);
  }
  if (!open.fields.empty()) return take_field(*line);
  Result<Value> answer = parse_reply(open.question, *line);
  if (!answer) return again(answer.error());
  close(std::move(*answer));
}

void TerminalAsker::take_field(const std::string& line) {
  Pending& open = pending_.front();
  const FormField& field = open.fields[open.field];
  if (!line.empty() || field.required) {
    const Result<Value> value = field_value(field, line);
    if (!value) return again(value.error());
    nlohmann::json form = open.form.json();
    form[field.name] = value->json();
    open.form = Value(std::move(form));
  }
  if (++open.field < open.fields.size()) return prompt();
  close(open.form);
}

void TerminalAsker::again(const Error& error) {
  io_.line(fmt::format("  {}{}", error.message(), error.hint().empty() ? "" : "; " + error.hint()));
  prompt();
}

void TerminalAsker::close(std::optional<Value> answer) {
  const Pending ended = std::move(pending_.front());
  pending_.pop_front();
  if (!pending_.empty()) put();
  if (!answer) return ended.answer(std::nullopt);
  ended.answer(ledger::NodeAnswered{.answer = std::move(*answer), .who = who_, .via = "terminal"});
}

}  // namespace oe::cli
