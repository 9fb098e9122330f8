#include "cli/story.hpp"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace oe::cli {

namespace {

void add_spend(exec::Spend& total, const std::optional<Value>& metrics) {
  const exec::Spend spent = exec::spend_of(metrics);
  if (spent.tokens) total.tokens = total.tokens.value_or(0) + *spent.tokens;
  if (spent.usd) total.usd = total.usd.value_or(0) + *spent.usd;
}

}  // namespace

void RunStory::add(const ledger::Event& event) {
  open.add(event.body);
  if (const auto* started = std::get_if<ledger::RunStarted>(&event.body)) {
    base_run = started->options.get("base_run").string_or("");
  } else if (const auto* answered = std::get_if<ledger::NodeAnswered>(&event.body)) {
    answers.emplace_back(event.time, *answered);
  } else if (const auto* resumed = std::get_if<ledger::RunResumed>(&event.body)) {
    sessions.emplace_back(event.time, *resumed);
  } else if (const auto* finished = std::get_if<ledger::NodeFinished>(&event.body)) {
    if (!finished->reused_from.empty() && finished->reused_from == base_run)
      ++reused;
    else if (finished->cache_hit)
      ++cached;
    else
      add_spend(spent, finished->metrics);
  } else if (const auto* failed = std::get_if<ledger::NodeFailed>(&event.body)) {
    add_spend(spent, failed->metrics);
  } else if (const auto* retrying = std::get_if<ledger::NodeRetrying>(&event.body)) {
    add_spend(spent, retrying->metrics);
  }
}

std::string spent_text(const exec::Spend& spent) {
  std::string text = spent.tokens ? fmt::format("{} tokens", *spent.tokens) : "";
  if (spent.usd) text += fmt::format("{}${:.4f}", text.empty() ? "" : ", ", *spent.usd);
  return text;
}

nlohmann::ordered_json spent_json(const exec::Spend& spent) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  if (spent.tokens) json["tokens"] = *spent.tokens;
  if (spent.usd) json["usd"] = *spent.usd;
  return json;
}

}  // namespace oe::cli
