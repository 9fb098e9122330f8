#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "oe/base/result.hpp"
#include "oe/graph/graph.hpp"
#include "oe/llm/ask.hpp"

#include "llm/provider.hpp"
#include "llm/route.hpp"

namespace oe::llm {

/// Which model an ask means. In this order: an alias of `models`; "provider/model"; --llm; the provider whose family of
/// names it is; else a name of the standard provider: the alias that is the default, or whose key is in the
/// environment.
class Catalog {
 public:
  /// `flag` is --llm. With `is_replaying` no key is wanted and what the environment would decide stays open.
  Catalog(graph::Models models, Variables environment, std::string flag, bool is_replaying);

  /// The model of an ask, then its fallbacks, each with its own behind it and none twice. Errors: environment: no such
  /// alias or provider, no model at all, a provider without what it needs.
  Result<std::vector<Route>> routes(const Ask& ask) const;

  const graph::Models& models() const { return models_; }

 private:
  struct Pick {
    graph::Model model;
    bool is_provider_free = false;
    bool is_model_free = false;
  };
  Result<Pick> pick(const Ask& ask) const;
  Result<Pick> pick_by_name(const std::string& name) const;
  Result<Pick> pick_standard() const;
  Result<Pick> pick_by_flag() const;
  Result<Pick> pick_by_environment() const;
  Result<Pick> of_provider(std::string_view provider, std::string model) const;
  Result<Pick> of_alias(const graph::Model& alias) const;
  Result<Route> settle(Pick pick) const;
  Result<void> add_with_fallbacks(Pick pick, std::vector<std::string>& seen, std::vector<Route>& all) const;

  const graph::Model* find(std::string_view alias) const;
  Error unknown(std::string_view what, std::string_view name) const;

  graph::Models models_;
  Variables environment_;
  std::string flag_;
  bool is_replaying_;
};

}  // namespace oe::llm
