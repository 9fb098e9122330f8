#pragma once

#include "oe/ledger/event.hpp"

#include "ledger/json_text.hpp"

namespace oe::ledger {

/// Puts what to_json_line gives behind `out`.
void append_json_line(JsonText& out, const Event& event);

}  // namespace oe::ledger
