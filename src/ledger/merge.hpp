#pragma once

#include <string>

#include "oe/ledger/run_state.hpp"

namespace oe::ledger {

/// The order in which contributions count, but for those of one place: they count as they came.
bool counts_before(const Write& a, const Write& b);

/// The place of a write as text that sorts in the order of places: each number as a letter for how many hexadecimal
/// digits it has (a: 1) and the digits, with dots between.
std::string place_text(const Write& write);

}  // namespace oe::ledger
