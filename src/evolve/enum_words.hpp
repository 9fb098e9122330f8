#pragma once

#include <array>
#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

namespace oe::evolve {

/// The words that stand for the values of an enumeration in our JSON files.
template <class Enum, std::size_t N>
using Names = std::array<std::pair<Enum, const char*>, N>;

template <class Enum, std::size_t N>
const char* name_of(const Names<Enum, N>& names, Enum value) {
  for (const auto& [one, name] : names)
    if (one == value) return name;
  return "";
}

/// Throws nlohmann's exception of a wrong type for a word that stands for none of them.
template <class Enum, std::size_t N>
Enum value_of(const Names<Enum, N>& names, const nlohmann::json& json, const char* member) {
  const std::string word = json.at(member).get<std::string>();
  for (const auto& [one, name] : names)
    if (word == name) return one;
  throw nlohmann::json::type_error::create(302, fmt::format("{} is no word for {}", word, member), &json);
}

}  // namespace oe::evolve
