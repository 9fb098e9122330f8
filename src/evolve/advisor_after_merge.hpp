#pragma once

#include <memory>

#include "oe/evolve/advisor.hpp"
#include "oe/evolve/history.hpp"

namespace oe::evolve {

/// Finding::rule of a change whose gain did not come.
inline constexpr std::string_view kBrokenPromise = "gain-did-not-come-true";

/// Proposes to take back what became history and did not do what it promised. Looks at the whole ledger, not only at
/// the evidence that it is given. The context is borrowed.
std::unique_ptr<Advisor> make_after_merge_advisor(const HistoryContext& context);

}  // namespace oe::evolve
