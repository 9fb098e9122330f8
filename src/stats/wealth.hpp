#pragma once

#include <cstddef>

namespace oe::stats {

/// The e-value of a WinsProcess after so many wins and losses, whatever their order.
double wealth_of(std::size_t wins, std::size_t losses);

}  // namespace oe::stats
