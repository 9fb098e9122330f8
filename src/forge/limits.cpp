#include <algorithm>
#include <fmt/format.h>

#include "oe/forge/settings.hpp"

namespace oe::forge {

namespace {

constexpr std::string_view kWhere = "submit: in .openexpertise/config.yaml sets the limits (docs/forges.md)";

std::string listed(std::span<const OpenedRequest> requests) {
  std::string lines;
  for (const OpenedRequest& request : requests) lines += fmt::format("\n  {}  {}", request.url, request.title);
  return lines;
}

template <class Counts>
std::vector<OpenedRequest> those(std::span<const OpenedRequest> requests, const Counts& counts) {
  std::vector<OpenedRequest> found;
  std::ranges::copy_if(requests, std::back_inserter(found), counts);
  return found;
}

}  // namespace

std::optional<Error> over_limit(const Settings& settings, std::span<const OpenedRequest> requests, Timestamp now,
                                bool asked) {
  if (settings.preset == Preset::quiet) {
    return Error(ErrorKind::failed, "the preset quiet opens no change requests",
                 "look at oe proposals instead, or set submit.preset: standard in .openexpertise/config.yaml");
  }
  if (settings.preset == Preset::lab && asked) return std::nullopt;
  if (settings.preset == Preset::lab) {
    return Error(ErrorKind::failed, "the preset lab opens only what is asked for", "oe submit ID");
  }
  const auto open = those(requests, [](const OpenedRequest& request) { return request.is_open; });
  if (open.size() >= settings.most_open) {
    return Error(
        ErrorKind::failed,
        fmt::format("{} change request{} of oe {} open, and submit.open is {}:{}", open.size(),
                    open.size() == 1 ? "" : "s", open.size() == 1 ? "is" : "are", settings.most_open, listed(open)),
        fmt::format("decide on one, then oe submit --refresh; {}", kWhere));
  }
  const auto today =
      those(requests, [&](const OpenedRequest& request) { return now - request.opened_at < std::chrono::hours(24); });
  if (today.size() < settings.most_a_day) return std::nullopt;
  return Error(ErrorKind::failed,
               fmt::format("{} opened in the last 24 hours, and submit.per_day is {}:{}", today.size(),
                           settings.most_a_day, listed(today)),
               fmt::format("try tomorrow; {}", kWhere));
}

}  // namespace oe::forge
