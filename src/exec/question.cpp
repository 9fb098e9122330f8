#include "exec/question.hpp"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/base/box.hpp"
#include "oe/graph/expression.hpp"
#include "oe/sys/file.hpp"

#include "exec/input_lookup.hpp"
#include "exec/skill_file.hpp"

namespace oe::exec {

namespace {

constexpr std::size_t kMaxPromptBytes = std::size_t{8} << 20;

llm::Ask ask_of(const graph::Asking& asking, const AttemptSpec& spec) {
  return {.model = asking.model,
          .provider = asking.provider,
          .schema = asking.schema,
          .temperature = asking.temperature,
          .max_tokens = asking.max_tokens,
          .timeout = spec.timeout,
          .repair = asking.repair};
}

Result<void> check_writes(const AttemptSpec& spec, const graph::Asking& asking) {
  const std::size_t writes = spec.work->writes.size();
  if (writes == 1 || !asking.schema.is_null()) return {};
  return fail(ErrorKind::input,
              fmt::format("without a schema the answer goes into exactly one field, and '{}' writes {}", spec.node.text,
                          writes),
              "give it one name in writes, or a schema");
}

Result<Question> question_of(const graph::Agent& agent, const AttemptSpec& spec) {
  OE_CHECK(check_writes(spec, agent.ask));
  OE_TRY(const std::string prompt, sys::read_file(spec.directory / agent.prompt, kMaxPromptBytes));
  Question question{ask_of(agent.ask, spec), ""};
  question.ask.turns = {{llm::Turn::Role::user, filled_as_far(prompt, spec.input)}};
  return question;
}

// The members of the input that are no part of it by themselves are its arguments.
Value bundle_of(const Value& input) {
  nlohmann::json args = input.json();
  args.erase("_state");
  args.erase("_edge_inputs");
  return Value(nlohmann::json{{"state_view", input.get("_state").json()},
                              {"edge_inputs", input.get("_edge_inputs").json()},
                              {"args", std::move(args)}});
}

Result<Question> question_of(const graph::Skill& skill, const AttemptSpec& spec) {
  OE_CHECK(check_writes(spec, skill.ask));
  OE_TRY(SkillFile file, read_skill(spec.directory / skill.impl, skill.impl));
  Question question{ask_of(skill.ask, spec), std::move(file.name)};
  question.ask.system = std::move(file.body);
  question.ask.turns = {{llm::Turn::Role::user, bundle_of(spec.input).pretty()}};
  return question;
}

}  // namespace

Result<Question> question_of(const AttemptSpec& spec) {
  return std::visit(overloaded{[&](const graph::Agent& agent) { return question_of(agent, spec); },
                               [&](const graph::Skill& skill) { return question_of(skill, spec); },
                               [&](const auto&) -> Result<Question> {
                                 return fail(ErrorKind::bug, fmt::format("node '{}' asks no model", spec.node.text));
                               }},
                    spec.work->work);
}

std::string place_of(const AttemptSpec& spec) {
  std::string place = spec.node.text;
  for (const std::uint64_t round : spec.scope) place += fmt::format("/{}", round);
  if (spec.index) place += fmt::format("/{}", *spec.index);
  return place + fmt::format("#{}", spec.attempt);
}

std::string filled_as_far(const std::string& text, const Value& input) {
  return graph::render(text, lookup_in(input), [](std::string_view value) { return std::string(value); });
}

}  // namespace oe::exec
