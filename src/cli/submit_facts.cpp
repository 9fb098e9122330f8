#include "cli/submit_facts.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/core.h>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "oe/base/box.hpp"

namespace oe::cli {

namespace {

constexpr std::size_t kMostRuns = 20;

using Cited = std::map<RunId, std::set<std::uint64_t>>;

Cited cited(const ledger::ProposalRecord& proposal) {
  Cited events;
  const Value evidence = proposal.made.change.get("evidence");
  if (evidence.is_array())
    for (const auto& citation : evidence.json())
      events[RunId{citation.value("run", "")}].insert(citation.value("event", std::uint64_t{0}));
  for (const RunId& run : proposal.made.runs)
    if (evidence.size() == 0) events[run];
  return events;
}

std::string line_of(const ledger::Event& event) {
  return std::visit(
      overloaded{[](const ledger::NodeFailed& body) { return body.at.node.text + ": " + body.error; },
                 [](const ledger::NodeRetrying& body) { return body.at.node.text + ": " + body.error; },
                 [](const ledger::RunFinished& body) { return body.reason; },
                 [](const ledger::NodeActivity& body) { return body.at.node.text + ": " + body.activity; },
                 [](const auto&) { return std::string(); }},
      event.body);
}

std::string without_paths(std::string line, const Session& session) {
  std::vector<std::pair<std::string, std::string>> names{{session.place.root.string() + "/", ""},
                                                         {session.place.main_root.string() + "/", ""}};
  if (const char* home = std::getenv("HOME"); home != nullptr && std::string_view(home).size() > 1)
    names.emplace_back(std::string(home) + "/", "~/");
  for (const auto& [path, shown] : names)
    for (std::size_t at = line.find(path); at != std::string::npos; at = line.find(path, at + shown.size()))
      line.replace(at, path.size(), shown);
  return line;
}

// A run that is gone, or cannot be read, is still named.
std::vector<forge::FixedRun> fixed_runs(const Session& session, const ledger::ProposalRecord& proposal) {
  std::vector<forge::FixedRun> fixed;
  const Cited runs = cited(proposal);
  for (auto run = runs.rbegin(); run != runs.rend() && fixed.size() < kMostRuns; ++run) {
    std::string line;
    const auto take = [&](const ledger::Event& event) {
      if (line.empty() && run->second.contains(event.number)) line = line_of(event);
    };
    if (!session.ledger.read(run->first, take)) line.clear();
    fixed.push_back({run->first.text, without_paths(std::move(line), session)});
  }
  return fixed;
}

std::string stands_on(const ledger::ProposalMade& made) {
  return fmt::format("it stands on the proposal {}, which is merged with it", made.parent.text.substr(0, 8));
}

// What the kind of change can do beyond what the trial saw.
std::vector<std::string> risks(const ledger::ProposalMade& made) {
  if (made.operation == "add-node")
    return {"the new node takes time of its own, and can fail of its own",
            "inputs that the trial did not have may be refused by it"};
  if (made.operation == "add-dataset-case") return {"runs work on one case more, and can fail at it"};
  return {fmt::format("the value was tried on {} only with inputs that runs have recorded", made.target)};
}

}  // namespace

forge::BodyFacts submit_facts(const Session& session, const ledger::ProposalRecord& proposal, const std::string& remote,
                              const std::string& commit) {
  const ledger::ProposalMade& made = proposal.made;
  const Value touches = made.change.get("touches");
  forge::BodyFacts facts{.fingerprint = proposal.fingerprint.text,
                         .operation = made.operation,
                         .target = made.target,
                         .workflow = made.workflow,
                         .title = made.title,
                         .rationale = without_paths(made.rationale, session),
                         .verdict = proposal.outcome.verdict.empty() ? "proven" : proposal.outcome.verdict,
                         .effect = without_paths(proposal.effect, session),
                         .confidence = made.confidence,
                         .rule = made.rule,
                         .fixes = fixed_runs(session, proposal),
                         .risks = risks(made),
                         .remote = remote,
                         .branch = proposal.branch,
                         .base = made.base,
                         .commit = commit};
  if (!made.parent.empty()) facts.risks.insert(facts.risks.begin(), stands_on(made));
  if (touches.is_array())
    for (const auto& path : touches.json())
      if (path.is_string()) facts.touches.push_back(path.get<std::string>());
  return facts;
}

}  // namespace oe::cli
