#include "exec/http_fetch.hpp"

#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "oe/base/text.hpp"
#include "oe/exec/dataset.hpp"
#include "oe/http/retry.hpp"
#include "oe/sys/clock.hpp"

#include "exec/http_page.hpp"
#include "exec/http_request.hpp"
#include "exec/tool_report.hpp"

namespace oe::exec {

namespace {

using std::chrono::milliseconds;

constexpr std::uint32_t kTries = 3;
constexpr milliseconds kLongestWait{60'000};
constexpr std::size_t kShownBody = 300;

bool is_passing(http::Fault fault) {
  return fault == http::Fault::connect || fault == http::Fault::cut_off;
}

class PagedFetch final : public HttpFetch, public std::enable_shared_from_this<PagedFetch> {
 public:
  PagedFetch(HttpWorld world, const AttemptSpec& spec, Done done, Activity activity)
      : world_(std::move(world)),
        spec_(spec),
        source_(std::get<graph::HttpSource>(std::get<graph::Dataset>(spec.work->work).source)),
        done_(std::move(done)),
        activity_(std::move(activity)) {}
  PagedFetch(const PagedFetch&) = delete;
  PagedFetch& operator=(const PagedFetch&) = delete;
  ~PagedFetch() override { stop(); }

  void begin() {
    if (spec_.timeout)
      timeout_ = after(*spec_.timeout, [](PagedFetch& fetch) { fetch.end(timed_out_report(*fetch.spec_.timeout)); });
    world_.loop.post([weak = weak_from_this()] {
      if (const auto self = weak.lock()) self->first();
    });
  }
  void cancel() override {
    stop();
    wait_ = after(milliseconds(0), [](PagedFetch& fetch) { fetch.end(cancelled_report()); });
  }

 private:
  void first() {
    if (wait_) return;  // cancelled before it began
    if (spec_.sandbox != nullptr && !spec_.sandbox->network)
      return end(failed_report(
          fmt::format("the sandbox of '{}' has no network\nhint: say 'sandbox: {{network: true}}'", spec_.node.text)));
    auto request = http_request(source_, spec_);
    if (!request) return end(failed_report(request.error().to_string()));
    request_ = std::move(*request);
    if (counts_pages()) request_.url = with_parameter(request_.url, source_.paging->page, "1");
    visited_.insert(request_.url);
    send();
  }

  bool counts_pages() const { return source_.paging && source_.paging->next.empty(); }

  void send() {
    status_ = 0;
    answer_ = {.url = request_.url, .headers = {}, .body = {}};
    ++tries_;
    const auto weak = weak_from_this();
    http::Events events;
    events.on_head = [weak](int status, const http::Headers& headers) {
      if (const auto self = weak.lock()) self->take_head(status, headers);
    };
    events.on_bytes = [weak](std::string_view bytes) {
      if (const auto self = weak.lock()) self->answer_.body.append(bytes);
    };
    events.on_end = [weak](const std::optional<http::Failure>& failure) {
      if (const auto self = weak.lock()) self->take_end(failure);
    };
    transfer_ = world_.client->start(request_, std::move(events));
  }

  void take_head(int status, const http::Headers& headers) {
    status_ = status;
    answer_.headers = headers;
  }

  void take_end(const std::optional<http::Failure>& failure) {
    transfer_.reset();
    if (failure) {
      if (is_passing(failure->fault) && try_again()) return;
      return fail_with(failure->fault == http::Fault::too_large
                           ? fmt::format("{}\nhint: raise max_mb of the source, or read it in pages", failure->message)
                           : failure->message);
    }
    if (status_ >= 200 && status_ < 300) return take_page();
    const bool worth_it = http::told_to_retry(answer_.headers).value_or(http::is_transient(status_));
    if (worth_it && try_again()) return;
    fail_with(refusal());
  }

  std::string refusal() const {
    const std::string said = ellipsis(trim(answer_.body), kShownBody);
    std::string text = fmt::format("{} {}: status {}{}{}", request_.method, shown_url(request_.url), status_,
                                   said.empty() ? "" : ": ", said);
    if (const auto where = http::find(answer_.headers, "location"); where && status_ >= 300 && status_ < 400)
      text += fmt::format("\nhint: it has moved to {}; write that address", shown_url(*where));
    return text;
  }

  /// False when it has been tried often enough, or would have to wait too long.
  bool try_again() {
    if (tries_ >= kTries) return false;
    const auto asked = http::asked_wait(answer_.headers, sys::system_clock().now());
    const milliseconds wait = asked.value_or(http::backoff(tries_, world_.draw()));
    if (wait > kLongestWait) return false;
    say(fmt::format("{}: trying again in {} ms", status_ != 0 ? fmt::format("status {}", status_) : "no answer",
                    wait.count()));
    wait_ = after(wait, [](PagedFetch& fetch) { fetch.send(); });
    return true;
  }

  void take_page() {
    bytes_ += answer_.body.size();
    if (bytes_ > kMaxDatasetBytes)
      return fail_with(fmt::format("the pages are larger than {} MiB together", kMaxDatasetBytes >> 20U));
    auto page = page_in(source_, answer_);
    if (!page) return fail_with(page.error().to_string());
    ++pages_;
    const bool is_empty = page->rows.size() == 0;
    for (const auto& row : page->rows.json()) rows_.push_back(row);
    if (source_.paging) say(fmt::format("page {}, {} rows", pages_, rows_.size()));
    if (counts_pages() && !is_empty)
      page->next = with_parameter(request_.url, source_.paging->page, std::to_string(pages_ + 1));
    page->next ? go_on(std::move(*page->next)) : succeed();
  }

  // Only the page behind the last one shows that it was the last, where pages are counted.
  void go_on(std::string next) {
    const std::uint32_t most = source_.paging->most + (counts_pages() ? 1 : 0);
    if (pages_ >= most)
      return fail_with(fmt::format("{} has more than {} pages\nhint: raise paging.most", shown_url(request_.url),
                                   source_.paging->most));
    if (!visited_.insert(next).second)
      return fail_with(fmt::format("{} names a next page that has been read before", shown_url(request_.url)));
    request_.url = std::move(next);
    tries_ = 0;
    send();
  }

  void succeed() {
    AttemptReport report;
    report.state_delta.emplace(spec_.work->writes.front(), Value(std::move(rows_)));
    end(std::move(report));
  }
  void fail_with(std::string error) { end(failed_report(std::move(error))); }

  void end(AttemptReport report) {
    const auto self = shared_from_this();
    stop();
    if (status_ != 0) report.http_status = status_;
    report.duration = sys::system_clock().monotonic() - begin_;
    if (const Done done = std::exchange(done_, nullptr)) done(std::move(report));
  }

  void stop() {
    if (const auto transfer = std::exchange(transfer_, std::nullopt)) world_.client->cancel(*transfer);
    for (auto* timer : {&wait_, &timeout_})
      if (const auto set = std::exchange(*timer, std::nullopt)) world_.loop.cancel(*set);
  }

  sys::TimerId after(milliseconds delay, void (*then)(PagedFetch&)) {
    return world_.loop.after(delay, [weak = weak_from_this(), then] {
      if (const auto self = weak.lock()) then(*self);
    });
  }
  void say(const std::string& line) const {
    if (activity_) activity_(line);
  }

  HttpWorld world_;
  AttemptSpec spec_;
  const graph::HttpSource& source_;
  Done done_;
  Activity activity_;
  http::Request request_;
  HttpAnswer answer_;
  int status_ = 0;
  nlohmann::json rows_ = nlohmann::json::array();
  std::set<std::string> visited_;
  std::uint32_t tries_ = 0;  ///< of this page
  std::uint32_t pages_ = 0;
  std::size_t bytes_ = 0;
  std::optional<std::uint64_t> transfer_;
  std::optional<sys::TimerId> wait_;
  std::optional<sys::TimerId> timeout_;
  std::chrono::microseconds begin_ = sys::system_clock().monotonic();
};

}  // namespace

std::shared_ptr<HttpFetch> HttpFetch::begin(HttpWorld world, const AttemptSpec& spec, Done done, Activity activity) {
  auto fetch = std::make_shared<PagedFetch>(std::move(world), spec, std::move(done), std::move(activity));
  fetch->begin();
  return fetch;
}

}  // namespace oe::exec
