#pragma once

#include "llm/wire.hpp"

namespace oe::llm {

// The rows of wires(), each from the file of its API.
Wire anthropic_wire();
Wire openai_wire();       ///< Responses
Wire openai_chat_wire();  ///< Chat Completions and every server that speaks it
Wire azure_wire();
Wire gemini_wire();
Wire ollama_wire();

}  // namespace oe::llm
