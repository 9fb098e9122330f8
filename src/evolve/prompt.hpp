#pragma once

#include "oe/evolve/advisor.hpp"

#include "evolve/section.hpp"

namespace oe::evolve {

/// What a model is asked, static parts first. A pure function of the context: no time of now, no absolute path.
struct Prompt {
  std::string system;
  std::string user;
  Value schema;
};
/// `tokens`: the most that the user's part may have, three bytes a token.
Prompt build_prompt(const AdvisorContext& context, std::size_t tokens);

/// The task, the rules of the game and the operations: the same for every workflow.
std::string task_text();
/// JSON Schema of the answer, in what every strict API takes after llm::strict_subset().
Value answer_schema();

// The parts of the user's turn, one function each.
Section source_section(const Base& base);
Section graph_section(const graph::Graph& graph);
Section failures_section(const Evidence& evidence);
Section runs_section(const Evidence& evidence);
Section statistics_section(const Evidence& evidence);
Section state_section(const Evidence& evidence);
Section files_section(const AdvisorContext& context);
Section datasets_section(const AdvisorContext& context);
/// Those that a human decided, and others that were made before the newest run ended: what an invocation makes does not
/// change what the next one asks about the same runs.
Section earlier_section(const AdvisorContext& context);

/// What this search has thought of already; empty at its first question.
Section ideas_section(const AdvisorContext& context);

/// Whether a file must never be sent, going by its name: .env, keys, credentials.
bool may_hold_secrets(std::string_view path);

}  // namespace oe::evolve
