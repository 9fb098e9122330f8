#pragma once

#include <string>

#include "oe/exec/executor.hpp"
#include "oe/llm/ask.hpp"

namespace oe::exec {

/// What an attempt of an agent or a skill asks a model.
struct Question {
  llm::Ask ask;
  std::string skill;  ///< the name in its front matter; empty: none
};

/// An agent asks its prompt file with the values of its placeholders; those that nothing fills stay as they are. A
/// skill has its body as the system text, and asks with its inputs as JSON (section 5.6 of the reference). Errors:
/// input, environment: the file cannot be used; a text that has no one field to go to.
Result<Question> question_of(const AttemptSpec& spec);

/// "<node>[/<scope>...][/<index>]#<attempt>": the name of its call inside the run.
std::string place_of(const AttemptSpec& spec);

/// `text` with the values of its placeholders; those that nothing fills stay as they are.
std::string filled_as_far(const std::string& text, const Value& input);

}  // namespace oe::exec
