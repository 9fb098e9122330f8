#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oe/evolve/evidence.hpp"
#include "oe/evolve/judge.hpp"
#include "oe/ledger/proposal_record.hpp"
#include "oe/llm/client.hpp"

namespace oe::evolve {

/// Finding::rule of what a model has found.
inline constexpr std::string_view kModelRule = "model";

/// What was spent on asking a model.
struct ModelSpend {
  std::string model;  ///< that answered, as its provider names it
  llm::Usage usage;
  std::optional<double> usd;  ///< nothing: a price is not known
  std::uint32_t calls = 0;
  friend bool operator==(const ModelSpend&, const ModelSpend&) = default;
};

/// What the search has thought of already: not to be proposed again.
struct Idea {
  Proposal proposal;
  std::string fate;  ///< a clause: "is being tried already", "its trial did not show what it promised: ..."
  friend bool operator==(const Idea&, const Idea&) = default;
};

/// Everything that an advisor may look at. Borrowed for the length of advise().
struct AdvisorContext {
  const Evidence& evidence;
  const Base& base;
  formats::Files files;  ///< of HEAD, below the workflow's directory
  /// What was proposed for this workflow before, oldest first, with the verdicts.
  std::vector<ledger::ProposalRecord> earlier;
  std::vector<Idea> ideas = {};         ///< of this search
  std::string place = "evolve/advise";  ///< names the calls of a model in the record, each differently
  /// Whether the operation can be written out and passes every check that needs no run.
  std::function<Result<void>(const Proposal&)> check;
  std::function<void(const std::string&)> progress;  ///< one line for people
};

struct Advice {
  std::vector<Proposal> proposals;  ///< best first
  std::vector<std::string> notes;   ///< one line each, for people
  std::optional<ModelSpend> spend;  ///< of an advisor that asks a model
};

/// Maps evidence to proposals. The same evidence gives the same advice, as far as a model can be held to that.
class Advisor {
 public:
  virtual ~Advisor() = default;
  virtual std::string_view name() const = 0;
  /// Errors: environment (no key, no server, no price for a budget), failed (the model refused or answered nothing of
  /// use), interrupted.
  virtual Result<Advice> advise(const AdvisorContext& context) = 0;
};

/// The rules of rules(): no model, no network.
std::unique_ptr<Advisor> make_rules_advisor();

struct ModelAdvisorOptions {
  OpenModels models;
  std::filesystem::path directory;     ///< of the workflow on disk
  std::string model;                   ///< as llm::Ask::model, where Models::advisor of the workflow names none
  std::optional<double> budget_usd;    ///< of all calls together; a call that may pass it is not made
  std::size_t prompt_tokens = 60'000;  ///< of the evidence that is sent, counted as bytes / 3
};
/// A model is shown the workflow, what happened in the runs and what became of earlier proposals (docs/advisor.md says
/// what exactly), and answers with operations or diffs. What cannot be used goes back to it once, with the reasons.
std::unique_ptr<Advisor> make_model_advisor(ModelAdvisorOptions options);

}  // namespace oe::evolve
