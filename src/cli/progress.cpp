#include "cli/progress.hpp"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/base/text.hpp"

#include "cli/run_view.hpp"
#include "cli/story.hpp"

namespace oe::cli {

namespace {

constexpr std::size_t kMostLines = 20;

std::string_view word_of(ledger::Outcome outcome) {
  if (outcome == ledger::Outcome::timed_out) return "late";
  return outcome == ledger::Outcome::cancelled ? "ended" : "FAILED";
}

std::string first_line_of(const std::string& text, std::size_t most) {
  return ellipsis(text.substr(0, text.find('\n')), most);
}

std::string item_of(const ledger::At& at) {
  return at.index ? fmt::format("item {}: ", *at.index) : "";
}

}  // namespace

Progress::Progress(Io& io, ledger::RunRecorder& recorder, const engine::Plan& plan, ProgressOptions options,
                   OpenQuestions open)
    : io_(io), recorder_(recorder), options_(options), open_(std::move(open)) {
  if (options_.quiet) return;
  learn(plan, "", false);
  io_.line(fmt::format("{} {}{}: {}, {} at a time", io_.paint(Colour::bold, recorder_.id().text),
                       options_.resumed ? "goes on with " : "", plan.graph().name,
                       counted(plan.nodes().size(), "node"), plan.concurrency()));
}

// Of a node in an experience node the id has both; the node in a for_each has its id.
void Progress::learn(const engine::Plan& plan, const std::string& prefix, bool of_items) {
  for (const engine::PlannedNode& node : plan.nodes()) {
    const std::string id = prefix + node.node->id.text;
    if (of_items)
      of_items_.insert(id);
    else
      width_ = std::max(width_, id.size());
    if (!node.body) continue;
    if (graph::each(*node.node) != nullptr) {
      for (const engine::PlannedNode& inner : node.body->nodes()) {
        if (inner.body) learn(*inner.body, id + "/", true);
      }
    } else {
      const bool is_experience = std::holds_alternative<graph::Subgraph>(node.node->work);
      const bool is_pipeline = std::holds_alternative<graph::Each>(node.node->work);
      learn(*node.body, is_experience ? id + "/" : prefix, of_items || is_pipeline);
    }
  }
}

Result<void> Progress::record(ledger::RunEvent body) {
  open_.add(body);
  if (!options_.quiet) std::visit([this](const auto& event) { show(event); }, body);
  return recorder_.record(std::move(body));
}

bool Progress::is_one_too_many(const ledger::At& at) {
  if (!at.index && at.scope.empty()) return false;
  const std::size_t lines = ++lines_[at.node.text];
  if (lines == kMostLines + 1) print(Colour::dim, "", {.node = at.node}, io_.paint(Colour::dim, "... (oe show has it all)"));
  return lines > kMostLines;
}

void Progress::print(Colour colour, std::string_view word, const ledger::At& at, std::string_view rest) {
  io_.line(fmt::format("  {} {:<{}}  {}", io_.paint(colour, fmt::format("{:<6}", word)), label_of(at), width_, rest));
}

// Single items only show when they fail; the node as a whole follows.
void Progress::show(const ledger::NodeFinished& event) {
  if (event.at.index && event.cache_hit) ++cached_items_[event.at.node.text];
  if (event.at.index || of_items_.contains(event.at.node.text) || is_one_too_many(event.at)) return;
  std::string took = human_duration(event.facts.duration);
  if (event.cache_hit || !event.reused_from.empty()) took = fmt::format("cached ({})", event.reused_from);
  if (const auto items = cached_items_.find(event.at.node.text); items != cached_items_.end()) {
    took += fmt::format(", {} cached", counted(items->second, "item"));
    cached_items_.erase(items);
  }
  print(Colour::green, "ok", event.at, took);
}

void Progress::show(const ledger::NodeFailed& event) {
  if (is_one_too_many(event.at)) return;
  print(Colour::red, word_of(event.outcome), event.at, item_of(event.at) + first_line_of(event.error, 160));
  print_hint(event.error);
}

// The rest of an error is in oe show; what to type next is wanted here, and once however many items lack it.
void Progress::print_hint(const std::string& error) {
  const std::size_t begin = error.rfind("\nhint: ");
  if (begin == std::string::npos || !hints_.insert(error.substr(begin + 1)).second) return;
  io_.line(std::string(width_ + 11, ' ') + error.substr(begin + 1));
}

void Progress::show(const ledger::NodeSkipped& event) {
  if (event.at.index || of_items_.contains(event.at.node.text) || is_one_too_many(event.at)) return;
  print(Colour::dim, "skip", event.at, event.reason);
}

void Progress::show(const ledger::NodeRetrying& event) {
  if (is_one_too_many(event.at)) return;
  print(Colour::yellow, "again", event.at,
        fmt::format("{}attempt {} failed ({}), next in {} ms", item_of(event.at), event.facts.attempt,
                    first_line_of(event.error, 100), event.delay.count()));
}

void Progress::show(const ledger::NodeActivity& event) {
  if (is_one_too_many(event.at)) return;
  print(Colour::dim, "", event.at, io_.paint(Colour::dim, ellipsis(event.activity, 160)));
}

void Progress::show(const ledger::NodeWaiting& event) {
  if (is_one_too_many(event.at)) return;
  print(Colour::yellow, "waits", event.at, item_of(event.at) + first_line_of(event.question.text, 160));
}

void Progress::show(const ledger::NodeAnswered& event) {
  if (is_one_too_many(event.at)) return;
  print(Colour::dim, "", event.at,
        fmt::format("{}answered {} by {} ({})", item_of(event.at), ellipsis(event.answer.dump(), 100),
                    event.who.empty() ? "nobody" : event.who, event.via));
}

void Progress::print_outputs(const Value& outputs) {
  if (!outputs.is_object()) return;
  for (const auto& [name, value] : outputs.json().items()) {
    const std::string text = value.is_string() ? value.get<std::string>() : Value(value).dump();
    io_.line(fmt::format("{}: {}", io_.paint(Colour::bold, name), ellipsis(text, 400)));
  }
}

void Progress::print_waiting() {
  const std::vector<OpenQuestion> open = open_.list();
  if (open.empty()) return;
  for (std::size_t i = 0; i < open.size() && i < kMostLines; ++i) print_question(io_, recorder_.id(), open[i]);
  if (open.size() > kMostLines) io_.line(fmt::format("and {} more: oe answer {}", open.size() - kMostLines, recorder_.id().text));
  io_.line(fmt::format("then: oe resume {}", recorder_.id().text));
}

void Progress::finish(const engine::RunSummary& summary) {
  if (summary.outputs) print_outputs(*summary.outputs);
  if (summary.status == ledger::RunStatus::waiting) print_waiting();
  const std::string spent = spent_text(summary.spent);
  if (summary.status == ledger::RunStatus::failed && !reason_.empty()) io_.line(reason_);
  const bool goes_on = summary.status == ledger::RunStatus::cancelled || summary.is_environment;
  io_.line(fmt::format("{} in {}{}; oe show {}{}", paint_status(io_, summary.status), human_duration(summary.duration),
                       spent.empty() ? "" : ", spent " + spent, recorder_.id().text,
                       goes_on ? ", oe resume " + recorder_.id().text : ""));
}

}  // namespace oe::cli
