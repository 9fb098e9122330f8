#include <algorithm>
#include <set>

#include "oe/base/box.hpp"

#include "evolve/rule.hpp"

namespace oe::evolve {

namespace {

// What may be changed once only: a parameter of a node, a node, a row of a file.
std::string place_of(const Operation& operation) {
  return std::visit(
      overloaded{[](const TuneParam& tune) { return "parameter " + tune.set.node.text + " " + tune.set.name; },
                 [](const AddNode& add) { return "node " + add.insert.node.get("id").string_or(""); },
                 [](const AddDatasetCase& add) { return "row " + add.file + " " + add.item.dump(); },
                 [](const Revert& revert) { return "revert " + revert.proposal.text; }},
      operation);
}

bool is_better(const Proposal& a, const Proposal& b) {
  if (a.confidence != b.confidence) return a.confidence > b.confidence;
  return a.finding.citations.size() > b.finding.citations.size();
}

}  // namespace

const std::vector<Rule>& rules() {
  static const std::vector<Rule> table = {
      {"timeout-too-short", "a node ended at its timeout_ms whose other attempts end near it", find_short_timeouts},
      {"rate-limit", "items that a service refuses because too many come at once", find_rate_limits},
      {"flaky", "a node that failed and then succeeded on the same input", find_flaky_nodes},
      {"unchecked-list", "a list with entries that break the node that runs over it", find_unchecked_lists},
      {"breaking-item", "an item that breaks a node every time while others pass", find_breaking_items},
      {"crash", "rows of a dataset on which a node crashes", find_crashes},
      {"loose-schema", "a member that answers leave out at times, and a node that then fails", find_loose_schemas},
      {"retry-classes", "retries after failures that no retry ever healed", find_futile_retries},
      {"serial-fan-out", "independent items run one at a time that take most of the run", find_serial_fan_outs},
      {"serial-siblings", "independent nodes that wait for each other under runtime.concurrency 1",
       find_serial_siblings},
      {"cache", "slow work that is done again with the same result", find_repeated_work},
  };
  return table;
}

std::vector<Proposal> advise(const Evidence& evidence) {
  std::vector<Proposal> all;
  for (const Rule& rule : rules()) {
    for (Proposal& proposal : rule.propose(evidence)) {
      if (!proposal.finding.citations.empty()) all.push_back(std::move(proposal));
    }
  }
  std::stable_sort(all.begin(), all.end(), is_better);
  std::set<std::string> taken;
  std::erase_if(all, [&](const Proposal& proposal) { return !taken.insert(place_of(proposal.operation)).second; });
  return all;
}

}  // namespace oe::evolve
