#include "evolve/search.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <iterator>

#include "evolve/carrier.hpp"
#include "evolve/line.hpp"

namespace oe::evolve {

namespace {

using Fate = Judged::Fate;

/// More would share the candidates of a generation among too many.
constexpr std::size_t kMostParents = 3;

std::string short_name(const Fingerprint& fingerprint) {
  return fingerprint.text.substr(0, 8);
}

bool stands(const Judged& judged) {
  return judged.fate == Fate::committed || judged.fate == Fate::unchanged;
}

std::string fate_of(const Judged& judged) {
  switch (judged.fate) {
    case Fate::committed:
    case Fate::unchanged:
      return "is proven, and open for review on a branch of its own";
    case Fate::unproven:
      return fmt::format("its trial did not show what it promised{}: {}",
                         judged.outcome.verdict.empty() ? "" : " (" + judged.outcome.verdict + ")", judged.reason);
    case Fate::refused:
      return "was refused: " + judged.reason;
    case Fate::rejected_before:
      return "was REJECTED by a person: " + judged.reason;
    case Fate::proposed:
      break;
  }
  return "is being tried already";
}

}  // namespace

Result<void> Search::run() {
  OE_CHECK(hold_first());
  const bool is_search = options_.generations > 1 && !options_.dry_run;
  if (is_search) report_.search.emplace().shared = report_.proposals.size();
  for (std::uint32_t generation = 2; is_search && generation <= options_.generations; ++generation) {
    OE_TRY(const bool went_on, hold_next(generation));
    if (!went_on) break;
    report_.search->generations = generation;
  }
  if (is_search) OE_CHECK(compare());
  report_.trials = judge_.purse->spent();
  report_.trial_runs = judge_.purse->runs();
  report_.ended_by = judge_.purse->ended_by();
  return {};
}

Result<void> Search::hold_first() {
  OE_TRY(Advice advice, ask({.ground = root_,
                             .hearing = {asks_rules(), asks_model(), options_.tries, {}, /* after_merge */ true}}));
  judge_.alpha = rounds_.begin(std::min(options_.most, advice.proposals.size()));
  std::size_t taken = 0;  // what was rejected must not keep others out
  for (Proposal& proposal : advice.proposals) {
    report_.findings.push_back(proposal.finding);
    Candidate candidate{&root_, std::move(proposal), {}};
    if (taken == options_.most) {
      spare_.push_back(std::move(candidate));
      continue;
    }
    OE_TRY(const Judged* judged, carry(candidate));
    if (judged != nullptr && judged->fate != Fate::rejected_before) ++taken;
  }
  return {};
}

// Both arms take turns, so that a limit ends them at about the same number.
Result<bool> Search::hold_next(std::uint32_t generation) {
  if (!may_ask()) return false;
  OE_TRY(const std::vector<Candidate> evolved, children(generation));
  if (evolved.empty()) {
    report_.notes.push_back(
        fmt::format("generation {}: nothing more is to be seen on top of what was proven", generation));
    return false;
  }
  OE_TRY(const std::vector<Candidate> repeated, more_of_the_first(generation, evolved));
  judge_.alpha = rounds_.begin(evolved.size() + repeated.size());
  for (std::size_t i = 0; i < evolved.size(); ++i) {
    OE_TRY(const Judged* child, carry(evolved[i]));
    if (child != nullptr) ++report_.search->evolved;
    if (i >= repeated.size()) continue;
    OE_TRY(const Judged* other, carry(repeated[i]));
    if (other != nullptr) ++report_.search->repeated;
  }
  return true;
}

// A model is not asked for what could not be tried; rules cost nothing, and what they see may be known already.
bool Search::may_ask() {
  const Purse::Step step{.runs = asks_model() ? std::size_t{2} : 0};
  return judge_.purse->affords(1, step, context_.clock.monotonic()) > 0;
}

// nullptr for what no limit left room for; else good until the next one.
Result<const Judged*> Search::carry(const Candidate& candidate) {
  if (!options_.dry_run) OE_CHECK(consent_.ask());
  tried_.emplace(candidate.ground->parent(), name_of(candidate));
  Carrier carrier(context_, options_, judge_, candidate.ground->basis());
  OE_TRY(auto judged, carrier.carry(candidate.proposal, candidate.descent));
  if (!judged) return nullptr;
  report_.proposals.push_back(std::move(*judged));
  return &report_.proposals.back();
}

Result<Advice> Search::ask(const Question& question) {
  OE_TRY(Advice advice, inquire(context_, options_, judge_, consent_, question));
  std::ranges::move(advice.notes, std::back_inserter(report_.notes));
  add_spend(report_.spend, advice.spend);
  return advice;
}

// The parents take turns, the best one first.
Result<std::vector<Search::Candidate>> Search::children(std::uint32_t generation) {
  std::vector<std::vector<Candidate>> families;
  for (const Ground* ground : parents()) {
    OE_TRY(auto family, asked_on(*ground, generation));
    families.push_back(std::move(family));
  }
  std::vector<Candidate> chosen;
  std::set<Fingerprint> names;
  for (std::size_t i = 0, most = 1; i < most; ++i) {
    for (std::vector<Candidate>& family : families) {
      most = std::max(most, family.size());
      if (i >= family.size() || chosen.size() == options_.most) continue;
      // On two grounds at once it would be one proposal with two branches.
      if (names.insert(name_of(family[i])).second) chosen.push_back(std::move(family[i]));
    }
  }
  return chosen;
}

// On the workflow itself the rules have said all that they have to say.
Result<std::vector<Search::Candidate>> Search::asked_on(const Ground& ground, std::uint32_t generation) {
  const bool is_root = &ground == &root_;
  const Hearing hearing{asks_rules() && !is_root, asks_model(), options_.tries};
  std::vector<Candidate> candidates;
  if (!hearing.rules && !hearing.model) return candidates;
  const std::string on = is_root ? std::string() : "." + short_name(ground.parent());
  auto advice = ask({ground, hearing, ideas_for(ground), fmt::format("evolve/advise.g{}{}", generation, on)});
  if (!advice && advice.error().kind() == ErrorKind::interrupted) return fail(advice.error());
  if (!advice) {
    report_.notes.push_back(fmt::format("generation {}: {}", generation, one_line(advice.error().to_string())));
    return candidates;
  }
  for (Proposal& proposal : advice->proposals) {
    Candidate candidate{&ground, std::move(proposal), {ground.parent(), generation, "evolution"}};
    if (is_new(candidate)) candidates.push_back(std::move(candidate));
  }
  for (const Candidate& candidate : candidates) report_.findings.push_back(candidate.proposal.finding);
  return candidates;
}

// Without what was learnt from trials; of the ideas themselves a model is told, or it would only repeat them.
Result<std::vector<Search::Candidate>> Search::more_of_the_first(std::uint32_t generation,
                                                                 const std::vector<Candidate>& evolved) {
  const std::size_t count = evolved.size();
  if (spare_.size() < count && asks_model()) {
    auto advice = ask({root_,
                       {false, true, options_.tries},
                       ideas_being_tried(),
                       fmt::format("evolve/advise.b{}", generation)});
    if (!advice && advice.error().kind() == ErrorKind::interrupted) return fail(advice.error());
    if (!advice) report_.notes.push_back("the baseline: " + one_line(advice.error().to_string()));
    for (Proposal& proposal : advice ? advice->proposals : std::vector<Proposal>()) {
      Candidate candidate{&root_, std::move(proposal), {}};
      if (is_new(candidate)) spare_.push_back(std::move(candidate));
    }
  }
  // A change has one record, so what evolution tries at the moment is not tried beside it.
  std::erase_if(spare_, [&](const Candidate& candidate) {
    return std::ranges::any_of(evolved, [&](const Candidate& one) { return name_of(one) == name_of(candidate); });
  });
  const auto end = spare_.begin() + static_cast<std::ptrdiff_t>(std::min(count, spare_.size()));
  std::vector<Candidate> more(std::make_move_iterator(spare_.begin()), std::make_move_iterator(end));
  spare_.erase(spare_.begin(), end);
  for (Candidate& candidate : more) candidate.descent = {{}, generation, "baseline"};
  return more;
}

bool Search::is_new(const Candidate& candidate) const {
  const Fingerprint name = name_of(candidate);
  return proven_as(name) == nullptr && !tried_.contains({candidate.ground->parent(), name});
}

// Those on the per-case front, the workflow as it is among them while nothing beats it.
std::vector<const Ground*> Search::parents() {
  const std::vector<std::size_t> pool = proven("baseline");
  std::vector<Standing> standings = {Standing{}};
  for (const std::size_t i : pool) standings.push_back(standing_of(report_.proposals[i]));
  std::vector<const Ground*> chosen;
  for (const std::size_t member : front(standings)) {
    if (chosen.size() == kMostParents) break;
    if (member == 0) chosen.push_back(&root_);
    if (member == 0) continue;
    const Judged& parent = report_.proposals[pool[member - 1]];
    const auto ground = ground_of(parent);
    if (ground && *ground != nullptr) chosen.push_back(*ground);
    else report_.notes.push_back(fmt::format("nothing is built upon {}: its trials are not on record any more",
                                             short_name(parent.fingerprint)));
  }
  return chosen;
}

Result<const Ground*> Search::ground_of(const Judged& proposal) {
  auto& kept = grounds_[proposal.fingerprint];
  if (!kept) {
    OE_TRY(kept, Ground::of_proposal(judge_, root_.base(), proposal));
  }
  return kept.get();
}

std::vector<Idea> Search::ideas_for(const Ground& ground) const {
  std::set<Fingerprint> below;
  for (const Judged* at = proven_as(ground.parent()); at != nullptr && below.insert(at->fingerprint).second;)
    at = proven_as(at->descent.parent);
  std::vector<Idea> ideas;
  for (const Judged& judged : report_.proposals) {
    const bool is_below = below.contains(judged.fingerprint);
    ideas.push_back({judged.proposal, is_below ? "is proven, and part of the workflow that you see" : fate_of(judged)});
  }
  return ideas;
}

// What was not proven on one ground may be on another.
const Judged* Search::proven_as(const Fingerprint& name) const {
  const auto found = std::ranges::find_if(
      report_.proposals, [&](const Judged& judged) { return stands(judged) && judged.fingerprint == name; });
  return found == report_.proposals.end() ? nullptr : &*found;
}

std::vector<Idea> Search::ideas_being_tried() const {
  std::vector<Idea> ideas;
  for (const Judged& judged : report_.proposals)
    if (judged.descent.arm != "evolution") ideas.push_back({judged.proposal, "is being tried already"});
  for (const Candidate& candidate : spare_) ideas.push_back({candidate.proposal, "is being tried already"});
  return ideas;
}

}  // namespace oe::evolve
