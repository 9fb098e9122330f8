#include "evolve/ask_now.hpp"

#include <array>
#include <csignal>

namespace oe::evolve {

struct ModelLine::Impl {
  sys::EventLoop loop;
  sys::ProcessHost processes{loop};
  std::shared_ptr<llm::Client> client;  ///< dies first
  std::optional<std::uint64_t> call;
  bool interrupted = false;
};

ModelLine::ModelLine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ModelLine::ModelLine(ModelLine&&) noexcept = default;
ModelLine::~ModelLine() = default;

Result<ModelLine> ModelLine::open(const OpenModels& models, const graph::Models& catalog,
                                  const std::filesystem::path& directory) {
  auto impl = std::make_unique<Impl>();
  if (!models)
    return fail(ErrorKind::environment, "no model can be asked here", "without one: oe evolve --advisor rules");
  OE_TRY(impl->client, models(impl->loop, impl->processes, catalog, directory));
  static constexpr std::array kSignals = {SIGINT, SIGTERM};
  Impl& self = *impl;
  impl->loop.on_signal(kSignals, [&self](int) {
    self.interrupted = true;
    if (self.call) self.client->cancel(*self.call);
  });
  return ModelLine(std::move(impl));
}

Result<llm::Bound> ModelLine::bound(const llm::Ask& ask) const {
  return impl_->client->bound(ask);
}

Result<llm::Answer> ModelLine::ask(const llm::Ask& ask, const std::string& place,
                                   const std::function<void(std::string_view)>& progress) {
  std::optional<llm::Answer> answer;
  impl_->call = impl_->client->ask(ask, place, progress, [&](llm::Answer result) {
    answer = std::move(result);
    impl_->loop.stop();
  });
  while (!answer) impl_->loop.run();
  impl_->call.reset();
  if (impl_->interrupted) return fail(ErrorKind::interrupted, "interrupted");
  return std::move(*answer);
}

std::vector<std::string> ModelLine::keys() const {
  return impl_->client->keys();
}

}  // namespace oe::evolve
