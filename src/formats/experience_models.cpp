#include <fmt/core.h>

#include "oe/base/text.hpp"
#include "oe/llm/client.hpp"

#include "formats/experience.hpp"
#include "formats/model_secrets.hpp"

namespace oe::formats {

namespace {

constexpr std::int64_t kMostTokens = 100'000'000;

template <class T>
std::optional<T> counted(const std::optional<std::int64_t>& number) {
  return number ? std::optional(static_cast<T>(*number)) : std::nullopt;
}

graph::ModelPrice read_price(const Spot& spot, Notes& notes) {
  Fields fields(spot, notes);
  for (const char* needed : {"input", "output"}) fields.find(needed, Need::required);
  graph::ModelPrice price{.input = fields.amount("input").value_or(0),
                          .output = fields.amount("output").value_or(0),
                          .cache_read = fields.amount("cache_read"),
                          .cache_write = fields.amount("cache_write")};
  fields.finish(Unknown::error,
                "a price has input, output, cache_read and cache_write, in US dollars for a million tokens");
  return price;
}

std::map<std::string, std::string> read_headers_of_model(Fields& model) {
  const auto spot = model.find("headers");
  return spot ? text_map_at(*spot, model.notes()) : std::map<std::string, std::string>();
}

std::string read_base_url(Fields& model) {
  std::string url = model.text("base_url");
  while (url.ends_with('/')) url.pop_back();
  if (!url.empty() && !url.starts_with("http://") && !url.starts_with("https://")) {
    model.notes().error(*model.find("base_url"),
                        fmt::format("must be an http or https address, found '{}'", ellipsis(url, 60)),
                        "for example 'http://localhost:8000/v1'");
  }
  return url;
}

std::string read_key_env(Fields& model) {
  std::string name = model.text("key_env");
  if (!name.empty() && !is_identifier(name)) {
    model.notes().error(*model.find("key_env"),
                        fmt::format("must be the name of an environment variable, found '{}'", ellipsis(name, 60)),
                        "for example MY_API_KEY");
    name.clear();
  }
  return name;
}

// What only one provider has, and needs.
void read_own_keys(Fields& fields, graph::Model& model) {
  Notes& notes = fields.notes();
  const auto own = [&](const char* key, std::string_view provider, const char* hint) {
    const auto spot = fields.find(key);
    if (model.provider.empty()) return;
    if (model.provider == provider && !spot) notes.missing_key(fields.spot(), key, hint);
    if (model.provider != provider && spot)
      notes.error(*spot, fmt::format("provider {} has no '{}'", model.provider, key),
                  fmt::format("only {} has", provider));
  };
  own("command", "command", "add 'command: [program, argument]'");
  own("file", "replay", "add 'file: calls.jsonl', as 'oe cassette export' writes it");
  model.command = fields.texts("command");
  if (const auto spot = fields.find("command"); spot && model.command.empty() && !notes.is_spoilt(spot->path))
    notes.error(*spot, "must name a program", "write 'command: [program, argument]'");
  model.file = fields.text("file");
}

void read_limits_of_model(Fields& fields, graph::Model& model) {
  model.temperature = fields.amount("temperature");
  model.seed = counted<std::uint64_t>(fields.integer("seed", 0));
  model.max_tokens = counted<std::uint32_t>(fields.integer("max_tokens", 1, kMostTokens));
  model.context = counted<std::uint64_t>(fields.integer("context", 1));
  model.concurrency = counted<std::uint32_t>(fields.integer("concurrency", 1, kMostCount));
  model.retries = counted<std::uint32_t>(fields.integer("retries", 0, 20));
  model.timeout = fields.milliseconds("timeout_ms", 1);
  if (const auto price = fields.find("price")) model.price = read_price(*price, fields.notes());
  if (const auto others = fields.find("fallback")) model.fallback = text_or_texts_at(*others, fields.notes());
}

graph::Model read_model(const doc::Member& member, const Spot& spot, Notes& notes) {
  const Spot key{&member.key, spot.path};
  graph::Model model{.name = member.key.text, .where = notes.locate(key)};
  if (model.name.empty() || model.name.find('/') != std::string::npos)
    notes.error(key, fmt::format("'{}' cannot be an alias: 'a/b' means model b of provider a", model.name));
  if (note_keys(spot, notes)) return model;
  Fields fields(spot, notes);
  if (!fields.usable()) return model;
  model.provider = provider_of(fields, Need::required);
  model.model = fields.text("model");
  model.base_url = read_base_url(fields);
  model.key_env = read_key_env(fields);
  model.headers = read_headers_of_model(fields);
  read_own_keys(fields, model);
  read_limits_of_model(fields, model);
  fields.finish(Unknown::error, "see docs/models.md");
  return model;
}

}  // namespace

std::string provider_of(Fields& fields, Need need) {
  std::vector<std::string> names;
  for (const std::string_view name : llm::providers()) names.emplace_back(name);
  const auto position = fields.pick("provider", names, need);
  return position ? names[*position] : "";
}

graph::Models read_models_at(const Spot& spot, Notes& notes) {
  Fields fields(spot, notes);
  graph::Models models;
  if (!fields.usable()) return models;
  models.standard = fields.text("default");
  models.advisor = fields.text("advisor");
  for (const doc::Member& member : spot.content().members) {
    const std::string& name = member.key.text;
    if (name == "default" || name == "advisor") continue;
    const Spot entry{&member.value, fmt::format("{}/{}", spot.path, doc::pointer_token(name))};
    models.all.push_back(read_model(member, entry, notes));
  }
  check_aliases(models, fields);
  return models;
}

}  // namespace oe::formats
