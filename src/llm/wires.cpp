#include "llm/wires.hpp"

#include <algorithm>

namespace oe::llm {

const std::vector<Wire>& wires() {
  static const std::vector<Wire> all = {anthropic_wire(), openai_wire(), openai_chat_wire(),
                                        azure_wire(),     gemini_wire(), ollama_wire()};
  return all;
}

const Wire* find_wire(std::string_view provider) {
  const auto found = std::ranges::find(wires(), provider, &Wire::provider);
  return found == wires().end() ? nullptr : &*found;
}

}  // namespace oe::llm
