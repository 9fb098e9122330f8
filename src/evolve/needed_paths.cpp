#include "evolve/needed_paths.hpp"

namespace oe::evolve {

Result<std::vector<std::string>> needed_paths(const git::Repository& repository, const Base& base) {
  if (!base.directory.empty()) return std::vector{base.directory};
  OE_TRY(const std::vector<std::string> names, repository.list(base.commit, ""));
  std::vector<std::string> paths;
  for (const std::string& name : names) {
    if (!name.ends_with('/')) paths.push_back(name);
    else if (base.reading.document.text().find(name) != std::string::npos) paths.push_back(name.substr(0, name.size() - 1));
  }
  return paths;
}

}  // namespace oe::evolve
