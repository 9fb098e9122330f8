#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "oe/base/problem.hpp"

namespace oe::graph {

/// US dollars for a million tokens.
struct ModelPrice {
  double input = 0;
  double output = 0;
  std::optional<double> cache_read;   ///< nothing: as input
  std::optional<double> cache_write;  ///< nothing: as input
  friend bool operator==(const ModelPrice&, const ModelPrice&) = default;
};

/// One entry of `models:`, under the alias that nodes use.
struct Model {
  std::string name;                  ///< the alias
  std::string provider;              ///< a row of llm::providers()
  std::string model;                 ///< as the provider calls it
  std::string base_url;              ///< empty: the provider's own
  std::string key_env;               ///< environment variable with the API key; empty: the provider's usual one
  std::vector<std::string> command;  ///< of provider "command"
  std::string file;                  ///< cassette of provider "replay", relative to the workflow's directory
  std::map<std::string, std::string> headers;  ///< sent along; never a secret
  std::optional<double> temperature;
  std::optional<std::uint64_t> seed;
  std::optional<std::uint32_t> max_tokens;           ///< of one answer
  std::optional<std::uint64_t> context;              ///< tokens that prompt and answer may have together
  std::optional<std::uint32_t> concurrency;          ///< calls on their way at once
  std::optional<std::uint32_t> retries;              ///< after the first try; nothing: 2
  std::optional<std::chrono::milliseconds> timeout;  ///< of one call
  std::optional<ModelPrice> price;                   ///< nothing: unknown, which is never 0
  std::vector<std::string> fallback;  ///< aliases that are asked, in order, when this one cannot be reached
  Where where;
  friend bool operator==(const Model&, const Model&) = default;
};

struct Models {
  std::string standard;  ///< `default`: alias for nodes that name no model; empty: the provider whose key is there
  std::string advisor;   ///< alias for `oe evolve`; empty: the standard
  std::vector<Model> all;
  friend bool operator==(const Models&, const Models&) = default;
};

}  // namespace oe::graph
