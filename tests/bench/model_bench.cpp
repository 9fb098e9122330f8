// What calls of models cost: the same question asked many times of a server that speaks Anthropic's API.
//   model_bench bare|http|llm URL CALLS AT_ONCE
// bare: nothing but libcurl and epoll; http: http::Client; llm: llm::Client, with all that it does to an answer. Prints
// what all took by the wall and of the processor, for each call too, and the most memory that the program had.
#include <chrono>
#include <cstdlib>
#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <sys/resource.h>

#include "oe/http/client.hpp"
#include "oe/llm/client.hpp"
#include "oe/sys/clock.hpp"
#include "oe/sys/loop.hpp"
#include "oe/sys/process.hpp"

#include "bench/bare_multi.hpp"

namespace {

using namespace oe;
using Clock = std::chrono::steady_clock;

const std::string kQuestion = "What of this is worth a second look? " + std::string(2000, 'q');
constexpr const char* kModel = "claude-bench";

struct Case {
  std::string url;
  std::size_t calls = 0;
  std::size_t at_once = 0;
};

std::string body() {
  const nlohmann::json message{{"role", "user"}, {"content", kQuestion}};
  return nlohmann::json{{"model", kModel}, {"max_tokens", 100}, {"stream", true}, {"messages", {message}}}.dump();
}

http::Headers headers() {
  return {{"content-type", "application/json"}, {"x-api-key", "k"}, {"anthropic-version", "2023-06-01"}};
}

std::size_t run_bare(const Case& work) {
  std::vector<std::string> lines;
  for (const auto& [name, value] : headers()) lines.push_back(fmt::format("{}: {}", name, value));
  return bare_multi(work.url + "/v1/messages", lines, body(), work.calls, work.at_once);
}

/// Keeps so many calls on their way until all have ended: `start` is given what to call at the end of one.
std::size_t keep_going(sys::EventLoop& loop, const Case& work,
                       const std::function<void(std::function<void(bool is_good)>)>& start) {
  std::size_t started = 0;
  std::size_t ended = 0;
  std::size_t good = 0;
  std::function<void()> next = [&] {
    ++started;
    start([&](bool is_good) {
      good += is_good ? 1U : 0U;
      if (++ended == work.calls) loop.stop();
      if (started < work.calls) next();
    });
  };
  while (started < std::min(work.calls, work.at_once)) next();
  loop.run();
  return good;
}

std::size_t run_http(const Case& work) {
  sys::EventLoop loop;
  const auto client = http::open_client(loop).value();
  return keep_going(loop, work, [&](std::function<void(bool)> ended) {
    const auto status = std::make_shared<int>(0);
    const auto answer = std::make_shared<std::string>();
    http::Events events;
    events.on_head = [status](int code, const http::Headers&) { *status = code; };
    events.on_bytes = [answer](std::string_view bytes) { *answer += bytes; };
    events.on_end = [status, ended](const std::optional<http::Failure>& failure) { ended(!failure && *status == 200); };
    client->start({.method = "POST", .url = work.url + "/v1/messages", .headers = headers(), .body = body()},
                  std::move(events));
  });
}

std::size_t run_llm(const Case& work) {
  sys::EventLoop loop;
  sys::ProcessHost processes(loop, sys::Guarded::no);
  graph::Model model{.name = "bench", .provider = "anthropic", .model = kModel, .base_url = work.url};
  model.concurrency = static_cast<std::uint32_t>(work.at_once);
  const auto client =
      llm::make_client({.loop = loop,
                        .processes = processes,
                        .clock = sys::system_clock(),
                        .models = {.standard = "bench", .all = {model}},
                        .environment = [](const std::string&) { return std::optional<std::string>("k"); }});
  llm::Ask ask;
  ask.model = "bench";
  ask.turns = {{.text = kQuestion}};
  ask.max_tokens = 100;
  return keep_going(loop, work, [&](std::function<void(bool)> ended) {
    client->ask(ask, "bench#1", {}, [ended](const llm::Answer& answer) {
      if (answer.ending != llm::Ending::answered) fmt::print(stderr, "{}\n", answer.error);
      ended(answer.ending == llm::Ending::answered);
    });
  });
}

double milliseconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view way = argc == 5 ? argv[1] : "";
  if (way != "bare" && way != "http" && way != "llm") {
    fmt::print(stderr, "usage: model_bench bare|http|llm URL CALLS AT_ONCE\n");
    return 2;
  }
  const Case work{argv[2], std::strtoul(argv[3], nullptr, 10), std::strtoul(argv[4], nullptr, 10)};
  const auto begin = Clock::now();
  const std::size_t good = way == "bare" ? run_bare(work) : way == "http" ? run_http(work) : run_llm(work);
  const double wall = std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const double cpu = milliseconds_of(usage.ru_utime) + milliseconds_of(usage.ru_stime);
  fmt::print("{} calls {} wall_ms {:.1f} cpu_ms {:.1f} cpu_us {:.1f} ram_mb {:.1f}\n", way, work.calls, wall, cpu,
             cpu * 1e3 / static_cast<double>(work.calls), static_cast<double>(usage.ru_maxrss) / 1024);
  if (good == work.calls) return 0;
  fmt::print(stderr, "{} of {} calls had no answer\n", work.calls - good, work.calls);
  return 1;
}
