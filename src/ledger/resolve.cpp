#include "ledger/resolve.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <string>
#include <vector>

#include "oe/base/text.hpp"

namespace oe::ledger {
namespace {

constexpr std::size_t kMostCandidates = 5;

std::vector<std::string> texts_of(std::span<const RunId> runs) {
  std::vector<std::string> texts;
  for (const RunId& run : runs) texts.push_back(run.text);
  return texts;
}

std::string some_of(std::span<const RunId> runs) {
  const std::string shown = join(texts_of(runs.first(std::min(runs.size(), kMostCandidates))), ", ");
  return runs.size() <= kMostCandidates ? shown : fmt::format("{} and {} more", shown, runs.size() - kMostCandidates);
}

Error unknown_run(std::span<const RunId> runs, std::string_view name, const std::string& full) {
  const std::string near = did_you_mean(full, texts_of(runs));
  return Error(
      ErrorKind::input, fmt::format("there is no run '{}'", name),
      near.empty() ? "the newest runs are " + some_of(runs.first(std::min(runs.size(), kMostCandidates))) : near);
}

Error ambiguous_run(std::span<const RunId> matches, std::string_view name) {
  return Error(ErrorKind::input, fmt::format("'{}' may be any of {} runs: {}", name, matches.size(), some_of(matches)),
               "type more of the run id");
}

}  // namespace

Result<RunId> resolve_run(std::span<const RunId> runs, std::string_view name) {
  if (name.empty()) return fail(ErrorKind::input, "the name of a run is empty", "name it by its id, or say: last");
  if (runs.empty()) return fail(ErrorKind::input, "there are no runs yet", "make one with: oe run");
  if (name == "last") return runs.front();
  const std::string full = name.starts_with("r-") ? std::string(name) : fmt::format("r-{}", name);
  std::vector<RunId> matches;
  for (const RunId& run : runs) {
    if (run.text.starts_with(full)) matches.push_back(run);
  }
  if (matches.size() == 1) return matches.front();
  return fail(matches.empty() ? unknown_run(runs, name, full) : ambiguous_run(matches, name));
}

}  // namespace oe::ledger
