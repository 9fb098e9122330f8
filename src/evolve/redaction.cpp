#include "evolve/redaction.hpp"

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "evolve/trial_secrets.hpp"

namespace oe::evolve {

Redactor redactor_for(const graph::Graph& graph, const git::Place& place) {
  std::vector<std::string> hidden;
  for (const auto& [name, value] : trial_secrets(graph)) hidden.push_back(value);
  for (const std::filesystem::path& root : {place.root, place.main_root}) hidden.push_back(root.string());
  if (const char* home = std::getenv("HOME")) hidden.emplace_back(home);
  std::erase_if(hidden, [](const std::string& text) { return text.size() < 2; });  // "/" is no secret
  return Redactor(hidden);
}

}  // namespace oe::evolve
