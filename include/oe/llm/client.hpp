#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oe/graph/graph.hpp"
#include "oe/llm/ask.hpp"
#include "oe/llm/tape.hpp"
#include "oe/sys/clock.hpp"
#include "oe/sys/loop.hpp"
#include "oe/sys/process.hpp"

namespace oe::llm {

/// Free text for people: what a call is doing ("asking claude-x", "12 kB, 3,120 tokens"), at most twice a second.
using Progress = std::function<void(std::string_view)>;
using Done = std::function<void(Answer)>;

/// The most that an ask can cost: the bytes of the prompt as tokens (no tokenizer makes more of them), the limit of the
/// answer, and for a repair both again with the answer and its faults in the prompt. Of a fallback chain: the dearest.
struct Bound {
  std::optional<std::uint64_t> tokens;  ///< nothing: a program answers, which says only afterwards what it took
  std::optional<double> usd;            ///< nothing: the price is not known
  std::string model;          ///< for messages
};

/// Asks models, many at once, on one loop: picks provider and key, keeps to rate limits, tries again, repairs, falls
/// back, records. An answer that was paid for but cannot be recorded ends `unavailable`, with its text and usage, so
/// that no run goes on without it. See docs/models.md.
class Client {
 public:
  virtual ~Client() = default;
  /// `place` names the call inside its run ("review/2#1": node, item, attempt) for record and replay. `done` is called
  /// exactly once, from the loop, never from inside ask().
  virtual std::uint64_t ask(const Ask& ask, const std::string& place, Progress progress, Done done) = 0;
  /// Closes the socket at once (ends the process); `done` follows with Ending::cancelled. Unknown numbers are ignored.
  virtual void cancel(std::uint64_t call) = 0;
  /// Errors: environment, when no model can be picked: the same line that ask() would end with.
  virtual Result<Bound> bound(const Ask& ask) const = 0;
  /// Values of all API keys that it may send; for masking.
  virtual std::vector<std::string> keys() const = 0;
};

struct ClientOptions {
  sys::EventLoop& loop;
  sys::ProcessHost& processes;
  const sys::Clock& clock;
  graph::Models models;             ///< of the workflow, on top of those of .openexpertise/config.yaml
  std::filesystem::path directory;  ///< of the workflow
  /// The value of an environment variable, or nothing.
  std::function<std::optional<std::string>(const std::string& name)> environment;
  /// --llm: for asks that name neither alias nor provider. An alias, a provider, "provider/model", "replay:FILE" (a
  /// cassette) or "command:LINE" (for sh); FILE and LINE count from `directory`.
  std::string provider;
  std::shared_ptr<Recorder> recorder;      ///< nullptr: nothing is recorded
  std::shared_ptr<const Cassette> replay;  ///< set: no call leaves the machine, all are answered from it
  std::function<double()> draw = {};       ///< from [0, 1), for the jitter of waits; empty: drawn at random
};
/// Opens nothing: libcurl is loaded with the first call that needs it.
std::shared_ptr<Client> make_client(ClientOptions options);

/// The environment variables that usually hold the keys of providers, for masking and for taking them away from
/// children: ANTHROPIC_API_KEY, OPENAI_API_KEY, ... and every key_env of the models.
std::vector<std::string> key_variables(const graph::Models& models);

/// Names of all providers, for messages and checks.
std::vector<std::string_view> providers();

}  // namespace oe::llm
