#pragma once

#include <string>
#include <variant>
#include <vector>

#include "oe/evolve/gate.hpp"
#include "oe/evolve/proposal.hpp"

namespace oe::evolve {

/// Pairs of runs, in the order in which the gate saw them, and what it judged them by.
struct PairsShown {
  std::vector<Metric> metrics;
  GateRule rule;
  std::vector<Pair> pairs;
  friend bool operator==(const PairsShown&, const PairsShown&) = default;
};
/// A case that made its node fail each time that it was tried, and what it said.
struct FailuresShown {
  double alpha = 0.05;
  std::vector<std::string> errors;
  friend bool operator==(const FailuresShown&, const FailuresShown&) = default;
};
using Shown = std::variant<PairsShown, FailuresShown>;

/// The verdict, derived from what was shown and nothing else: the words of the trailer Oe-Effect. Errors: failed, with
/// the verdict that does not speak for the change.
Result<std::string> effect_of(const Shown& shown, const Operation& operation);

/// How often in a row a case must make its node fail: one that fails half of the time by chance does so with a
/// probability of at most alpha.
std::size_t failures_needed(double alpha);

/// A recorded run that the finding cites, with the digest of its journal as it may travel.
struct CitedRun {
  RunId id;
  std::string sha256;
  friend bool operator==(const CitedRun&, const CitedRun&) = default;
};

/// Everything that a verdict rests on, without a secret or a path of the machine: whoever has it derives the verdict
/// again without running anything. Lies at evidence_ref(fingerprint), and the commit of the proposal names its tree.
struct Proof {
  Fingerprint fingerprint;
  std::string workflow;  ///< relative to the root
  git::Oid base;
  git::Oid tree;  ///< of the proposal's commit
  Operation operation;
  Expectation expectation;
  Shown shown;
  std::string effect;
  std::vector<CitedRun> runs;
  std::string machine;  ///< for people: "Linux 6.1.0 x86_64, 2 processors"
  friend bool operator==(const Proof&, const Proof&) = default;
};

/// The one file of the evidence's tree.
inline constexpr const char* kProofFile = "proof.json";

std::string to_json_text(const Proof& proof);
/// Errors: input, naming the member that is missing or of another kind.
Result<Proof> parse_proof(std::string_view text);

/// The operation that to_value() wrote. Errors: input.
Result<Operation> operation_of(const Value& change);

std::string evidence_ref(const Fingerprint& fingerprint);  ///< "refs/oe/evidence/<fingerprint>"

}  // namespace oe::evolve
