#include "evolve/counsel.hpp"

#include <set>

#include "evolve/line.hpp"

namespace oe::evolve {

namespace {

// Each change once: a model may well see what a rule has seen.
void add(Advice& all, Advice more, std::set<Fingerprint>& seen, std::string_view workflow) {
  for (Proposal& proposal : more.proposals) {
    if (seen.insert(fingerprint(proposal, workflow)).second) all.proposals.push_back(std::move(proposal));
  }
  for (std::string& note : more.notes) all.notes.push_back(std::move(note));
  if (more.spend) all.spend = std::move(more.spend);
}

std::unique_ptr<Advisor> model_advisor(const EvolveContext& context, const EvolveOptions& options,
                                       const AdvisorContext& evidence) {
  return make_model_advisor({.models = context.models,
                             .directory = context.place.root / evidence.base.directory,
                             .model = options.model,
                             .budget_usd = options.budget_usd,
                             .prompt_tokens = options.prompt_tokens});
}

}  // namespace

Result<Advice> counsel(const EvolveContext& context, const EvolveOptions& options, const AdvisorContext& evidence) {
  Advice all;
  std::set<Fingerprint> seen;
  const std::string& workflow = evidence.base.workflow;
  if (options.advisor != AdvisorChoice::llm) {
    OE_TRY(Advice rules, make_rules_advisor()->advise(evidence));
    add(all, std::move(rules), seen, workflow);
  }
  if (options.advisor == AdvisorChoice::rules) return all;
  auto model = model_advisor(context, options, evidence)->advise(evidence);
  if (model) {
    add(all, std::move(*model), seen, workflow);
    return all;
  }
  if (options.advisor == AdvisorChoice::llm || model.error().kind() == ErrorKind::interrupted)
    return fail(model.error());
  all.notes.push_back("only the rules have advised: " + one_line(model.error().to_string()));
  return all;
}

}  // namespace oe::evolve
