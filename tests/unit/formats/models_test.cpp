#include "oe/formats/models.hpp"

#include <gmock/gmock.h>

#include "reading.hpp"

namespace oe::formats {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using namespace std::chrono_literals;

ModelsReading models(const std::string& yaml) {
  Result<ModelsReading> reading = read_models(yaml, "c.yaml");
  if (!reading) throw std::runtime_error(reading.error().to_string());
  return *reading;
}
std::vector<std::string> faults(const std::string& entries) {
  std::vector<std::string> lines;
  for (const Problem& problem : models("models:\n" + entries).problems) lines.push_back(to_string(problem));
  return lines;
}

TEST(Models, AreReadWithAllThatTheySay) {
  const ModelsReading reading = models(R"(models:
  default: quick
  advisor: deep
  quick:
    provider: openai-chat
    model: qwen
    base_url: http://localhost:8000/v1/
    key_env: MY_KEY
    headers: {X-Team: a}
    temperature: 0.2
    seed: 7
    max_tokens: 900
    context: 32000
    concurrency: 3
    retries: 0
    timeout_ms: 5000
    price: {input: 1.5, output: 6, cache_read: 0.15}
    fallback: [deep, own]
  deep: {provider: anthropic, fallback: own}
  own: {provider: command, command: [./ask.sh, -x]}
  old: {provider: replay, file: calls.jsonl}
)");
  EXPECT_THAT(reading.problems, IsEmpty());
  EXPECT_EQ(reading.models.standard, "quick");
  EXPECT_EQ(reading.models.advisor, "deep");
  EXPECT_THAT(reading.models.all,
              ElementsAre(graph::Model{.name = "quick",
                                       .provider = "openai-chat",
                                       .model = "qwen",
                                       .base_url = "http://localhost:8000/v1",
                                       .key_env = "MY_KEY",
                                       .headers = {{"X-Team", "a"}},
                                       .temperature = 0.2,
                                       .seed = 7,
                                       .max_tokens = 900,
                                       .context = 32000,
                                       .concurrency = 3,
                                       .retries = 0,
                                       .timeout = 5000ms,
                                       .price = graph::ModelPrice{1.5, 6, 0.15, std::nullopt},
                                       .fallback = {"deep", "own"}},
                          graph::Model{.name = "deep", .provider = "anthropic", .fallback = {"own"}},
                          graph::Model{.name = "own", .provider = "command", .command = {"./ask.sh", "-x"}},
                          graph::Model{.name = "old", .provider = "replay", .file = "calls.jsonl"}));
  EXPECT_EQ(to_string(reading.models.all[1].where), "c.yaml:19:3");
}

TEST(Models, AConfigurationMayBeEmptyAndHasNothingElse) {
  EXPECT_THAT(models("").problems, IsEmpty());
  EXPECT_THAT(models("# nothing yet\n").problems, IsEmpty());
  EXPECT_EQ(models("modles: {}\n").problems.at(0).hint, "did you mean 'models'?");
  EXPECT_FALSE(read_models("models: [", "c.yaml"));
}

TEST(Models, NamesEachFaultWhereItIs) {
  EXPECT_THAT(faults("  a: {provider: antropic}\n"),
              ElementsAre(AllOf(HasSubstr("c.yaml:2:17: /models/a/provider: must be one of anthropic, openai"),
                                HasSubstr("did you mean 'anthropic'?"))));
  EXPECT_THAT(faults("  a: {provider: openai, modle: x}\n"),
              ElementsAre("c.yaml:2:25: /models/a/modle: unknown key 'modle'; did you mean 'model'?"));
  EXPECT_THAT(faults("  a: {}\n"), ElementsAre(HasSubstr("/models/a: the key 'provider' is missing")));
  EXPECT_THAT(faults("  a: x\n"), ElementsAre(HasSubstr("/models/a: must be a mapping")));
  EXPECT_THAT(faults("  a/b: {provider: openai}\n"), ElementsAre(HasSubstr("'a/b' cannot be an alias")));
  EXPECT_THAT(faults("  a: {provider: command}\n"), ElementsAre(HasSubstr("the key 'command' is missing")));
  EXPECT_THAT(faults("  a: {provider: command, command: []}\n"),
              ElementsAre(HasSubstr("/command: must name a program")));
  EXPECT_THAT(faults("  a: {provider: replay}\n"), ElementsAre(HasSubstr("the key 'file' is missing")));
  EXPECT_THAT(faults("  a: {provider: openai, command: [x]}\n"),
              ElementsAre(HasSubstr("/models/a/command: provider openai has no 'command'; only command has")));
  EXPECT_THAT(faults("  a: {provider: openai, base_url: 'localhost:80'}\n"),
              ElementsAre(HasSubstr("/base_url: must be an http or https address, found 'localhost:80'")));
  EXPECT_THAT(
      faults("  a: {provider: openai, price: {input: -1}}\n"),
      ElementsAre(HasSubstr("/price: the key 'output' is missing"), HasSubstr("/price/input: must be a number")));
  EXPECT_THAT(faults("  a: {provider: openai, key_env: my key}\n"),
              ElementsAre(HasSubstr("/key_env: must be the name of an environment variable")));
}

TEST(Models, NamesAliasesThatAreNotThere) {
  EXPECT_THAT(
      faults("  default: quik\n  advisor: none\n  quick: {provider: openai, fallback: [deap]}\n  deep: {provider: "
             "gemini}\n"),
      ElementsAre("c.yaml:2:12: /models/default: there is no model 'quik'; did you mean 'quick'?",
                  "c.yaml:3:12: /models/advisor: there is no model 'none'; there are quick, deep",
                  "c.yaml:4:39: /models/quick/fallback: 'quick' falls back to 'deap', which is no model here; did "
                  "you mean 'deep'?"));
}

TEST(Models, FallbacksComeToAnEnd) {
  EXPECT_THAT(
      faults("  z: {provider: openai, fallback: a}\n  a: {provider: openai, fallback: [c, b]}\n"
             "  b: {provider: gemini, fallback: a}\n  c: {provider: gemini}\n"),
      ElementsAre("c.yaml:3:35: /models/a/fallback: the fallbacks go round in a circle: a -> b -> a; take one of "
                  "them out"));
  EXPECT_THAT(faults("  a: {provider: openai, fallback: a}\n"), ElementsAre(HasSubstr("a -> a")));
}

TEST(Models, AKeyInTheFileIsAnErrorThatDoesNotRepeatIt) {
  const std::string key = "sk-ant-0123456789abcdef";
  for (const std::string& entry :
       {"key_env: " + key, "model: " + key, std::string("api_key: x"), "provider: " + key,
        "headers: {X-Own: Bearer " + key + "}", std::string("headers: {Authorization: basic}"),
        "base_url: 'https://me:" + key + "@host/'", std::string("base_url: 'https://host/v1?key=abc'"),
        "fallback: [" + key + "]", key + ": 1"}) {
    const auto found = faults("  a: {" + entry + "}\n");
    EXPECT_THAT(found, ElementsAre(AllOf(HasSubstr("an API key does not belong into a file; put it into an environment "
                                                   "variable, and name that: 'key_env: MY_API_KEY'"),
                                         Not(HasSubstr("sk-ant-0123456789abcdef; ")))))
        << entry;
  }
}

TEST(Models, OfAWorkflowWinOverTheConfiguration) {
  graph::Models own{.standard = "a", .all = {{.name = "a", .provider = "ollama"}}};
  const graph::Models config{.standard = "b",
                             .advisor = "b",
                             .all = {{.name = "a", .provider = "openai"}, {.name = "b", .provider = "gemini"}}};
  const graph::Models both = merged(own, config);
  EXPECT_EQ(both.standard, "a");
  EXPECT_EQ(both.advisor, "b");
  EXPECT_THAT(both.all, ElementsAre(graph::Model{.name = "a", .provider = "ollama"},
                                    graph::Model{.name = "b", .provider = "gemini"}));
}

TEST(Models, OfIncludedWorkflowsAreAddedWhereNoneHasTheName) {
  const std::string child =
      "name: c\nversion: 0.1.0\nstate: {schema: {z: {}}}\nmodels:\n  default: a\n  a: {provider: openai}\n"
      "  r: {provider: replay, file: calls.jsonl}\n  k: {provider: command, command: [./ask, x]}\n"
      "graph: {nodes: [{id: n, kind: agent, prompt: p.md, model: k, writes: [z]}], edges: []}\n";
  const std::string parent = with_nodes("  - {id: s, kind: experience, impl: sub/c.yaml, outputs: {x: z}}\n",
                                        "  edges: []\nmodels:\n  a: {provider: ollama}\n");
  const Reading reading = read(parent, files_in_memory({{"sub/c.yaml", child}, {"sub/p.md", "Hi"}}));
  EXPECT_THAT(reading.problems, IsEmpty());
  EXPECT_EQ(reading.graph.models.standard, "");
  EXPECT_THAT(reading.graph.models.all,
              ElementsAre(graph::Model{.name = "a", .provider = "ollama"},
                          graph::Model{.name = "r", .provider = "replay", .file = "sub/calls.jsonl"},
                          graph::Model{.name = "k", .provider = "command", .command = {"sub/ask", "x"}}));
}

TEST(Models, ANodeThatNamesNearlyAnAliasIsWarned) {
  EXPECT_THAT(
      problems_in(with_nodes("  - {id: a, kind: agent, prompt: p.md, args: {x: 1}, writes: [x], model: quik}\n",
                             "  edges: []\nmodels: {quick: {provider: ollama}}\n")),
      ElementsAre(HasSubstr("/graph/nodes/0/model: warning: 'a' asks 'quik', which is not declared under models; "
                            "did you mean 'quick'?")));
}

TEST(HttpSource, IsReadWithHeadersRowsAndPages) {
  const graph::Node node = node_from(
      "  - {id: a, kind: dataset, writes: [rows], secrets: [T], source: {type: http, url: 'https://h/{{x}}', headers: "
      "{Authorization: 'Bearer {{$secrets.T}}'}, rows: $.data.items, max_mb: 2, paging: {next: $.links.next, most: "
      "5}}}\n");
  const auto& source = std::get<graph::HttpSource>(std::get<graph::Dataset>(node.work).source);
  EXPECT_EQ(source, (graph::HttpSource{.url = "https://h/{{x}}",
                                       .headers = {{"Authorization", "Bearer {{$secrets.T}}"}},
                                       .rows = "$.data.items",
                                       .paging = graph::Paging{.next = "$.links.next", .page = "", .most = 5},
                                       .max_mb = 2}));
}

TEST(HttpSource, IsChecked) {
  const auto source_faults = [](const std::string& members) {
    return problems_in(
        with_nodes("  - {id: a, kind: dataset, writes: [rows], source: {type: http, " + members + "}}\n"));
  };
  EXPECT_THAT(source_faults("url: 'http://h', paging: {page: p}"), IsEmpty());
  EXPECT_THAT(source_faults("url: 'http://h', paging: {next: link}"), IsEmpty());
  EXPECT_THAT(source_faults("url: 'ftp://h'"), ElementsAre(HasSubstr("/source/url: must be an http or https address")));
  EXPECT_THAT(source_faults("url: 'http://h', rows: items"),
              ElementsAre(HasSubstr("/source/rows: must be a path into the answer, found 'items'")));
  EXPECT_THAT(source_faults("url: 'http://h', paging: {next: '$item.x'}"),
              ElementsAre(HasSubstr("/paging/next: must be a path")));
  EXPECT_THAT(source_faults("url: 'http://h', paging: {}"),
              ElementsAre(HasSubstr("/paging: must say 'next' or 'page'")));
  EXPECT_THAT(source_faults("url: 'http://h', paging: {next: $.cursor, page: after}"), IsEmpty());
  EXPECT_THAT(source_faults("url: 'http://h', paging: {next: link, page: p}"),
              ElementsAre(HasSubstr("/paging/page: a Link header has the whole address of the next page")));
  EXPECT_THAT(source_faults("url: 'http://h', max_mb: 0"),
              ElementsAre(HasSubstr("/max_mb: must be a whole number from 1 to 256")));
  EXPECT_THAT(
      source_faults("url: 'http://h', headers: {Authorization: Bearer abc}"),
      ElementsAre(HasSubstr("/headers/Authorization: an API key does not belong into a file; list the environment "
                            "variable in secrets, and write '{{$secrets.NAME}}'")));
  EXPECT_THAT(source_faults("url: 'http://h', headers: {Accept: text/csv}"), IsEmpty());
}

}  // namespace
}  // namespace oe::formats
