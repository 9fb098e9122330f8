#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace oe::evolve {

/// One part of what a model is told: a heading and pieces that are told whole or not at all, the first ones first.
struct Section {
  std::string title;
  std::string unit;      ///< what the pieces are, for saying how many were left out: "lines", "attempts"
  int rank = 0;          ///< the lowest get their place first
  double share = 1;      ///< of all bytes, at most
  bool is_data = false;  ///< one fence around all pieces; else they have their own where they need them
  std::vector<std::string> pieces;
};

/// The sections in their order, with as many pieces as at most `bytes` hold, and a line for what was left out.
/// Sections without pieces are left out. Deterministic.
std::string fitted(const std::vector<Section>& sections, std::size_t bytes);

/// At most `bytes` of a text, cut at a line end where there is one near, with a line that says how much is missing.
std::string cut(std::string_view text, std::size_t bytes);

}  // namespace oe::evolve
