#include <algorithm>
#include <filesystem>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/formats/reader.hpp"
#include "oe/sys/file.hpp"

#include "cli/commands.hpp"

namespace oe::cli {

namespace {

using Json = nlohmann::ordered_json;

// An unreadable file is a problem of that file; the others are still looked at.
Problem as_problem(const Error& error, const std::string& path) {
  Problem problem{.where = error.location(), .message = error.message(), .hint = error.hint()};
  if (problem.where.file.empty()) problem.where.file = path;
  return problem;
}

/// What is wrong with one path, and the exit code that this alone would give.
struct Finding {
  Problems problems;
  int code = 0;
};

Problems problems_in(const std::string& file, std::string text) {
  const std::string directory = std::filesystem::path(file).parent_path().string();
  auto reading = formats::read_workflow(std::move(text), file, formats::files_below(directory));
  return reading ? std::move(reading->problems) : Problems{as_problem(reading.error(), file)};
}

Finding look_at(const std::string& path) {
  const Result<std::string> file = formats::find_workflow(path);
  if (!file) return {{as_problem(file.error(), path)}, exit_code(ErrorKind::input)};
  Result<std::string> text = sys::read_file(*file, doc::Limits{}.bytes);
  if (!text) return {{as_problem(text.error(), *file)}, exit_code(ErrorKind::input)};
  Finding finding{problems_in(*file, std::move(*text))};
  finding.code = has_errors(finding.problems) ? exit_code(ErrorKind::failed) : 0;
  return finding;
}

Json to_json(const Problem& problem) {
  return {{"severity", problem.severity == Severity::error ? "error" : "warning"},
          {"file", problem.where.file},
          {"line", problem.where.line},
          {"column", problem.where.column},
          {"path", problem.where.path},
          {"message", problem.message},
          {"hint", problem.hint}};
}

void print_human(Io& io, const std::string& path, const Problems& problems) {
  for (const Problem& problem : problems) io.line(to_string(problem));
  const auto errors = std::count_if(problems.begin(), problems.end(),
                                    [](const Problem& problem) { return problem.severity == Severity::error; });
  if (errors == 0) io.line(fmt::format("{}: {}", path, io.paint(Colour::green, "valid")));
}

}  // namespace

Result<int> validate(Io& io, const ValidateOptions& options) {
  const std::vector<std::string> paths = options.paths.empty() ? std::vector<std::string>{"."} : options.paths;
  Json files = Json::array();
  int code = 0;
  for (const std::string& path : paths) {
    const Finding finding = look_at(path);
    code = std::max(code, finding.code);
    if (!options.json) print_human(io, path, finding.problems);
    Json listed = Json::array();
    for (const Problem& problem : finding.problems) listed.push_back(to_json(problem));
    files.push_back({{"path", path}, {"valid", finding.code == 0}, {"problems", std::move(listed)}});
  }
  if (options.json) io.json({{"v", 1}, {"valid", code == 0}, {"files", std::move(files)}});
  return code;
}

}  // namespace oe::cli
