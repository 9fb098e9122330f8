#include "llm/replay.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "oe/base/text.hpp"
#include "oe/llm/schema.hpp"

#include "llm/canonical.hpp"
#include "llm/repair.hpp"

namespace oe::llm {

namespace {

/// Provider and model with which a recorded request may have been made.
using Names = std::pair<std::string, std::string>;

Names names_of(const Call& call, const Settled& own, const Route& route) {
  const auto recorded = [&](const char* member, bool is_free, const std::string& otherwise) {
    return is_free ? call.request.get(member).string_or(otherwise) : otherwise;
  };
  return {recorded("provider", route.is_provider_free, own.provider),
          recorded("model", route.is_model_free, own.model)};
}

/// Those of the call at the place first, then of all others; the route's own alone where it leaves nothing open.
std::vector<Names> candidates(const Cassette& cassette, const Settled& own, const Route& route,
                              const std::string& place) {
  std::vector<Names> all;
  const auto add = [&](const Call& call) {
    Names names = names_of(call, own, route);
    if (std::ranges::find(all, names) == all.end()) all.push_back(std::move(names));
  };
  if (!route.is_provider_free && !route.is_model_free) return {{own.provider, own.model}};
  if (const Call* here = cassette.at(place)) add(*here);
  for (const Call& call : cassette.calls()) add(call);
  return all;
}

std::string why_not(const Cassette& cassette, const Value& request, const std::string& place) {
  const Call* here = cassette.at(place);
  if (here == nullptr)
    return fmt::format("no call at '{}' is recorded ({} others are)", place, cassette.calls().size());
  const std::string difference = first_difference(here->request, request);
  return fmt::format("the call that is recorded at '{}' was another: its {} differs", place,
                     difference.empty() ? "request" : difference);
}

/// Of a call that was written by hand: the schema that it never saw.
void hold_against(const Value& schema, Answer& answer) {
  if (schema.is_null() || answer.ending != Ending::answered) return;
  const Result<Fit> fits = fit(answer.text, schema);
  if (fits && fits->faults.empty()) {
    answer.value = fits->value;
    return;
  }
  answer.ending = Ending::unfit;
  answer.error =
      fmt::format("the recorded {}: ", kUnfit) + (fits ? join(fits->faults, ", ") : fits.error().message());
}

Replayed repeat(const Call& call, Value request, const Ask& ask) {
  Replayed replayed{.request = std::move(request), .answer = call.answer, .activities = call.activities};
  Answer& answer = replayed.answer;
  if (call.digest.empty()) hold_against(ask.schema, answer);
  if (answer.provider.empty()) answer.provider = replayed.request.get("provider").string_or("");
  if (answer.model.empty()) answer.model = replayed.request.get("model").string_or("");
  return replayed;
}

}  // namespace

Replayed replay(const Cassette& cassette, const Ask& ask, const Route& route, const std::string& place) {
  Settled names = settled(ask, route);
  Value first;
  for (auto& [provider, model] : candidates(cassette, names, route, place)) {
    names.provider = provider;
    names.model = model;
    Value request = canonical_request(ask, names);
    if (const Call* call = cassette.find(digest_of(request), place)) return repeat(*call, std::move(request), ask);
    if (first.is_null()) first = std::move(request);
  }
  Answer missing{.ending = Ending::not_recorded, .provider = names.provider, .model = names.model};
  missing.error =
      fmt::format("not recorded: {}; record it with a run that may ask the model", why_not(cassette, first, place));
  return {.request = std::move(first), .answer = std::move(missing)};
}

}  // namespace oe::llm
