#include "engine/accounts.hpp"

#include <algorithm>
#include <fmt/core.h>

#include "engine/spend.hpp"

namespace oe::engine {

namespace {

using std::chrono::milliseconds;

bool has_budget(const Plan& plan) {
  if (!plan.graph().runtime.budget.unlimited()) return true;
  return std::ranges::any_of(plan.nodes(), [](const PlannedNode& planned) {
    return !planned.node->budget.unlimited() || (planned.body && has_budget(*planned.body));
  });
}

template <class T>
bool passes(const std::optional<T>& limit, const std::optional<T>& spent, const std::optional<T>& more) {
  if (!limit) return false;
  const T used = spent.value_or(T{});
  return used >= *limit || used + more.value_or(T{}) > *limit;
}

template <class T>
std::optional<T> rest(const std::optional<T>& limit, const std::optional<T>& spent) {
  if (!limit) return std::nullopt;
  return *limit > spent.value_or(T{}) ? *limit - spent.value_or(T{}) : T{};
}

template <class T>
void take(std::optional<T>& sum, const std::optional<T>& less) {
  if (sum && less) sum = *sum > *less ? *sum - *less : T{};
}
void take(exec::Spend& sum, const exec::Spend& less) {
  take(sum.tokens, less.tokens);
  take(sum.usd, less.usd);
}

std::string owner(std::string_view whose) {
  return whose.empty() ? "the run" : fmt::format("node '{}'", whose);
}

std::string words(const graph::Budget& budget) {
  if (budget.tokens) return fmt::format("{} tokens", *budget.tokens);
  if (budget.usd) return fmt::format("{} usd", *budget.usd);
  return fmt::format("{} ms", budget.time ? budget.time->count() : 0);
}

}  // namespace

Accounts::Accounts(const Plan& plan, const Past* past) : any_budget_(has_budget(plan)) {
  run_.budget = plan.graph().runtime.budget;
  if (past == nullptr || !past->impl().same_run) return;
  for (const auto& [id, paid] : past->impl().paid) {
    Account& account = nodes_[id.text];
    account.spent = paid.spend;
    account.worked = paid.worked;
    account.dearest = paid.dearest;
    raise(run_.dearest, paid.dearest);
    add(run_.spent, paid.spend);
    run_.worked += paid.worked;
  }
}

template <class Use>
void Accounts::each_payer(const Frame& frame, std::size_t position, Use use) {
  const auto pay = [&](const Frame& payer, std::size_t at) {
    Account& account = nodes_[payer.whole(at).node.text];
    account.budget = payer.node(at).budget;
    use(account, payer.node(at).id.text);
  };
  pay(frame, position);
  for (const Frame* inner = &frame; inner->parent != nullptr; inner = inner->parent)
    if (inner->kind != Frame::Kind::item) pay(*inner->parent, inner->position);
  use(run_, std::string());
}

exec::Spend Accounts::estimate(const Account& own, const exec::Spend& most) const {
  exec::Spend more = most;
  if (!more.tokens) more.tokens = own.budget.tokens ? rest(own.budget.tokens, own.spent.tokens) : own.dearest.tokens;
  if (!more.usd) more.usd = own.budget.usd ? rest(own.budget.usd, own.spent.usd) : own.dearest.usd;
  return more;
}

std::optional<Accounts::Refusal> Accounts::refusal(const Account& account, const exec::Spend& more,
                                                   std::string_view whose) const {
  const graph::Budget& budget = account.budget;
  const bool spent = passes(budget.tokens, account.spent.tokens, more.tokens) ||
                     passes(budget.usd, account.spent.usd, more.usd) || (budget.time && account.worked >= *budget.time);
  exec::Spend promised = account.spent;
  add(promised, account.reserved);
  const bool held = passes(budget.tokens, promised.tokens, more.tokens) || passes(budget.usd, promised.usd, more.usd);
  if (!spent && !held) return std::nullopt;
  return Refusal{.whole_run = whose.empty(),
                 .only_now = !spent && account.on_their_way > 0,
                 .reason = fmt::format("the budget of {} ({}) would be exceeded{}", owner(whose), words(budget),
                                       whose.empty() ? "; raise runtime.budget to go further" : "")};
}

// Only models know their tokens before their price.
std::optional<Accounts::Refusal> Accounts::unpriced(const Account& account, const exec::Spend& most,
                                                    std::string_view whose) {
  if (!account.budget.usd || !most.tokens || most.usd) return std::nullopt;
  return Refusal{
      .whole_run = whose.empty(),
      .reason = fmt::format("the budget of {} ({}) cannot be kept: the price of its model is not known; give "
                            "it one under models:",
                            owner(whose), words(account.budget))};
}

std::optional<Accounts::Refusal> Accounts::reserve(const Frame& frame, std::size_t position, const exec::Spend& most,
                                                   exec::Spend& reserved) {
  std::optional<exec::Spend> more;
  std::optional<Refusal> refused;
  each_payer(frame, position, [&](Account& account, const std::string& whose) {
    const bool is_own = !more;
    if (is_own) more = estimate(account, most);
    // Its own budget may be used up to the last, but not by an attempt that can, or is likely to, pass it.
    const exec::Spend own{most.tokens ? most.tokens : account.dearest.tokens,
                          most.usd ? most.usd : account.dearest.usd};
    if (!refused) refused = unpriced(account, most, whose);
    if (!refused) refused = refusal(account, is_own ? own : *more, whose);
  });
  if (refused) return refused;
  reserved = *more;
  each_payer(frame, position, [&](Account& account, const std::string&) {
    add(account.reserved, *more);
    ++account.on_their_way;
  });
  return std::nullopt;
}

void Accounts::settle(const Frame& frame, std::size_t position, const exec::Spend& reserved, const exec::Spend& spent,
                      std::chrono::microseconds worked) {
  add(run_.spent, spent);
  if (!any_budget_) return;
  each_payer(frame, position, [&](Account& account, const std::string&) {
    if (&account != &run_) add(account.spent, spent);
    raise(account.dearest, spent);
    account.worked += worked;
    take(account.reserved, reserved);
    // Sums of dollars leave crumbs.
    if (--account.on_their_way == 0) account.reserved = {};
  });
}

std::optional<milliseconds> Accounts::time_left(const Frame& frame, std::size_t position) {
  if (!any_budget_) return std::nullopt;
  std::optional<milliseconds> least;
  each_payer(frame, position, [&](const Account& account, const std::string&) {
    if (!account.budget.time) return;
    const auto left = *account.budget.time - std::chrono::duration_cast<milliseconds>(account.worked);
    least = std::min(least.value_or(left), left);
  });
  return least ? std::optional(std::max(*least, milliseconds(1))) : std::nullopt;
}

}  // namespace oe::engine
