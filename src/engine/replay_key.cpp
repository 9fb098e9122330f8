#include "engine/replay_key.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "oe/base/box.hpp"
#include "oe/base/digest.hpp"
#include "oe/exec/content.hpp"

namespace oe::engine {

namespace {

using Json = nlohmann::json;

Json as_json(const graph::Tool& tool) {
  return {{"impl", tool.impl}};
}
Json as_json(const graph::Command& command) {
  Json run;
  std::visit([&](const auto& words) { run = words; }, command.run);
  return {{"run", run}, {"output", static_cast<int>(command.output)}};
}
Json as_json(const graph::Asking& ask) {
  return {{"model", ask.model},
          {"provider", ask.provider},
          {"temperature", ask.temperature ? Json(*ask.temperature) : Json()},
          {"max_tokens", ask.max_tokens ? Json(*ask.max_tokens) : Json()},
          {"repair", ask.repair},
          {"schema", ask.schema.json()}};
}
Json as_json(const graph::Agent& agent) {
  return {{"prompt", agent.prompt}, {"ask", as_json(agent.ask)}};
}
Json as_json(const graph::CliAgent& agent) {
  return {{"provider", agent.provider},
          {"prompt", agent.prompt},
          {"model", agent.model},
          {"workdir", agent.workdir},
          {"schema", agent.schema.json()},
          {"extra_args", agent.extra_args},
          {"output", static_cast<int>(agent.output)}};
}
Json as_json(const graph::Skill& skill) {
  return {{"impl", skill.impl}, {"ask", as_json(skill.ask)}, {"inputs", skill.inputs.json()}};
}
Json as_json(const graph::FileSource& source) {
  return {{"uri", source.uri}, {"format", static_cast<int>(source.format)}};
}
Json as_json(const graph::SqliteSource& source) {
  return {{"uri", source.uri}, {"query", source.query}};
}
Json as_json(const graph::HttpSource& source) {
  return {{"url", source.url},
          {"method", source.method},
          {"body", source.body.json()},
          {"rows", source.rows},
          {"headers", source.headers},
          {"next", source.paging ? source.paging->next : ""},
          {"page", source.paging ? source.paging->page : ""}};
}
Json as_json(const graph::McpSource& source) {
  return {{"server", source.server}, {"uri", source.uri}};
}
Json as_json(const graph::Dataset& dataset) {
  return std::visit([](const auto& source) { return as_json(source); }, dataset.source);
}
template <class Work>
Json as_json(const Work&) {
  return Json::object();
}

/// What of a model can change an answer; its limits, waits and prices cannot.
Json as_json(const graph::Model& model) {
  return {{"provider", model.provider},
          {"model", model.model},
          {"base_url", model.base_url},
          {"command", model.command},
          {"file", model.file},
          {"headers", model.headers},
          {"temperature", model.temperature ? Json(*model.temperature) : Json()},
          {"seed", model.seed ? Json(*model.seed) : Json()},
          {"max_tokens", model.max_tokens ? Json(*model.max_tokens) : Json()},
          {"fallback", model.fallback}};
}

const graph::Asking* asking_of(const graph::Work& work) {
  if (const auto* agent = std::get_if<graph::Agent>(&work)) return &agent->ask;
  if (const auto* skill = std::get_if<graph::Skill>(&work)) return &skill->ask;
  return nullptr;
}

/// The aliases that may answer, as they are defined.
Json models_asked(const graph::Asking& asking, const graph::Models& models) {
  const std::string& name = asking.model.empty() && asking.provider.empty() ? models.standard : asking.model;
  Json asked = Json::array();
  const auto add = [&](const std::string& alias) {
    const auto found = std::ranges::find(models.all, alias, &graph::Model::name);
    if (found != models.all.end()) asked.push_back(as_json(*found));
    return found;
  };
  if (const auto first = add(name); first != models.all.end())
    for (const std::string& other : first->fallback) add(other);
  return asked;
}

/// Calls whose every influence is in the key.
bool is_model_call(const graph::Work& work) {
  return std::holds_alternative<graph::Agent>(work) || std::holds_alternative<graph::CliAgent>(work) ||
         std::holds_alternative<graph::Skill>(work);
}

}  // namespace

bool is_replayable(const graph::Node& leaf, const graph::Runtime& runtime) {
  if (std::holds_alternative<graph::Human>(leaf.work)) return false;
  return leaf.cache.value_or(runtime.cache.value_or(is_model_call(leaf.work)));
}

Result<ledger::ReplayKey> replay_key(const graph::Node& leaf, const Value& input, const graph::Models& models,
                                     const std::filesystem::path& directory) {
  ledger::ReplayKey key;
  const Json work = std::visit([](const auto& part) { return as_json(part); }, leaf.work);
  const Json node = {{"kind", graph::kind_name(leaf.work)}, {"work", work}, {"writes", leaf.writes}};
  key.parts["node"] = short_digest(node.dump());
  if (const auto* asking = asking_of(leaf.work))
    key.parts["model"] = short_digest(models_asked(*asking, models).dump());
  for (const auto& [name, value] : input.json().items()) key.parts["input " + name] = short_digest(Value(value).dump());
  OE_TRY(const auto files, exec::files_of(leaf, directory));
  for (const auto& [path, digest] : files) key.parts["file " + path] = digest;
  return key;
}

}  // namespace oe::engine
