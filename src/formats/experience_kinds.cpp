#include <algorithm>
#include <nlohmann/json.hpp>

#include "formats/experience.hpp"

namespace oe::formats {

namespace {

using graph::CaptureAs;

constexpr std::array<Word<CaptureAs>, 3> kOutputs = {{
    {"text", CaptureAs::text},
    {"lines", CaptureAs::lines},
    {"json", CaptureAs::json},
}};
constexpr std::array<Word<CaptureAs>, 2> kAgentOutputs = {{
    {"text", CaptureAs::text},
    {"json", CaptureAs::json},
}};
constexpr std::array<Word<std::string_view>, 3> kProviders = {{
    {"claude-code", "claude-code"},
    {"codex", "codex"},
    {"gemini", "gemini"},
}};
constexpr std::array<Word<graph::StateScope>, 2> kScopes = {{
    {"isolated", graph::StateScope::isolated},
    {"shared", graph::StateScope::shared},
}};

graph::Work read_tool(Fields& node) {
  return graph::Tool{.impl = node.filled_text("impl"), .args = node.object("args")};
}

std::variant<std::string, std::vector<std::string>> read_run(Fields& node) {
  const auto run = node.find("run", Need::required);
  if (!run) return "";
  if (run->content().kind == doc::NodeKind::sequence) {
    if (run->content().items.empty()) node.notes().error(*run, "must name a program");
    return texts_at(*run, node.notes());
  }
  if (run->content().kind == doc::NodeKind::mapping) {
    node.notes().error(*run, "must be a shell line or a list of arguments, found a mapping");
    return "";
  }
  return node.filled_text("run");
}

graph::Work read_command(Fields& node) {
  return graph::Command{.run = read_run(node),
                        .output = node.choice("output", kOutputs).value_or(CaptureAs::text),
                        .args = node.object("args"),
                        .workdir = node.text("workdir")};
}

graph::Work read_dataset(Fields& node) {
  const auto spot = node.find("source", Need::required);
  return spot ? read_source(*spot, node.notes()) : graph::Dataset();
}

graph::Asking read_asking(Fields& node) {
  graph::Asking asking{.model = node.text("model"),
                       .provider = provider_of(node, Need::optional),
                       .temperature = node.amount("temperature"),
                       .schema = node.any("schema")};
  if (const auto most = node.integer("max_tokens", 1, kMostCount))
    asking.max_tokens = static_cast<std::uint32_t>(*most);
  asking.repair = static_cast<std::uint32_t>(node.integer("repair", 0, 1).value_or(1));
  return asking;
}

graph::Work read_agent(Fields& node) {
  return graph::Agent{.prompt = node.filled_text("prompt"), .ask = read_asking(node), .args = node.object("args")};
}

graph::Work read_cli_agent(Fields& node) {
  return graph::CliAgent{.provider = std::string(node.choice("provider", kProviders, Need::required).value_or("")),
                         .prompt = node.filled_text("prompt"),
                         .model = node.text("model"),
                         .workdir = node.text("workdir"),
                         .output = node.choice("output_format", kAgentOutputs).value_or(CaptureAs::text),
                         .schema = node.any("schema"),
                         .extra_args = node.texts("extra_args"),
                         .args = node.object("args")};
}

// The original hands `args` to a skill, and knows of `inputs` only the name.
graph::Work read_skill(Fields& node) {
  nlohmann::json inputs = node.object("args").json();
  inputs.update(node.object("inputs").json());
  return graph::Skill{.impl = node.filled_text("impl"), .ask = read_asking(node), .inputs = Value(std::move(inputs))};
}

std::map<std::string, std::string> read_outputs(Fields& node) {
  const auto spot = node.find("outputs");
  return spot ? text_map_at(*spot, node.notes()) : std::map<std::string, std::string>();
}

graph::Work read_subgraph(Fields& node) {
  return graph::Subgraph{.impl = node.filled_text("impl"),
                         .args = node.object("args"),
                         .scope = node.choice("state_scope", kScopes).value_or(graph::StateScope::isolated),
                         .outputs = read_outputs(node)};
}

// Adding a kind: a function above and a row here.
constexpr std::array<Kind, 8> kKinds = {{
    {"tool", read_tool},
    {"command", read_command},
    {"dataset", read_dataset},
    {"agent", read_agent},
    {"cli-agent", read_cli_agent, 1000, 600'000},
    {"skill", read_skill},
    {"human", read_human},
    {"experience", read_subgraph},
}};

}  // namespace

const Kind* read_kind(Fields& node) {
  std::vector<std::string> names;
  for (const Kind& kind : kKinds) names.emplace_back(kind.name);
  const auto position = node.pick("kind", names, Need::required);
  return position ? &kKinds[*position] : nullptr;
}

}  // namespace oe::formats
