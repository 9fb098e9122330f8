#pragma once

#include <span>
#include <string_view>

namespace oe::cli {

struct TemplateFile {
  std::string_view path;
  std::string_view text;  ///< "@NAME@" stands for the name of the directory
};

struct Template {
  std::string_view name;
  std::string_view summary;
  std::span<const TemplateFile> files;
};

/// What `oe init` can write. Each runs as it stands. Adding one: its files and a row in the table.
std::span<const Template> templates();

}  // namespace oe::cli
