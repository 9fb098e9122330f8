#pragma once

#include <vector>

#include "oe/evolve/evidence.hpp"

namespace oe::evolve {

// The functions behind the table of rules(), one file each: rule_<name>.cpp. Thresholds stand at the top of each
// file and in docs/rules.md.

std::vector<Proposal> find_short_timeouts(const Evidence& evidence);
std::vector<Proposal> find_flaky_nodes(const Evidence& evidence);
std::vector<Proposal> find_serial_fan_outs(const Evidence& evidence);
std::vector<Proposal> find_serial_siblings(const Evidence& evidence);
std::vector<Proposal> find_breaking_items(const Evidence& evidence);
std::vector<Proposal> find_unchecked_lists(const Evidence& evidence);
std::vector<Proposal> find_crashes(const Evidence& evidence);
std::vector<Proposal> find_rate_limits(const Evidence& evidence);
std::vector<Proposal> find_futile_retries(const Evidence& evidence);
std::vector<Proposal> find_loose_schemas(const Evidence& evidence);
std::vector<Proposal> find_repeated_work(const Evidence& evidence);

}  // namespace oe::evolve
