#include "cli/progress.hpp"

#include <fmt/core.h>

#include "oe/base/text.hpp"

#include "cli/run_view.hpp"

namespace oe::cli {

namespace {

Colour colour_of(ledger::RunStatus status) {
  return status == ledger::RunStatus::success ? Colour::green : Colour::red;
}

}  // namespace

Progress::Progress(Io& io, ledger::RunRecorder& recorder, const engine::Plan& plan, bool quiet)
    : io_(io), recorder_(recorder), quiet_(quiet) {
  for (const engine::PlannedNode& node : plan.nodes()) width_ = std::max(width_, node.node->id.text.size());
  if (quiet_) return;
  io_.line(fmt::format("{} {}: {}, {} at a time", io_.paint(Colour::bold, recorder_.id().text), plan.graph().name,
                       counted(plan.nodes().size(), "node"), plan.concurrency()));
}

Result<void> Progress::record(ledger::RunEvent body) {
  if (!quiet_) std::visit([this](const auto& event) { show(event); }, body);
  return recorder_.record(std::move(body));
}

void Progress::print(Colour colour, std::string_view word, const NodeId& node, std::string_view rest) {
  io_.line(fmt::format("  {} {:<{}}  {}", io_.paint(colour, fmt::format("{:<6}", word)), node.text, width_, rest));
}

// Single items only show when they fail; the node as a whole follows.
void Progress::show(const ledger::NodeFinished& event) {
  if (event.at.index) return;
  print(Colour::green, "ok", event.at.node, human_duration(event.facts.duration));
}

void Progress::show(const ledger::NodeFailed& event) {
  const std::string item = event.at.index ? fmt::format("item {}: ", *event.at.index) : "";
  const std::string_view word = event.outcome == ledger::Outcome::timed_out   ? "late"
                                : event.outcome == ledger::Outcome::cancelled ? "ended"
                                                                              : "FAILED";
  print(Colour::red, word, event.at.node, item + ellipsis(event.error.substr(0, event.error.find('\n')), 160));
  print_hint(event.error);
}

// The rest of an error is in oe show; what to type next is wanted here, and once however many items lack it.
void Progress::print_hint(const std::string& error) {
  const std::size_t begin = error.rfind("\nhint: ");
  if (begin == std::string::npos || !hints_.insert(error.substr(begin + 1)).second) return;
  io_.line(std::string(width_ + 11, ' ') + error.substr(begin + 1));
}

void Progress::show(const ledger::NodeSkipped& event) {
  print(Colour::dim, "skip", event.at.node, event.reason);
}

void Progress::show(const ledger::NodeRetrying& event) {
  print(Colour::yellow, "again", event.at.node,
        fmt::format("attempt {} failed ({}), next in {} ms", event.facts.attempt,
                    ellipsis(event.error.substr(0, event.error.find('\n')), 100), event.delay.count()));
}

void Progress::show(const ledger::NodeActivity& event) {
  print(Colour::dim, "", event.at.node, io_.paint(Colour::dim, ellipsis(event.activity, 160)));
}

void Progress::finish(const engine::RunSummary& summary) {
  io_.line(fmt::format("{} in {}; oe show {}", io_.paint(colour_of(summary.status), ledger::to_string(summary.status)),
                       human_duration(summary.duration), recorder_.id().text));
}

}  // namespace oe::cli
