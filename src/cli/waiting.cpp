#include "cli/waiting.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "oe/base/text.hpp"

namespace oe::cli {

namespace {

// How to answer, with all that the flag needs.
std::string flags_of(const ledger::Question& question) {
  if (question.kind == "approve") return "--approve";
  if (question.kind == "choose") {
    const std::string first = question.choices.empty() ? "CHOICE" : question.choices.front();
    return "--choose " + shell_quote(first);
  }
  std::string flags;
  const Value properties = question.schema.get("properties");
  if (!properties.is_object()) return "--json '{...}'";
  for (const auto& [name, schema] : properties.json().items()) flags += fmt::format(" --set {}=...", name);
  return flags.empty() ? "--json '{}'" : flags.substr(1);
}

// What the line could say instead, as a comment of the shell.
std::string other_answers(const ledger::Question& question) {
  if (question.kind == "approve") return "    # or --reject";
  if (question.choices.size() < 2) return "";
  std::vector<std::string> others;
  for (std::size_t i = 1; i < question.choices.size(); ++i) others.push_back(shell_quote(question.choices[i]));
  return "    # or " + join(others, ", ");
}

std::string names_of(const std::vector<OpenQuestion>& open) {
  std::vector<std::string> names;
  for (const OpenQuestion& question : open) {
    if (std::find(names.begin(), names.end(), question.at.node.text) == names.end())
      names.push_back(question.at.node.text);
  }
  return join(names, ", ");
}

bool is_meant(const QuestionName& name, const ledger::At& at) {
  return at.node.text == name.node && (!name.scope || *name.scope == at.scope) && (!name.item || name.item == at.index);
}

}  // namespace

std::string label_of(const ledger::At& at) {
  return at.scope.empty() ? at.node.text : fmt::format("{}[{}]", at.node.text, fmt::join(at.scope, ","));
}

void OpenQuestions::add(const ledger::RunEvent& event) {
  if (const auto* waiting = std::get_if<ledger::NodeWaiting>(&event)) {
    const auto [place, is_new] = open_.try_emplace(key_of(waiting->at), asked_, OpenQuestion{});
    place->second.second = {waiting->at, waiting->question};
    if (is_new) ++asked_;
  } else if (const auto* answered = std::get_if<ledger::NodeAnswered>(&event)) {
    open_.erase(key_of(answered->at));
  } else if (const auto* finished = std::get_if<ledger::NodeFinished>(&event)) {
    open_.erase(key_of(finished->at));
  } else if (const auto* failed = std::get_if<ledger::NodeFailed>(&event)) {
    open_.erase(key_of(failed->at));
  }
}

std::vector<OpenQuestion> OpenQuestions::list() const {
  std::vector<std::pair<std::size_t, OpenQuestion>> numbered;
  for (const auto& [key, open] : open_) numbered.push_back(open);
  std::sort(numbered.begin(), numbered.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<OpenQuestion> open;
  for (auto& [number, question] : numbered) open.push_back(std::move(question));
  return open;
}

Result<OpenQuestion> find_question(const std::vector<OpenQuestion>& open, const QuestionName& name, const RunId& run) {
  std::vector<OpenQuestion> meant;
  std::copy_if(open.begin(), open.end(), std::back_inserter(meant),
               [&](const OpenQuestion& question) { return is_meant(name, question.at); });
  if (meant.size() == 1) return meant.front();
  if (meant.empty()) {
    return fail(ErrorKind::input, fmt::format("'{}' of run {} does not wait for an answer", name.node, run.text),
                open.empty() ? "nothing of it does; see oe show " + run.text : "these do: " + names_of(open));
  }
  std::string lines = "type one of these:";
  for (const OpenQuestion& question : meant) lines += "\n  " + answer_line(run, question);
  return fail(ErrorKind::usage, fmt::format("'{}' waits in {} places", name.node, meant.size()), lines);
}

std::string answer_line(const RunId& run, const OpenQuestion& open) {
  std::string place;
  if (!open.at.scope.empty()) place += fmt::format(" --scope {}", fmt::join(open.at.scope, ","));
  if (open.at.index) place += fmt::format(" --item {}", *open.at.index);
  return fmt::format("oe answer {} {}{} {}", run.text, shell_quote(open.at.node.text), place, flags_of(open.question));
}

void print_question(Io& io, const RunId& run, const OpenQuestion& open) {
  io.line(fmt::format("{} waits for an answer: {}", label_of(open.at), open.question.text));
  io.line("  " + answer_line(run, open) + other_answers(open.question));
}

nlohmann::ordered_json to_json(const RunId& run, const OpenQuestion& open) {
  using Json = nlohmann::ordered_json;
  const ledger::Question& question = open.question;
  Json json = {{"node", open.at.node.text}, {"kind", question.kind}, {"question", question.text}};
  if (!open.at.scope.empty()) json["scope"] = open.at.scope;
  if (open.at.index) json["item"] = *open.at.index;
  if (!question.choices.empty()) json["choices"] = question.choices;
  if (!question.schema.is_null()) json["schema"] = Json::parse(question.schema.dump());
  if (question.otherwise) json["default"] = Json::parse(question.otherwise->dump());
  if (question.deadline) json["deadline"] = to_rfc3339(*question.deadline);
  json["answer"] = answer_line(run, open);
  return json;
}

}  // namespace oe::cli
