#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "oe/base/redact.hpp"
#include "oe/http/client.hpp"
#include "oe/llm/client.hpp"

#include "llm/catalog.hpp"
#include "llm/limiter.hpp"

namespace oe::llm {

/// What all calls of a client share.
class Switchboard {
 public:
  explicit Switchboard(const ClientOptions& options);

  sys::EventLoop& loop() const { return loop_; }
  const sys::Clock& clock() const { return clock_; }
  sys::ProcessHost& processes() const { return processes_; }
  const std::filesystem::path& directory() const { return directory_; }
  const Catalog& catalog() const { return catalog_; }
  const Redactor& redactor() const { return redactor_; }
  const std::vector<std::string>& keys() const { return keys_; }

  /// Opened with the first call that needs it. Errors: environment.
  Result<http::Client*> http();
  /// Of the provider, address and key of a route.
  Limiter& limiter(const Route& route);
  /// The tape of a route with Way::replay, read once. Errors: environment, input.
  Result<const Cassette*> cassette(const Route& route);
  double draw() { return draw_(); }  ///< from [0, 1)

 private:
  sys::EventLoop& loop_;
  const sys::Clock& clock_;
  sys::ProcessHost& processes_;
  std::filesystem::path directory_;
  Catalog catalog_;
  std::vector<std::string> keys_;
  Redactor redactor_;
  std::function<double()> draw_;
  std::shared_ptr<http::Client> http_;
  std::map<std::string, std::unique_ptr<Limiter>> limiters_;
  std::map<std::string, std::shared_ptr<const Cassette>> cassettes_;
};

}  // namespace oe::llm
