#include "evolve/counsel.hpp"

#include <fmt/core.h>
#include <set>

#include "evolve/advisor_after_merge.hpp"
#include "evolve/line.hpp"

namespace oe::evolve {

namespace {

/// The advice of several, each change once: a model may well see what a rule has seen.
class Chorus {
 public:
  explicit Chorus(const std::string& workflow) : workflow_(workflow) {}
  void add(Advice more) {
    for (Proposal& proposal : more.proposals) {
      if (seen_.insert(fingerprint(proposal, workflow_)).second) advice_.proposals.push_back(std::move(proposal));
    }
    for (std::string& note : more.notes) advice_.notes.push_back(std::move(note));
    add_spend(advice_.spend, more.spend);
  }
  const Advice& so_far() const { return advice_; }
  Advice take() { return std::move(advice_); }

 private:
  const std::string& workflow_;
  std::set<Fingerprint> seen_;
  Advice advice_;
};

std::vector<Idea> with_proposals(std::vector<Idea> ideas, const std::vector<Proposal>& proposals) {
  for (const Proposal& proposal : proposals) ideas.push_back({proposal, "is being tried already"});
  return ideas;
}

// Each try is another question, so that a record answers each of them by itself.
Result<Advice> ask_model(const EvolveContext& context, const EvolveOptions& options, const Hearing& hearing,
                         const AdvisorContext& evidence, const Advice& before, std::uint32_t number) {
  AdvisorContext asked = evidence;
  if (number > 1) {
    asked.ideas = with_proposals(asked.ideas, before.proposals);
    asked.place += fmt::format(".t{}", number);
  }
  std::optional<double> left = hearing.usd;
  if (left && before.spend) *left -= before.spend->usd.value_or(0);
  return make_model_advisor({.models = context.models,
                             .directory = context.place.root / evidence.base.directory,
                             .model = options.model,
                             .budget_usd = left,
                             .prompt_tokens = options.prompt_tokens})
      ->advise(asked);
}

}  // namespace

void add_spend(std::optional<ModelSpend>& sum, const std::optional<ModelSpend>& more) {
  if (!more) return;
  if (!sum) {
    sum = more;
    return;
  }
  sum->usage += more->usage;
  sum->calls += more->calls;
  sum->usd = sum->usd && more->usd ? std::optional(*sum->usd + *more->usd) : std::nullopt;
}

Result<Advice> counsel(const EvolveContext& context, const EvolveOptions& options, const Hearing& hearing,
                       const AdvisorContext& evidence) {
  Chorus chorus(evidence.base.workflow);
  if (hearing.after_merge) {
    const HistoryContext history{context.place, context.ledger};
    OE_TRY(Advice reverts, make_after_merge_advisor(history)->advise(evidence));
    chorus.add(std::move(reverts));
  }
  if (hearing.rules) {
    OE_TRY(Advice rules, make_rules_advisor()->advise(evidence));
    chorus.add(std::move(rules));
  }
  bool is_heard = hearing.rules;
  for (std::uint32_t number = 1; hearing.model && number <= hearing.tries; ++number) {
    auto model = ask_model(context, options, hearing, evidence, chorus.so_far(), number);
    if (model) {
      chorus.add(std::move(*model));
      is_heard = true;
      continue;
    }
    if (!is_heard || model.error().kind() == ErrorKind::interrupted) return fail(model.error());
    const std::string lacking =
        number == 1 ? "only the rules have advised" : fmt::format("try {} gave nothing", number);
    chorus.add({.notes = {lacking + ": " + one_line(model.error().to_string())}});
    break;
  }
  return chorus.take();
}

}  // namespace oe::evolve
