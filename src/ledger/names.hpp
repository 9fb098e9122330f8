#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "oe/ledger/event.hpp"
#include "oe/ledger/proposal_record.hpp"
#include "oe/ledger/run_state.hpp"

namespace oe::ledger {

template <class Enum>
using NameRow = std::pair<Enum, std::string_view>;

// What the stored words of each enumeration are. A word is never reused for another meaning.

inline constexpr std::array kOutcomes{
    NameRow<Outcome>{Outcome::succeeded, "succeeded"}, NameRow<Outcome>{Outcome::failed, "failed"},
    NameRow<Outcome>{Outcome::timed_out, "timed_out"}, NameRow<Outcome>{Outcome::cancelled, "cancelled"},
    NameRow<Outcome>{Outcome::skipped, "skipped"},     NameRow<Outcome>{Outcome::waiting, "waiting"}};
inline constexpr std::array kRunStatuses{
    NameRow<RunStatus>{RunStatus::running, "running"},     NameRow<RunStatus>{RunStatus::success, "success"},
    NameRow<RunStatus>{RunStatus::failed, "failed"},       NameRow<RunStatus>{RunStatus::partial, "partial"},
    NameRow<RunStatus>{RunStatus::cancelled, "cancelled"}, NameRow<RunStatus>{RunStatus::interrupted, "interrupted"},
    NameRow<RunStatus>{RunStatus::waiting, "waiting"}};
inline constexpr std::array kSkipCauses{NameRow<SkipCause>{SkipCause::condition, "condition"},
                                        NameRow<SkipCause>{SkipCause::failure, "failure"},
                                        NameRow<SkipCause>{SkipCause::cancelled, "cancelled"}};
inline constexpr std::array kFieldMerges{NameRow<FieldMerge>{FieldMerge::last_wins, "last_wins"},
                                         NameRow<FieldMerge>{FieldMerge::set_once, "set_once"},
                                         NameRow<FieldMerge>{FieldMerge::array_append, "array_append"}};
inline constexpr std::array kProposalStatuses{NameRow<ProposalStatus>{ProposalStatus::made, "made"},
                                              NameRow<ProposalStatus>{ProposalStatus::proven, "proven"},
                                              NameRow<ProposalStatus>{ProposalStatus::unproven, "unproven"},
                                              NameRow<ProposalStatus>{ProposalStatus::open, "open"},
                                              NameRow<ProposalStatus>{ProposalStatus::accepted, "accepted"},
                                              NameRow<ProposalStatus>{ProposalStatus::rejected, "rejected"}};

constexpr const auto& names_of(Outcome) {
  return kOutcomes;
}
constexpr const auto& names_of(RunStatus) {
  return kRunStatuses;
}
constexpr const auto& names_of(SkipCause) {
  return kSkipCauses;
}
constexpr const auto& names_of(FieldMerge) {
  return kFieldMerges;
}
constexpr const auto& names_of(ProposalStatus) {
  return kProposalStatuses;
}

template <class Enum>
constexpr std::string_view name_of(Enum value) {
  for (const auto& [candidate, name] : names_of(value)) {
    if (candidate == value) return name;
  }
  return "unknown";
}

/// The value that a stored word stands for; nothing for any other word.
template <class Enum>
constexpr std::optional<Enum> from_name(std::string_view word) {
  for (const auto& [candidate, name] : names_of(Enum{})) {
    if (name == word) return candidate;
  }
  return std::nullopt;
}

}  // namespace oe::ledger
