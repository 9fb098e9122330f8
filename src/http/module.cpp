#include "http/module.hpp"

#include "oe/sys/module.hpp"

namespace oe::http {

namespace {

class LoopReactor final : public Reactor {
 public:
  explicit LoopReactor(sys::EventLoop& loop) : loop_(loop) {}
  sys::TimerId after(std::chrono::milliseconds delay, std::function<void()> task) override {
    return loop_.after(delay, std::move(task));
  }
  void cancel(sys::TimerId timer) override { loop_.cancel(timer); }
  Result<std::unique_ptr<sys::SocketWatch>> watch(int socket, std::function<void(sys::Readiness)> on_ready) override {
    return sys::watch_socket(loop_, socket, std::move(on_ready));
  }

 private:
  sys::EventLoop& loop_;
};

}  // namespace

Result<std::shared_ptr<Client>> open_client(sys::EventLoop& loop) {
  OE_TRY(void* const symbol, sys::load_symbol("oe-http", kOpenSymbol, "libcurl4"));
  Result<std::shared_ptr<Client>> client;
  reinterpret_cast<OpenFunction>(symbol)(std::make_shared<LoopReactor>(loop), client);
  return client;
}

}  // namespace oe::http
