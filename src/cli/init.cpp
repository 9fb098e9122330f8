#include <algorithm>
#include <filesystem>
#include <fmt/core.h>

#include "oe/base/text.hpp"
#include "oe/sys/file.hpp"

#include "cli/commands.hpp"
#include "cli/templates.hpp"

namespace oe::cli {

namespace {

namespace fs = std::filesystem;

Result<const Template*> find_template(const std::string& name) {
  std::vector<std::string> names;
  for (const Template& candidate : templates()) {
    if (candidate.name == name) return &candidate;
    names.emplace_back(candidate.name);
  }
  const std::string near = did_you_mean(name, names);
  return fail(ErrorKind::usage, fmt::format("there is no template '{}'", name),
              near.empty() ? "there are: " + join(names, ", ") : near);
}

std::string filled_in(std::string_view text, const std::string& name) {
  constexpr std::string_view mark = "@NAME@";
  std::string out(text);
  for (std::size_t at = out.find(mark); at != std::string::npos; at = out.find(mark, at + name.size())) {
    out.replace(at, mark.size(), name);
  }
  return out;
}

// A workflow's name goes into YAML unquoted, so only what is plain there stays.
std::string name_of(const fs::path& directory) {
  std::error_code ignored;
  std::string name = fs::weakly_canonical(directory, ignored).filename().string();
  std::replace_if(
      name.begin(), name.end(),
      [](char c) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        return !letter && c != '_' && c != '-';
      },
      '-');
  const bool starts_well = !name.empty() && name.front() != '-' && !(name.front() >= '0' && name.front() <= '9');
  return starts_well ? name : "workflow-" + name;
}

Result<void> refuse_existing(const fs::path& directory, const Template& chosen) {
  for (const TemplateFile& file : chosen.files) {
    const fs::path path = directory / file.path;
    if (fs::exists(path)) {
      return fail(ErrorKind::usage, path.string() + " is there already; nothing was written", "name another directory");
    }
  }
  return {};
}

Result<void> write(const fs::path& directory, const TemplateFile& file, const std::string& name) {
  const fs::path path = directory / file.path;
  OE_CHECK(sys::make_directories(path.parent_path()));
  return sys::write_file(path, filled_in(file.text, name));
}

}  // namespace

Result<int> init(Io& io, const InitOptions& options) {
  if (options.list) {
    Table table;
    for (const Template& each : templates()) table.row({std::string(each.name), std::string(each.summary)});
    table.print(io);
    return 0;
  }
  OE_TRY(const Template* chosen, find_template(options.template_name));
  const fs::path directory(options.directory);
  OE_CHECK(refuse_existing(directory, *chosen));
  const std::string name = name_of(directory);
  for (const TemplateFile& file : chosen->files) {
    OE_CHECK(write(directory, file, name));
    io.line("wrote " + (directory / file.path).lexically_normal().string());
  }
  io.line(fmt::format("next: oe run {}", shell_quote(options.directory)));
  return 0;
}

}  // namespace oe::cli
