#include "cli/workflow.hpp"

#include <fmt/core.h>

#include "oe/base/digest.hpp"
#include "oe/sys/file.hpp"

#include "cli/version.hpp"

namespace oe::cli {

namespace {

namespace fs = std::filesystem;

Result<graph::Graph> usable_graph(Io& io, std::string text, const std::string& name, const fs::path& directory) {
  OE_TRY(auto reading, formats::read_workflow(std::move(text), name, formats::files_below(directory.string())));
  if (!reading.usable()) {
    return fail(Error(ErrorKind::input, name + " cannot be run").with(std::move(reading.problems)));
  }
  for (const Problem& problem : reading.problems) io.note(to_string(problem));
  return std::move(reading.graph);
}

}  // namespace

Result<Workflow> read_workflow(Io& io, const std::string& path, const git::Place& place) {
  OE_TRY(const std::string found, formats::find_workflow(path));
  std::error_code error;
  const fs::path file = fs::canonical(found, error);
  const fs::path relative = file.lexically_relative(fs::canonical(place.root, error));
  if (relative.empty() || *relative.begin() == "..") {
    return fail(ErrorKind::input, fmt::format("{} leads outside the repository at {}", found, place.root.string()),
                "move the workflow into the repository");
  }
  OE_TRY(std::string text, sys::read_file(file, doc::Limits{}.bytes));
  OE_TRY(graph::Graph graph, usable_graph(io, text, found, file.parent_path()));
  return Workflow{file, relative.generic_string(), std::move(text), std::move(graph)};
}

Result<Workflow> recorded_workflow(Io& io, const ledger::RunStarted& start, const Session& session) {
  const fs::path file = session.place.root / start.workflow;
  OE_TRY(std::string text, session.ledger.source(start.workflow_digest));
  const auto now = sys::read_file(file, doc::Limits{}.bytes);
  if (!now || *now != text) {
    io.note(fmt::format("oe: {} is {} by now; the run goes on with what it began with", start.workflow,
                        now ? "another" : "gone"));
  }
  OE_TRY(graph::Graph graph, usable_graph(io, text, start.workflow, file.parent_path()));
  return Workflow{file, start.workflow, std::move(text), std::move(graph)};
}

Result<ledger::RunStarted> start_of(const Workflow& workflow, Session& session) {
  ledger::RunStarted start{.workflow = workflow.relative, .name = workflow.graph.name, .oe_version = kVersion};
  OE_TRY(start.workflow_digest, session.ledger.keep_source(workflow.text));
  OE_TRY(const auto committed, git::head_bytes(session.place, workflow.relative));
  start.dirty = committed != workflow.text;
  if (session.place.head) start.head = session.place.head->text;
  return start;
}

}  // namespace oe::cli
