#include "llm/catalog.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <utility>

#include "oe/base/text.hpp"
#include "oe/llm/client.hpp"

#include "llm/endpoint.hpp"

namespace oe::llm {

namespace {

constexpr std::string_view kFile = "replay:";
constexpr std::string_view kLine = "command:";

std::vector<std::string> provider_names() {
  std::vector<std::string> names;
  for (const std::string_view name : providers()) names.emplace_back(name);
  return names;
}

Error no_model() {
  return Error(
      ErrorKind::environment, "no model is configured",
      "set ANTHROPIC_API_KEY, OPENAI_API_KEY, GEMINI_API_KEY or OLLAMA_HOST, write models: into the workflow or "
      ".openexpertise/config.yaml, or name a provider with --llm");
}

/// "replay:FILE" and "command:LINE" of a command line; nothing for anything else.
std::optional<graph::Model> spelled_out(std::string_view flag) {
  if (flag.starts_with(kFile))
    return graph::Model{.provider = "replay", .file = std::string(flag.substr(kFile.size()))};
  if (flag.starts_with(kLine))
    return graph::Model{.provider = "command", .command = {"/bin/sh", "-c", std::string(flag.substr(kLine.size()))}};
  return std::nullopt;
}

Result<void> check_program(const graph::Model& model, Way way) {
  const auto lacks = [&](std::string_view field) {
    return fail(ErrorKind::environment, fmt::format("provider '{}' needs a {}", model.provider, field),
                fmt::format("write an entry under models: with provider: {} and {}: ...", model.provider, field));
  };
  if (way == Way::command && model.command.empty()) return lacks("command");
  if (way == Way::replay && model.file.empty()) return lacks("file");
  return {};
}

}  // namespace

Catalog::Catalog(graph::Models models, Variables environment, std::string flag, bool is_replaying)
    : models_(std::move(models)),
      environment_(std::move(environment)),
      flag_(std::move(flag)),
      is_replaying_(is_replaying) {}

const graph::Model* Catalog::find(std::string_view alias) const {
  const auto found = std::ranges::find(models_.all, alias, &graph::Model::name);
  return found == models_.all.end() ? nullptr : &*found;
}

Error Catalog::unknown(std::string_view what, std::string_view name) const {
  std::vector<std::string> known = provider_names();
  for (const graph::Model& model : models_.all) known.push_back(model.name);
  const std::string meant = did_you_mean(name, known);
  return Error(ErrorKind::environment, fmt::format("unknown {} '{}'", what, name),
               meant.empty() ? fmt::format("known are {}", join(known, ", ")) : meant);
}

Result<std::vector<Route>> Catalog::routes(const Ask& ask) const {
  OE_TRY(Pick first, pick(ask));
  std::vector<Route> all;
  std::vector<std::string> seen;
  OE_CHECK(add_with_fallbacks(std::move(first), seen, all));
  return all;
}

Result<void> Catalog::add_with_fallbacks(Pick pick, std::vector<std::string>& seen, std::vector<Route>& all) const {
  seen.push_back(pick.model.name);
  const std::vector<std::string> fallback = pick.model.fallback;
  OE_TRY(Route route, settle(std::move(pick)));
  all.push_back(std::move(route));
  for (const std::string& alias : fallback) {
    if (std::ranges::find(seen, alias) != seen.end()) continue;
    const graph::Model* model = find(alias);
    if (model == nullptr) return fail(unknown("fallback", alias));
    OE_TRY(Pick next, of_alias(*model));
    OE_CHECK(add_with_fallbacks(std::move(next), seen, all));
  }
  return {};
}

Result<Catalog::Pick> Catalog::pick(const Ask& ask) const {
  if (ask.provider.empty()) return ask.model.empty() ? pick_standard() : pick_by_name(ask.model);
  const graph::Model* alias = find(ask.model);
  if (alias != nullptr && alias->provider == ask.provider) return of_alias(*alias);
  return of_provider(ask.provider, ask.model);
}

Result<Catalog::Pick> Catalog::pick_by_name(const std::string& name) const {
  if (const graph::Model* alias = find(name)) return of_alias(*alias);
  const std::size_t slash = name.find('/');
  const std::string prefix = slash == std::string::npos ? std::string() : name.substr(0, slash);
  if (way_of(prefix)) return of_provider(prefix, name.substr(slash + 1));
  if (!prefix.empty() && nearest(prefix, provider_names())) return fail(unknown("provider", prefix));
  const std::string_view family = flag_.empty() ? provider_of_family(name) : std::string_view();
  if (!family.empty()) return of_provider(family, name);
  std::vector<std::string> aliases;
  for (const graph::Model& model : models_.all) aliases.push_back(model.name);
  if (flag_.empty() && nearest(name, aliases)) return fail(unknown("model", name));
  OE_TRY(Pick standard, pick_standard());
  standard.model.model = name;
  standard.model.price.reset();  // it is that of another model
  standard.is_model_free = false;
  return standard;
}

Result<Catalog::Pick> Catalog::pick_standard() const {
  if (!flag_.empty()) return pick_by_flag();
  if (models_.standard.empty()) return pick_by_environment();
  const graph::Model* alias = find(models_.standard);
  if (alias == nullptr) return fail(unknown("default model", models_.standard));
  return of_alias(*alias);
}

Result<Catalog::Pick> Catalog::pick_by_flag() const {
  if (auto model = spelled_out(flag_)) return Pick{.model = std::move(*model)};
  if (const graph::Model* alias = find(flag_)) return of_alias(*alias);
  const std::size_t slash = std::min(flag_.find('/'), flag_.size());
  const std::string provider = flag_.substr(0, slash);
  if (!way_of(provider)) return fail(unknown("provider", provider));
  return of_provider(provider, slash == flag_.size() ? std::string() : flag_.substr(slash + 1));
}

Result<Catalog::Pick> Catalog::pick_by_environment() const {
  if (is_replaying_) return Pick{.is_provider_free = true, .is_model_free = true};
  const std::string_view provider = provider_in(environment_);
  if (provider.empty()) return fail(no_model());
  return of_provider(provider, {});
}

Result<Catalog::Pick> Catalog::of_provider(std::string_view provider, std::string model) const {
  if (!way_of(provider)) return fail(unknown("provider", provider));
  Pick pick{.model = {.provider = std::string(provider), .model = std::move(model)}};
  if (!pick.model.model.empty()) return pick;
  pick.is_model_free = true;
  if (is_replaying_) return pick;
  pick.model.model = default_model(provider, environment_);
  if (pick.model.model.empty() && way_of(provider) == Way::wire)
    return fail(ErrorKind::environment, fmt::format("provider '{}' needs the name of a model", provider),
                fmt::format("write model: {}/NAME", provider));
  return pick;
}

Result<Catalog::Pick> Catalog::of_alias(const graph::Model& alias) const {
  Pick pick{.model = alias};
  if (alias.provider.empty()) pick.model.provider = provider_of_family(alias.model);
  if (pick.model.provider.empty())
    return fail(ErrorKind::environment, fmt::format("model '{}' names no provider", alias.name),
                fmt::format("write provider: into its entry; known are {}", join(provider_names(), ", ")));
  if (!way_of(pick.model.provider)) return fail(unknown("provider", alias.provider));
  if (!pick.model.model.empty()) return pick;
  OE_TRY(Pick named, of_provider(pick.model.provider, {}));
  pick.model.model = std::move(named.model.model);
  pick.is_model_free = named.is_model_free;
  return pick;
}

Result<Route> Catalog::settle(Pick pick) const {
  Route route{
      .model = std::move(pick.model), .is_provider_free = pick.is_provider_free, .is_model_free = pick.is_model_free};
  if (route.is_provider_free) return route;
  route.way = way_of(route.model.provider).value_or(Way::wire);
  OE_CHECK(check_program(route.model, route.way));
  if (route.way == Way::replay) route.is_provider_free = route.is_model_free = true;
  if (route.way == Way::wire) OE_CHECK(settle_endpoint(route, environment_, is_replaying_));
  return route;
}

}  // namespace oe::llm
