#include "llm/provider.hpp"

#include <algorithm>
#include <array>

#include "oe/base/text.hpp"
#include "oe/llm/client.hpp"

namespace oe::llm {

namespace {

struct Program {
  std::string_view provider;
  Way way;
  std::string_view cli;
};
constexpr std::array<Program, 5> kPrograms = {{{"claude-code", Way::agent_cli, "claude-code"},
                                               {"codex", Way::agent_cli, "codex"},
                                               {"gemini-cli", Way::agent_cli, "gemini"},
                                               {"command", Way::command, ""},
                                               {"replay", Way::replay, ""}}};

const Program* find_program(std::string_view provider) {
  const auto* found = std::ranges::find(kPrograms, provider, &Program::provider);
  return found == kPrograms.end() ? nullptr : found;
}

/// `variable` names the model in its place. The models are those that the vendors recommended in 2026.
struct Standard {
  std::string_view provider;
  const char* variable;
  std::string_view model;
};
constexpr std::array<Standard, 6> kStandards = {{{"anthropic", "OE_ANTHROPIC_MODEL", "claude-sonnet-5"},
                                                 {"openai", "OE_OPENAI_MODEL", "gpt-5.6"},
                                                 {"openai-chat", "OE_OPENAI_MODEL", "gpt-5.6"},
                                                 {"azure", "OE_AZURE_MODEL", ""},
                                                 {"gemini", "OE_GEMINI_MODEL", "gemini-3.6-flash"},
                                                 {"ollama", "OE_OLLAMA_MODEL", ""}}};

struct Sign {
  const char* variable;
  std::string_view provider;
};
constexpr std::array<Sign, 5> kSigns = {{{"ANTHROPIC_API_KEY", "anthropic"},
                                         {"OPENAI_API_KEY", "openai"},
                                         {"OPENAI_BASE_URL", "openai"},
                                         {"GEMINI_API_KEY", "gemini"},
                                         {"OLLAMA_HOST", "ollama"}}};

}  // namespace

std::optional<Way> way_of(std::string_view provider) {
  if (find_wire(provider) != nullptr) return Way::wire;
  const Program* program = find_program(provider);
  return program == nullptr ? std::nullopt : std::optional(program->way);
}

std::string_view cli_of(std::string_view provider) {
  const Program* program = find_program(provider);
  return program == nullptr ? std::string_view() : program->cli;
}

std::string default_model(std::string_view provider, const Variables& environment) {
  const auto* standard = std::ranges::find(kStandards, provider, &Standard::provider);
  if (standard == kStandards.end()) return {};
  const auto named = environment(standard->variable);
  return named && !named->empty() ? *named : std::string(standard->model);
}

std::string_view provider_of_family(std::string_view model) {
  for (const Wire& wire : wires())
    for (const std::string& prefix : split(wire.family, ' '))
      if (!prefix.empty() && model.starts_with(prefix)) return wire.provider;
  return {};
}

std::string_view provider_in(const Variables& environment) {
  const auto* sign = std::ranges::find_if(
      kSigns, [&](const Sign& candidate) { return !environment(candidate.variable).value_or("").empty(); });
  return sign == kSigns.end() ? std::string_view() : sign->provider;
}

std::vector<std::string_view> providers() {
  std::vector<std::string_view> names;
  for (const Wire& wire : wires()) names.push_back(wire.provider);
  for (const Program& program : kPrograms) names.push_back(program.provider);
  return names;
}

std::vector<std::string> key_variables(const graph::Models& models) {
  std::vector<std::string> names;
  const auto add = [&](std::string_view name) {
    if (!name.empty() && std::ranges::find(names, name) == names.end()) names.emplace_back(name);
  };
  for (const Wire& wire : wires()) add(wire.key_env);
  for (const graph::Model& model : models.all) add(model.key_env);
  return names;
}

}  // namespace oe::llm
