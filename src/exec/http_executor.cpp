#include <map>
#include <random>
#include <utility>

#include "exec/http_fetch.hpp"
#include "exec/source_executors.hpp"
#include "exec/tool_report.hpp"

namespace oe::exec {

namespace {

class HttpExecutor final : public Executor, public std::enable_shared_from_this<HttpExecutor> {
 public:
  explicit HttpExecutor(sys::EventLoop& loop) : loop_(loop) {}

  std::uint64_t start(const AttemptSpec& spec, Done done, Activity activity) override {
    const std::uint64_t id = ++last_id_;
    if (auto open = open_client(); !open)
      fail_later(std::move(done), open.error().to_string());
    else
      fetches_[id] = HttpFetch::begin({loop_, client_, [this] { return draw_(dice_); }}, spec,
                                      released(id, std::move(done)), std::move(activity));
    return id;
  }

  void cancel(std::uint64_t attempt) override {
    if (const auto found = fetches_.find(attempt); found != fetches_.end()) found->second->cancel();
  }

 private:
  // One for all attempts, so that connections are used again.
  Result<void> open_client() {
    if (client_) return {};
    OE_TRY(client_, http::open_client(loop_));
    return {};
  }

  Done released(std::uint64_t id, Done done) {
    return [this, id, done = std::move(done)](AttemptReport report) {
      const auto fetch = std::move(fetches_.extract(id).mapped());
      done(std::move(report));
    };
  }

  void fail_later(Done done, std::string error) {
    loop_.post([self = weak_from_this(), done = std::move(done), error = std::move(error)] {
      if (self.expired()) return;
      AttemptReport report = failed_report(error);
      report.is_environment = true;
      done(std::move(report));
    });
  }

  sys::EventLoop& loop_;
  std::shared_ptr<http::Client> client_;
  std::mt19937_64 dice_{std::random_device{}()};
  std::uniform_real_distribution<double> draw_{0.0, 1.0};
  std::map<std::uint64_t, std::shared_ptr<HttpFetch>> fetches_;
  std::uint64_t last_id_ = 0;
};

}  // namespace

std::shared_ptr<Executor> make_http_executor(Services services) {
  return std::make_shared<HttpExecutor>(services.loop);
}

}  // namespace oe::exec
