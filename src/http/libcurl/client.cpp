#include "http/libcurl/client.hpp"

#include "http/libcurl/failure.hpp"

namespace oe::http {

namespace {

// Idle connections that are kept for the next transfers: as many as may have been busy at once.
constexpr long kConnections = 1024;

}  // namespace

LibcurlClient::LibcurlClient(std::shared_ptr<Reactor> reactor)
    : reactor_(std::move(reactor)), multi_(curl_multi_init()) {
  curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETFUNCTION, &on_socket);
  curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_.get(), CURLMOPT_TIMERFUNCTION, &on_timer);
  curl_multi_setopt(multi_.get(), CURLMOPT_TIMERDATA, this);
  curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, kConnections);
}

LibcurlClient::~LibcurlClient() {
  for (const auto& [number, transfer] : transfers_) {
    transfer->silence();
    take_from_libcurl(*transfer);
  }
  multi_.reset();
  reactor_->cancel(timer_);
}

std::uint64_t LibcurlClient::start(Request request, Events events) {
  const Number number = ++last_;
  const auto transfer = std::make_shared<Transfer>(number, std::move(request), std::move(events), fresh_);
  transfers_.emplace(number, transfer);
  if (std::optional<Failure> failure = transfer->prepare(trust_)) {
    transfer->end(*std::move(failure));
    transfer->idle_timer = reactor_->after({}, [this] { deliver(); });
    return number;
  }
  curl_multi_add_handle(multi_.get(), transfer->easy());
  wait_for_bytes(*transfer, transfer->request().idle_timeout);
  return number;
}

void LibcurlClient::cancel(std::uint64_t number) {
  const auto found = transfers_.find(number);
  if (found == transfers_.end()) return;
  found->second->silence();
  take_from_libcurl(*found->second);
  transfers_.erase(found);
}

/// Afterwards libcurl knows it no more: its socket is closed when it was in the middle, else kept for the next one.
void LibcurlClient::take_from_libcurl(Transfer& transfer) {
  reactor_->cancel(transfer.idle_timer);
  if (transfer.easy() != nullptr) curl_multi_remove_handle(multi_.get(), transfer.easy());
}

void LibcurlClient::wait_for_bytes(Transfer& transfer, std::chrono::milliseconds patience) {
  transfer.idle_timer = reactor_->after(patience, [this, &transfer] {
    if (const auto left = transfer.patience(); left.count() > 0) return wait_for_bytes(transfer, left);
    transfer.end(idle_failure(transfer.target(), transfer.request()));
    deliver();
  });
}

int LibcurlClient::on_timer(CURLM*, long milliseconds, void* self) {
  auto& client = *static_cast<LibcurlClient*>(self);
  client.reactor_->cancel(client.timer_);
  if (milliseconds >= 0)
    client.timer_ = client.reactor_->after(std::chrono::milliseconds(milliseconds),
                                           [&client] { client.act(CURL_SOCKET_TIMEOUT, 0); });
  return 0;
}

int LibcurlClient::on_socket(CURL* easy, curl_socket_t socket, int what, void* self, void*) {
  auto& client = *static_cast<LibcurlClient*>(self);
  // libcurl says so before it closes a socket, too.
  if (what == CURL_POLL_REMOVE) {
    client.watches_.erase(socket);
  } else if (!client.watch(socket, what)) {
    Transfer& transfer = Transfer::of(easy);
    transfer.end(Failure{Fault::connect, "the system cannot watch the socket to " + transfer.target().name()});
  }
  return 0;
}

bool LibcurlClient::watch(curl_socket_t socket, int what) {
  std::unique_ptr<sys::SocketWatch>& watch = watches_[socket];
  if (!watch) {
    auto opened = reactor_->watch(socket, [this, socket](sys::Readiness ready) {
      act(socket, (ready.to_read ? CURL_CSELECT_IN : 0) | (ready.to_write ? CURL_CSELECT_OUT : 0));
    });
    if (!opened) return watches_.erase(socket), false;
    watch = *std::move(opened);
  }
  watch->want({.to_read = (what & CURL_POLL_IN) != 0, .to_write = (what & CURL_POLL_OUT) != 0});
  return true;
}

void LibcurlClient::act(curl_socket_t socket, int ready) {
  int running = 0;
  curl_multi_socket_action(multi_.get(), socket, ready, &running);
  end_where_libcurl_did();
  deliver();
}

void LibcurlClient::end_where_libcurl_did() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    Transfer& transfer = Transfer::of(message->easy_handle);
    transfer.end(message->data.result);
    take_from_libcurl(transfer);
  }
}

void LibcurlClient::deliver() {
  const std::weak_ptr<bool> is_here = is_here_;
  for (const Number number : std::exchange(fresh_, {})) {
    const auto found = transfers_.find(number);
    if (found == transfers_.end()) continue;
    const std::shared_ptr<Transfer> transfer = found->second;
    if (transfer->has_ended()) take_from_libcurl(*transfer);
    transfer->deliver();
    if (is_here.expired()) return;
    if (transfer->has_ended()) transfers_.erase(number);
  }
}

}  // namespace oe::http
