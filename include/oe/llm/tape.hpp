#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "oe/base/result.hpp"
#include "oe/llm/ask.hpp"

namespace oe::llm {

/// One call as it is kept: one JSON line
/// {"v":1,"digest":...,"place":...,"request":{...},"answer":{...},"activities":[]}.
struct Call {
  std::string
      digest;         ///< sha256 of the canonical request: provider, model, system, turns, schema, settings. No secrets
  std::string place;  ///< as in Client::ask
  Value request;      ///< canonical
  Answer answer;      ///< of any ending but cancelled and misconfigured
  std::vector<std::string> activities;  ///< that its Progress saw; a replay repeats them
  friend bool operator==(const Call&, const Call&) = default;
};
std::string to_json_line(const Call& call);  ///< without the newline
/// The digest of a canonical request (Value::dump of it).
std::string digest_of(const Value& request);
/// A line that somebody wrote by hand may leave out nearly everything: {"place":"review/2#1","answer":{"value":{...}}}.
/// - "digest": computed from "request"; without a request, too, it stays empty and the call fits every request at its
///   place. A place without "#" fits every attempt there. One of digest, request and place must be given.
/// - "answer": "text" alone, as a string; or an object with "text" (else the dump of "value") and "ending" (else
///   answered). usd is null, counts are 0 and "calls" is 1 when they are not given.
/// Other members, such as "note", are ignored. Errors: input, saying which field is wrong.
Result<Call> parse_call(std::string_view line);

/// Appends calls to a file, each before its answer is used, with one write.
class Recorder {
 public:
  virtual ~Recorder() = default;
  /// Errors: environment (disk full).
  virtual Result<void> record(const Call& call) = 0;
};
/// .openexpertise/calls/<id>.jsonl; made with the first call. `mask` takes secrets out of every line.
std::shared_ptr<Recorder> open_recorder(const std::filesystem::path& file,
                                        std::function<std::string(std::string)> mask = {});

/// Recorded calls, to answer from.
class Cassette {
 public:
  /// A file, or all *.jsonl files of a directory (by name, which is by age as ids sort by time). A torn last line is
  /// left out, blank lines do not count. Errors: input (file:line), environment.
  static Result<std::shared_ptr<const Cassette>> load(const std::filesystem::path& path);
  void add(Call call);
  /// The newest call with this digest at this place, else the newest at this place that has no digest, else the newest
  /// with this digest that was answered; or nullptr.
  const Call* find(const std::string& digest, const std::string& place) const;
  /// The newest call at this place, whatever was asked; for saying what differs.
  const Call* at(const std::string& place) const;
  const std::vector<Call>& calls() const { return calls_; }

 private:
  const Call* newest_at(const std::string& place, bool (*fits)(const Call&)) const;

  std::vector<Call> calls_;
  std::multimap<std::string, std::size_t, std::less<>> by_digest_;
  std::multimap<std::string, std::size_t, std::less<>> by_place_;
};

}  // namespace oe::llm
