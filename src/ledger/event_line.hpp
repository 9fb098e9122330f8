#pragma once

#include <string>

#include "oe/ledger/event.hpp"

namespace oe::ledger {

/// Puts what to_json_line gives behind `out`.
void append_json_line(std::string& out, const Event& event);

}  // namespace oe::ledger
