#pragma once

#include <map>
#include <memory>
#include <set>

#include "evolve/consent.hpp"
#include "evolve/front.hpp"
#include "evolve/ground.hpp"
#include "evolve/inquiry.hpp"
#include "evolve/rounds.hpp"

namespace oe::evolve {

/// Drives the generations of one invocation; docs/search.md has the rules. The first one is asked about recorded runs.
/// Each later one stands on what is proven and leads in some case, is asked about the runs of its trials, and is held
/// beside as many more candidates of the first kind: the baseline. All that it is given is borrowed.
class Search {
 public:
  Search(const EvolveContext& context, const EvolveOptions& options, JudgeContext& judge, Consent& consent,
         const Ground& root, EvolveReport& report)
      : context_(context),
        options_(options),
        judge_(judge),
        consent_(consent),
        root_(root),
        report_(report),
        rounds_(options.alpha, options.generations) {}

  /// Fills the report. Errors only for what must end the invocation; what was proven by then stays.
  Result<void> run();

 private:
  struct Candidate {
    const Ground* ground = nullptr;
    Proposal proposal;
    Descent descent;
  };

  Result<void> hold_first();
  Result<bool> hold_next(std::uint32_t generation);
  Result<std::vector<Candidate>> children(std::uint32_t generation);
  Result<std::vector<Candidate>> more_of_the_first(std::uint32_t generation,
                                                   const std::vector<Candidate>& evolved);
  Result<std::vector<Candidate>> asked_on(const Ground& ground, std::uint32_t generation);
  Result<Advice> ask(const Question& question);
  Result<const Judged*> carry(const Candidate& candidate);
  bool may_ask();

  std::vector<const Ground*> parents();
  Result<const Ground*> ground_of(const Judged& proposal);
  const Judged* proven_as(const Fingerprint& name) const;
  std::vector<Idea> ideas_for(const Ground& ground) const;
  std::vector<Idea> ideas_being_tried() const;
  bool is_new(const Candidate& candidate) const;
  Fingerprint name_of(const Candidate& candidate) const {
    return fingerprint(candidate.proposal, root_.base().workflow);
  }
  std::vector<std::size_t> proven(std::string_view without_arm) const;
  Standing standing_of(const Judged& judged) const;
  std::optional<std::size_t> best_without(std::string_view arm) const;
  Result<void> compare();
  bool asks_rules() const { return options_.advisor != AdvisorChoice::llm; }
  bool asks_model() const { return options_.advisor != AdvisorChoice::rules; }

  const EvolveContext& context_;
  const EvolveOptions& options_;
  JudgeContext& judge_;
  Consent& consent_;
  const Ground& root_;
  EvolveReport& report_;
  Rounds rounds_;
  std::vector<Candidate> spare_;  ///< of the first generation, beyond the most that are tried at once
  std::map<Fingerprint, std::unique_ptr<Ground>> grounds_;
  std::set<std::pair<Fingerprint, Fingerprint>> tried_;  ///< parent and proposal, as they were asked for
};

}  // namespace oe::evolve
