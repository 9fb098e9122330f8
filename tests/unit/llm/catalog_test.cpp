#include "llm/catalog.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>

#include "oe/llm/client.hpp"

#include "llm/endpoint.hpp"

namespace oe::llm {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

/// Aliases, an environment and a flag, and what they make of an ask.
struct Catalogue {
  graph::Models models;
  std::map<std::string, std::string> environment;
  std::string flag;
  bool is_replaying = false;

  Result<std::vector<Route>> routes(const Ask& ask) const {
    const Catalog catalog(
        models,
        [this](const std::string& name) {
          const auto found = environment.find(name);
          return found == environment.end() ? std::nullopt : std::optional(found->second);
        },
        flag, is_replaying);
    return catalog.routes(ask);
  }
  Route route(const Ask& ask) const {
    auto all = routes(ask);
    if (all) return all->front();
    ADD_FAILURE() << all.error().to_string();
    return {};
  }
  /// "provider model"
  std::string named(const Ask& ask) const {
    const Route one = route(ask);
    return one.model.provider + " " + one.model.model;
  }
  std::string error(const Ask& ask) const {
    const auto all = routes(ask);
    if (!all) return all.error().to_string();
    return all->front().unusable ? all->front().unusable->to_string() : "(usable)";
  }
};

Catalogue with_keys() {
  return {.environment = {{"ANTHROPIC_API_KEY", "sk-ant"}, {"OPENAI_API_KEY", "sk-oai"}, {"GEMINI_API_KEY", "gem"}}};
}

TEST(Catalog, AnAliasComesFirst) {
  Catalogue catalogue = with_keys();
  catalogue.models.all = {{.name = "claude-x", .provider = "gemini", .model = "gemini-y"}};
  EXPECT_EQ(catalogue.named({.model = "claude-x"}), "gemini gemini-y");
}

TEST(Catalog, ProviderAndModelMayBeWrittenTogether) {
  EXPECT_EQ(with_keys().named({.model = "openai-chat/meta/llama"}), "openai-chat meta/llama");
  EXPECT_EQ(with_keys().named({.model = "m", .provider = "gemini"}), "gemini m");
  EXPECT_EQ(with_keys().named({.provider = "gemini"}), "gemini gemini-3.6-flash");
}

TEST(Catalog, TheFamilyOfANameFindsItsProvider) {
  EXPECT_EQ(with_keys().named({.model = "claude-opus-9"}), "anthropic claude-opus-9");
  EXPECT_EQ(with_keys().named({.model = "gpt-9"}), "openai gpt-9");
  EXPECT_EQ(with_keys().named({.model = "gemini-9"}), "gemini gemini-9");
}

TEST(Catalog, NoNameIsTheDefaultAliasElseTheFirstKey) {
  Catalogue catalogue = with_keys();
  EXPECT_EQ(catalogue.named({}), "anthropic claude-sonnet-5");
  catalogue.models = {.standard = "fast", .all = {{.name = "fast", .provider = "ollama", .model = "qwen3"}}};
  EXPECT_EQ(catalogue.named({}), "ollama qwen3");
  EXPECT_EQ((Catalogue{.environment = {{"OPENAI_API_KEY", "k"}}}.named({})), "openai gpt-5.6");
  EXPECT_EQ((Catalogue{.environment = {{"OLLAMA_HOST", "gpu"}, {"OE_OLLAMA_MODEL", "q"}}}.named({})), "ollama q");
  EXPECT_EQ((Catalogue{.environment = {{"ANTHROPIC_API_KEY", ""}, {"GEMINI_API_KEY", "k"}}}.named({})),
            "gemini gemini-3.6-flash")
      << "empty is not set";
}

TEST(Catalog, VariablesNameTheDefaultModelOfAProvider) {
  Catalogue catalogue = with_keys();
  catalogue.environment["OE_ANTHROPIC_MODEL"] = "claude-mine";
  catalogue.environment["OE_OPENAI_MODEL"] = "gpt-mine";
  EXPECT_EQ(catalogue.named({}), "anthropic claude-mine");
  EXPECT_EQ(catalogue.named({.provider = "openai"}), "openai gpt-mine");
}

TEST(Catalog, AForeignNameGoesToTheStandardProviderWithoutItsPrice) {
  const Catalogue local{.environment = {{"OPENAI_API_KEY", "none"}, {"OPENAI_BASE_URL", "http://localhost:8000/v1/"}}};
  const Route route = local.route({.model = "qwen"});
  EXPECT_EQ(route.model.provider, "openai");
  EXPECT_EQ(route.wire->provider, "openai-chat") << "what such servers speak";
  EXPECT_EQ(route.endpoint.base_url, "http://localhost:8000/v1");
  EXPECT_EQ(route.endpoint.model, "qwen");
  Catalogue priced;
  priced.models = {.standard = "a", .all = {{.name = "a", .provider = "ollama", .model = "m", .price = {{1, 1}}}}};
  EXPECT_FALSE(priced.route({.model = "qwen"}).model.price);
}

TEST(Catalog, TheFlagDecidesForWhateverNamesNoAliasAndNoProvider) {
  Catalogue catalogue = with_keys();
  catalogue.models = {.standard = "fast", .all = {{.name = "fast", .provider = "ollama", .model = "qwen3"}}};
  catalogue.flag = "openai";
  EXPECT_EQ(catalogue.named({}), "openai gpt-5.6");
  EXPECT_EQ(catalogue.named({.model = "claude-x"}), "openai claude-x");
  EXPECT_EQ(catalogue.named({.model = "fast"}), "ollama qwen3");
  EXPECT_EQ(catalogue.named({.model = "gemini/g"}), "gemini g");
  catalogue.flag = "fast";
  EXPECT_EQ(catalogue.named({}), "ollama qwen3");
  catalogue.flag = "anthropic/claude-y";
  EXPECT_EQ(catalogue.named({}), "anthropic claude-y");
}

TEST(Catalog, TheFlagMaySpellOutACassetteOrAProgram) {
  const Route tape = Catalogue{.flag = "replay:calls.jsonl"}.route({});
  EXPECT_EQ(tape.way, Way::replay);
  EXPECT_EQ(tape.model.file, "calls.jsonl");
  EXPECT_TRUE(tape.is_provider_free);
  const Route program = Catalogue{.flag = "command:./ask --fast"}.route({.model = "m"});
  EXPECT_EQ(program.way, Way::command);
  EXPECT_EQ(program.model.command, (std::vector<std::string>{"/bin/sh", "-c", "./ask --fast"}));
}

TEST(Catalog, ASlipIsNamedWithWhatWasMeant) {
  Catalogue catalogue = with_keys();
  catalogue.models = {.standard = "smart", .all = {{.name = "smart", .provider = "anthropic", .model = "claude-x"}}};
  EXPECT_THAT(catalogue.error({.model = "smrat"}), HasSubstr("unknown model 'smrat'"));
  EXPECT_THAT(catalogue.error({.model = "smrat"}), HasSubstr("did you mean 'smart'?"));
  EXPECT_THAT(catalogue.error({.provider = "antropic"}), HasSubstr("did you mean 'anthropic'?"));
  EXPECT_THAT(catalogue.error({.model = "antropic/claude-x"}), HasSubstr("did you mean 'anthropic'?"));
  catalogue.models.standard = "smar";
  EXPECT_THAT(catalogue.error({}), HasSubstr("unknown default model 'smar'"));
  catalogue.flag = "olama";
  EXPECT_THAT(catalogue.error({}), HasSubstr("did you mean 'ollama'?"));
  catalogue.flag = "hal9000";
  EXPECT_THAT(catalogue.error({}), HasSubstr("known are anthropic, openai"));
}

TEST(Catalog, AMissingKeyNamesItsVariable) {
  EXPECT_THAT(Catalogue{}.error({.model = "claude-x"}), HasSubstr("ANTHROPIC_API_KEY is not set"));
  EXPECT_THAT(Catalogue{}.error({.model = "claude-x"}), HasSubstr("export ANTHROPIC_API_KEY="));
  EXPECT_THAT(Catalogue{}.error({}), HasSubstr("no model is configured"));
  Catalogue own;
  own.models.all = {
      {.name = "a", .provider = "openai", .model = "m", .base_url = "http://localhost", .key_env = "MINE"}};
  EXPECT_THAT(own.error({.model = "a"}), HasSubstr("MINE is not set")) << "named, so it is wanted";
  own.models.all[0].key_env.clear();
  EXPECT_EQ(own.error({.model = "a"}), "(usable)") << "a local server needs none";
}

TEST(Catalog, AKeyMayEndInANewlineButHoldNone) {
  EXPECT_EQ((Catalogue{.environment = {{"GEMINI_API_KEY", " key\n"}}}.route({}).endpoint.key), "key");
  EXPECT_THAT((Catalogue{.environment = {{"GEMINI_API_KEY", "a\nb"}}}.error({})), HasSubstr("line break"));
}

TEST(Catalog, WhatAProviderNeedsIsSaid) {
  EXPECT_THAT(with_keys().error({.provider = "azure"}), HasSubstr("needs the name of a model"));
  EXPECT_THAT(with_keys().error({.model = "azure/m"}), HasSubstr("AZURE_OPENAI_ENDPOINT"));
  EXPECT_THAT(with_keys().error({.provider = "ollama"}), HasSubstr("model: ollama/NAME"));
  EXPECT_THAT(with_keys().error({.provider = "command"}), HasSubstr("needs a command"));
  EXPECT_THAT(with_keys().error({.provider = "replay"}), HasSubstr("needs a file"));
}

TEST(Catalog, FallbacksFollowInTheirOrder) {
  Catalogue catalogue = with_keys();
  catalogue.models.all = {{.name = "a", .provider = "anthropic", .model = "claude-x", .fallback = {"c", "b"}},
                          {.name = "b", .provider = "ollama", .model = "q"},
                          {.name = "c", .provider = "codex", .fallback = {"d", "a"}},
                          {.name = "d", .provider = "gemini", .model = "g"}};
  const auto routes = catalogue.routes({.model = "a"}).value();
  ASSERT_EQ(routes.size(), 4U) << "none twice";
  EXPECT_EQ(routes[1].way, Way::agent_cli);
  EXPECT_EQ(routes[2].model.model, "g") << "that of a fallback before the next one";
  EXPECT_EQ(routes[3].model.model, "q");
  catalogue.models.all[0].fallback = {"bb"};
  EXPECT_THAT(catalogue.error({.model = "a"}), HasSubstr("unknown fallback 'bb'"));
}

TEST(Catalog, AReplayNeedsNoKeyAndLeavesOpenWhatTheEnvironmentWouldDecide) {
  const Catalogue replay{.is_replaying = true};
  EXPECT_EQ(replay.error({.model = "claude-x"}), "(usable)");
  EXPECT_TRUE(replay.route({}).is_provider_free);
  EXPECT_FALSE(replay.route({.model = "claude-x"}).is_model_free);
  EXPECT_TRUE(replay.route({.provider = "anthropic"}).is_model_free);
  EXPECT_FALSE(replay.route({.provider = "anthropic"}).is_provider_free);
}

TEST(Catalog, TheAskWinsOverTheAlias) {
  Catalogue catalogue = with_keys();
  catalogue.models.all = {
      {.name = "a", .provider = "anthropic", .model = "c", .temperature = 0.5, .seed = 7, .max_tokens = 100}};
  const Ask ask{.model = "a", .max_tokens = 5};
  const Settled all = settled(ask, catalogue.route(ask));
  EXPECT_EQ(all.temperature, 0.5);
  EXPECT_EQ(all.seed, 7U);
  EXPECT_EQ(all.max_tokens, 5U);
}

TEST(Endpoint, TidiesAddresses) {
  EXPECT_EQ(tidy_url("localhost:11434/"), "http://localhost:11434");
  EXPECT_EQ(tidy_url("http://0.0.0.0:1"), "http://127.0.0.1:1");
  EXPECT_EQ(tidy_url("https://a/b//"), "https://a/b");
  const Catalogue ollama{.environment = {{"OLLAMA_HOST", "gpu"}}};
  EXPECT_EQ(ollama.route({.model = "ollama/q"}).endpoint.base_url, "http://gpu:11434");
}

TEST(Endpoint, KnowsWhatIsLocal) {
  for (const char* url :
       {"http://localhost:1/v1", "http://127.0.0.1", "http://[::1]:8", "http://10.1.2.3", "http://192.168.0.9",
        "http://172.16.0.1", "http://172.31.9.9", "http://gpu", "http://a.local"})
    EXPECT_TRUE(is_local(url)) << url;
  for (const char* url :
       {"https://api.openai.com/v1", "http://172.32.0.1", "http://8.8.8.8", "http://10.evil.com", "http://127.evil.com",
        "http://localhost.evil.com", "http://localhost@evil.com", "http://[2001::1]", ""})
    EXPECT_FALSE(is_local(url)) << url;
}

TEST(Providers, AllAreNamed) {
  for (const char* name : {"anthropic", "openai", "openai-chat", "azure", "gemini", "ollama", "claude-code", "codex",
                           "gemini-cli", "command", "replay"})
    EXPECT_THAT(providers(), Contains(name));
}

TEST(KeyVariables, AreThoseOfProvidersAndModelsOnce) {
  const auto names = key_variables({.all = {{.key_env = "MINE"}, {.key_env = "OPENAI_API_KEY"}}});
  for (const char* name : {"ANTHROPIC_API_KEY", "OPENAI_API_KEY", "GEMINI_API_KEY", "AZURE_OPENAI_API_KEY", "MINE"})
    EXPECT_EQ(std::count(names.begin(), names.end(), name), 1) << name;
}

}  // namespace
}  // namespace oe::llm
