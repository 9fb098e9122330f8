#include "cli/staged.hpp"

#include <algorithm>
#include <filesystem>

#include "oe/formats/reader.hpp"

namespace oe::cli {

namespace {

namespace fs = std::filesystem;
using hooks::StagedTree;

formats::Files::Kind kind_of(StagedTree::Kind kind) {
  switch (kind) {
    case StagedTree::Kind::file:
      return formats::Files::Kind::file;
    case StagedTree::Kind::executable:
      return formats::Files::Kind::executable;
    case StagedTree::Kind::directory:
      return formats::Files::Kind::directory;
    case StagedTree::Kind::missing:
      break;
  }
  return formats::Files::Kind::missing;
}

/// By paths from the directory of a workflow, as the reader asks for them.
formats::Files files_of(const StagedTree& tree, const std::string& workflow, StagedTree::Look& look) {
  const fs::path directory = fs::path(workflow).parent_path();
  return {.read = [&tree, &look, directory](
                      const std::string& path) { return tree.read((directory / path).generic_string(), look); },
          .kind = [&tree, &look, directory](const std::string& path) {
            return kind_of(tree.kind((directory / path).generic_string(), look));
          }};
}

std::string letters_of(const std::vector<graph::Trigger>& on) {
  std::string letters;
  for (const graph::Trigger trigger : on) letters += trigger == graph::Trigger::commit ? 'c' : 'm';
  return letters.empty() ? "-" : letters;
}

Problem problem_of(const Error& error, const std::string& path) {
  Problem problem{.where = error.location(), .message = error.message(), .hint = error.hint()};
  if (problem.where.file.empty()) problem.where.file = path;
  return problem;
}

Result<StagedWorkflow> look_at(const StagedTree& tree, const std::string& path) {
  StagedWorkflow workflow{.path = path};
  StagedTree::Look look;
  OE_TRY(workflow.text, tree.read(path, look));
  auto reading = formats::read_workflow(workflow.text, path, files_of(tree, path, look));
  if (reading) {
    workflow.graph = std::move(reading->graph);
    std::ranges::copy_if(reading->problems, std::back_inserter(workflow.errors),
                         [](const Problem& problem) { return problem.severity == Severity::error; });
  } else {
    workflow.errors.push_back(problem_of(reading.error(), path));
  }
  workflow.unstaged = std::move(look.unstaged);
  workflow.looked = {.workflow = tree.workflow_line(path, letters_of(workflow.graph.on)),
                     .lines = {look.lines.begin(), look.lines.end()}};
  if (workflow.errors.empty()) return workflow;
  OE_TRY(workflow.stops, tree.differs_from_head(workflow.looked.lines));
  return workflow;
}

}  // namespace

Result<std::vector<StagedWorkflow>> look_at_staged(const git::Place& place, const StagedTree& tree) {
  const std::vector<hooks::Looked> valid = hooks::read_valid(place);
  std::vector<StagedWorkflow> all;
  std::vector<hooks::Looked> now;
  for (const std::string& path : tree.workflows()) {
    if (const hooks::Looked* known = hooks::find_valid(valid, tree, path); known != nullptr) {
      now.push_back(*known);
      continue;
    }
    OE_TRY(StagedWorkflow workflow, look_at(tree, path));
    if (!workflow.stops) now.push_back(workflow.looked);
    all.push_back(std::move(workflow));
  }
  if (!all.empty()) OE_CHECK(hooks::write_valid(place, std::move(now), valid));
  return all;
}

}  // namespace oe::cli
