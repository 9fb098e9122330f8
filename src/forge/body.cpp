#include "oe/forge/body.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "oe/base/digest.hpp"
#include "oe/base/text.hpp"
#include "oe/forge/quiet_text.hpp"

#include "forge/machine_block.hpp"
#include "forge/plain_body.hpp"

namespace oe::forge {

namespace {

// At most one screen.
constexpr std::size_t kMostRuns = 5;
constexpr std::size_t kMostRows = 6;
constexpr std::size_t kMostPoints = 4;

std::string short_id(const BodyFacts& facts) {
  return facts.fingerprint.substr(0, 8);
}

std::string verdict_line(const BodyFacts& facts) {
  const std::string why = facts.confidence.empty() ? "" : fmt::format(", confidence {}", code_span(facts.confidence));
  const std::string rule = facts.rule.empty() ? "" : fmt::format(", by {}", code_span(facts.rule));
  return fmt::format("**Verdict: {}**{}{}. One change to {} in {}.\n", quiet_prose(facts.verdict), why, rule,
                     code_span(facts.target), code_span(facts.workflow));
}

std::string row(const Measured& measured) {
  const std::string interval = measured.interval.empty() ? "" : code_cell(measured.interval);
  return fmt::format("| {} | {} | {} | {} | {} | {} / {} / {} |\n", code_cell(measured.metric),
                     code_cell(measured.before), code_cell(measured.after), interval, measured.pairs, measured.wins,
                     measured.losses, measured.ties);
}

// Where pairs are not known there is the one line that the trial left.
std::string table(const BodyFacts& facts) {
  std::string text;
  if (facts.measured.empty()) {
    text = fmt::format("| what the trial showed |\n|---|\n| {} |\n", code_cell(facts.effect, 600));
  } else {
    text = "| metric | before | after | interval | n | wins / losses / ties |\n|---|--:|--:|---|--:|---|\n";
    for (std::size_t i = 0; i < std::min(facts.measured.size(), kMostRows); ++i) text += row(facts.measured[i]);
  }
  return fmt::format("{}\n{}{}\n", kTableStart, text, kTableEnd);
}

std::string fixes(const BodyFacts& facts) {
  if (facts.fixes.empty()) return {};
  std::string text = "\n**Runs that it fixes**\n";
  for (std::size_t i = 0; i < std::min(facts.fixes.size(), kMostRuns); ++i) {
    const FixedRun& fixed = facts.fixes[i];
    const std::string line = code_span(fixed.line, 160);
    text += fmt::format("- {}{}{}\n", code_span(fixed.run), line.empty() ? "" : ": ", line);
  }
  if (facts.fixes.size() > kMostRuns) text += fmt::format("- and {} more\n", facts.fixes.size() - kMostRuns);
  return text;
}

std::string list(std::string_view head, const std::vector<std::string>& points) {
  if (points.empty()) return {};
  std::string text = fmt::format("\n**{}**\n", head);
  for (std::size_t i = 0; i < std::min(points.size(), kMostPoints); ++i)
    text += fmt::format("- {}\n", quiet_prose(points[i], 200));
  return text;
}

std::string anchors(const BodyFacts& facts) {
  std::string text;
  for (const std::string& anchor : facts.anchors) text += (text.empty() ? "" : ", ") + code_span(anchor, 80);
  return text.empty() ? text : fmt::format("- Checked again, and no worse: {}\n", text);
}

std::string commands(const BodyFacts& facts) {
  const std::string reproduce =
      fmt::format("git fetch {} {} && git switch --detach FETCH_HEAD && oe run {}", shell_quote(facts.remote),
                  shell_quote(facts.branch), shell_quote(facts.workflow));
  const std::string undo =
      fmt::format("git revert \"$(git log -1 --format=%H --grep='^Oe-Proposal: {}')\"", facts.fingerprint);
  return fmt::format("\n**Reproduce:** {}\n**Undo**, once merged: {}\n", code_span(reproduce, 1000),
                     code_span(undo, 1000));
}

std::string ways_to_say_no(const BodyFacts& facts) {
  const std::string reject = fmt::format("oe reject {} --why \"...\"", short_id(facts));
  const std::string deny = fmt::format("deny: [{}]", facts.touches.empty() ? "PATH" : facts.touches.front());
  return fmt::format(
      "**Say no:** close this (it is never proposed again, and your last comment is kept as the reason), {}, or {} in "
      "{}.\n",
      code_span(reject), code_span(deny), code_span(".openexpertise/policy.yaml"));
}

Value machine_facts(const BodyFacts& facts, const Written& written) {
  nlohmann::json runs = nlohmann::json::array();
  for (const FixedRun& fixed : facts.fixes) runs.push_back(plain_line(fixed.run, 100));
  return Value(nlohmann::json{{"base", plain_line(facts.base, 100)},
                              {"body", body_digest(written.body)},
                              {"commit", plain_line(facts.commit, 100)},
                              {"effect", plain_line(facts.effect, 600)},
                              {"operation", plain_line(facts.operation, 100)},
                              {"proposal", plain_line(facts.fingerprint, 100)},
                              {"runs", std::move(runs)},
                              {"target", plain_line(facts.target, 300)},
                              {"title", title_digest(written.title)},
                              {"workflow", plain_line(facts.workflow, 300)}});
}

}  // namespace

Written render(const BodyFacts& facts) {
  Written written{.title = quiet_title(facts.title), .body = verdict_line(facts)};
  if (!facts.rationale.empty()) written.body += fmt::format("\n**Why:** {}\n", quiet_prose(facts.rationale));
  written.body += "\n" + table(facts) + fixes(facts) + list("What could get worse", facts.risks) + anchors(facts) +
                  commands(facts) + ways_to_say_no(facts);
  written.body += "\n" + machine_block(machine_facts(facts, written));
  return written;
}

}  // namespace oe::forge
