#pragma once

#include "oe/evolve/advisor.hpp"

namespace oe::evolve {

/// A client with a loop of its own, for asking while nothing else goes on.
class ModelLine {
 public:
  /// Errors: environment, when there is no client.
  static Result<ModelLine> open(const OpenModels& models, const graph::Models& catalog,
                                const std::filesystem::path& directory);
  ModelLine(ModelLine&&) noexcept;
  ~ModelLine();

  /// Errors: environment.
  Result<llm::Bound> bound(const llm::Ask& ask) const;
  /// Waits for the answer, whatever its ending. Errors: interrupted (Ctrl-C closes the call).
  Result<llm::Answer> ask(const llm::Ask& ask, const std::string& place,
                          const std::function<void(std::string_view)>& progress);
  /// Values of API keys, for masking.
  std::vector<std::string> keys() const;

 private:
  struct Impl;
  explicit ModelLine(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace oe::evolve
