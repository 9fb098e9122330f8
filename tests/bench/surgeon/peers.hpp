#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "bench/surgeon/trial.hpp"

namespace oe::surgeon {

/// What a program made of a text.
struct Applied {
  std::optional<Files> files;  ///< nothing: it refused
  bool half = false;           ///< it refused, and left files changed
};

/// A program that applies a diff to the files of a directory; "{}" in its words is the file with the diff.
struct Peer {
  std::string name;
  std::vector<std::string> words;
};
const std::vector<Peer>& all_peers();

/// Runs it in `scratch` (made, and emptied before), without a terminal and outside of any repository.
Applied apply(const Peer& peer, const Trial& trial, const std::filesystem::path& scratch);

}  // namespace oe::surgeon
