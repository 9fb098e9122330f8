#include <algorithm>
#include <fmt/core.h>

#include "oe/base/redact.hpp"

#include "evolve/answer.hpp"
#include "evolve/ask_now.hpp"
#include "evolve/line.hpp"
#include "evolve/prompt.hpp"

namespace oe::evolve {

namespace {

constexpr std::size_t kMostProposals = 5;
constexpr std::uint32_t kMostAnswerTokens = 8192;
constexpr std::size_t kLongestReason = 1200;

// Refused and unfit answers are the model's doing; what the user has to mend is the environment.
Error error_of(const llm::Answer& answer) {
  const ErrorKind kind = llm::is_environment(answer) ? ErrorKind::environment : ErrorKind::failed;
  return Error(kind, "the model gave no advice: " + answer.error);
}

std::string note_of(const Unusable& unusable) {
  return fmt::format("a proposal of the model cannot be used: {}: {}", unusable.title,
                     one_line(unusable.reason, kLongestReason));
}

std::string complaint(const std::vector<Unusable>& unusable) {
  std::string text = "These proposals cannot be used:\n";
  for (const Unusable& one : unusable)
    text += fmt::format("- {}: {}\n", one.title, one.reason.substr(0, kLongestReason));
  return text +
         "Answer once more, in the same form, with corrected versions of these and nothing else. Leave out what cannot "
         "be "
         "corrected. The other proposals are kept.\n";
}

/// One conversation: the question, and a second turn about what cannot be used.
class Conversation {
 public:
  Conversation(ModelLine line, const AdvisorContext& context, std::optional<double> budget_usd)
      : line_(std::move(line)), context_(context), budget_usd_(budget_usd) {}

  Result<Advice> hold(llm::Ask ask) {
    OE_TRY(const llm::Answer first, asked(ask, context_.place + "#1"));
    if (first.ending != llm::Ending::answered) return fail(error_of(first));
    take(first);
    if (!unusable_.empty()) OE_CHECK(correct(std::move(ask), first));
    for (const Unusable& one : unusable_) advice_.notes.push_back(note_of(one));
    advice_.spend = std::move(spend_);
    return std::move(advice_);
  }

 private:
  void take(const llm::Answer& answer) {
    ReadAnswer read = read_answer(answer.value, context_, kMostProposals - advice_.proposals.size());
    std::ranges::move(read.usable, std::back_inserter(advice_.proposals));
    unusable_ = std::move(read.unusable);
  }

  // A second answer that does not come leaves the first one as it is.
  Result<void> correct(llm::Ask ask, const llm::Answer& first) {
    ask.turns.push_back({llm::Turn::Role::model, first.text});
    ask.turns.push_back({llm::Turn::Role::user, complaint(unusable_)});
    const auto second = asked(ask, context_.place + "#2");
    if (!second && second.error().kind() == ErrorKind::interrupted) return fail(second.error());
    if (!second) return {};
    if (second->ending == llm::Ending::answered) take(*second);
    return {};
  }

  Result<void> check_budget(const llm::Ask& ask) const {
    if (!budget_usd_) return {};
    OE_TRY(const llm::Bound bound, line_.bound(ask));
    const std::string hint = "raise --budget, or without a model: oe evolve --advisor rules";
    if (!bound.usd || !spend_.usd) {
      return fail(ErrorKind::environment,
                  fmt::format("the budget of {} usd cannot be kept: the price of {} is not known", *budget_usd_,
                              bound.model.empty() ? "the model" : bound.model),
                  "give it a price under models:, or leave --budget out");
    }
    if (*spend_.usd + *bound.usd <= *budget_usd_) return {};
    return fail(ErrorKind::environment,
                fmt::format("asking {} may cost {:.4f} usd; {:.4f} of the budget are left", bound.model, *bound.usd,
                            *budget_usd_ - *spend_.usd),
                hint);
  }

  Result<llm::Answer> asked(const llm::Ask& ask, const std::string& place) {
    OE_CHECK(check_budget(ask));
    OE_TRY(llm::Answer answer,
           line_.ask(ask, place, [&](std::string_view text) { context_.progress(std::string(text)); }));
    spend_.model = answer.model;
    spend_.usage += answer.usage;
    spend_.calls += answer.calls;
    spend_.usd = spend_.usd && answer.usd ? std::optional(*spend_.usd + *answer.usd) : std::nullopt;
    return answer;
  }

  ModelLine line_;
  const AdvisorContext& context_;
  std::optional<double> budget_usd_;
  Advice advice_;
  std::vector<Unusable> unusable_;
  ModelSpend spend_{.usd = 0.0};
};

class ModelAdvisor : public Advisor {
 public:
  explicit ModelAdvisor(ModelAdvisorOptions options) : options_(std::move(options)) {}

  std::string_view name() const override { return "model"; }

  Result<Advice> advise(const AdvisorContext& context) override {
    const graph::Models& models = context.base.reading.graph.models;
    OE_TRY(ModelLine line, ModelLine::open(options_.models, models, options_.directory));
    Prompt prompt = build_prompt(context, options_.prompt_tokens);
    llm::Ask ask{.model = models.advisor.empty() ? options_.model : models.advisor,
                 .system = std::move(prompt.system),
                 .turns = {{llm::Turn::Role::user, Redactor(line.keys()).text(std::move(prompt.user))}},
                 .schema = std::move(prompt.schema),
                 .schema_name = "proposals",
                 .max_tokens = kMostAnswerTokens};
    return Conversation(std::move(line), context, options_.budget_usd).hold(std::move(ask));
  }

 private:
  ModelAdvisorOptions options_;
};

}  // namespace

std::unique_ptr<Advisor> make_model_advisor(ModelAdvisorOptions options) {
  return std::make_unique<ModelAdvisor>(std::move(options));
}

}  // namespace oe::evolve
