#include "oe/evolve/advisor.hpp"

namespace oe::evolve {

namespace {

class RulesAdvisor : public Advisor {
 public:
  std::string_view name() const override { return "rules"; }
  Result<Advice> advise(const AdvisorContext& context) override {
    return Advice{.proposals = evolve::advise(context.evidence)};
  }
};

}  // namespace

std::unique_ptr<Advisor> make_rules_advisor() {
  return std::make_unique<RulesAdvisor>();
}

}  // namespace oe::evolve
