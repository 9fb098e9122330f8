#include <array>

#include "exec/source_executors.hpp"

namespace oe::exec {

namespace {

/// Passes each attempt on to the executor of its source.
class SourceExecutor final : public Executor {
 public:
  explicit SourceExecutor(const Services& services)
      : parts_{make_row_executor(services.loop), make_http_executor(services), make_mcp_executor(services)} {}

  std::uint64_t start(const AttemptSpec& spec, Done done, Activity activity) override {
    const std::size_t part = part_of(*spec.work);
    return parts_.at(part)->start(spec, std::move(done), std::move(activity)) * parts_.size() + part;
  }
  void cancel(std::uint64_t attempt) override { parts_.at(attempt % parts_.size())->cancel(attempt / parts_.size()); }

 private:
  static std::size_t part_of(const graph::Node& node) {
    const auto* dataset = std::get_if<graph::Dataset>(&node.work);
    if (dataset == nullptr || node.writes.size() != 1) return 0;
    if (std::holds_alternative<graph::HttpSource>(dataset->source)) return 1;
    return std::holds_alternative<graph::McpSource>(dataset->source) ? 2 : 0;
  }

  std::array<std::shared_ptr<Executor>, 3> parts_;
};

}  // namespace

std::shared_ptr<Executor> make_dataset_executor(Services services) {
  return std::make_shared<SourceExecutor>(services);
}

}  // namespace oe::exec
