#pragma once

#include <filesystem>
#include <string>

#include "oe/base/result.hpp"

namespace oe::exec {

/// A SKILL.md: YAML between two lines of "---", then Markdown.
struct SkillFile {
  std::string name;         ///< of the front matter; empty: it says none
  std::string description;  ///< likewise
  std::string body;
};

/// `shown` is the path for messages. Errors: input with the place (front matter that does not end, or is no YAML
/// mapping); environment, when the file cannot be read.
Result<SkillFile> read_skill(const std::filesystem::path& file, const std::string& shown);

}  // namespace oe::exec
