#pragma once

#include <filesystem>
#include <string>

#include "oe/formats/reader.hpp"
#include "oe/ledger/event.hpp"

#include "cli/session.hpp"

namespace oe::cli {

/// A workflow as a run sees it: usable, its warnings told.
struct Workflow {
  std::filesystem::path file;  ///< absolute
  std::string relative;        ///< to the root of the working tree, with "/"
  std::string text;
  graph::Graph graph;

  std::filesystem::path directory() const { return file.parent_path(); }
};

/// The workflow that a path names. Errors: input: not there, outside of the repository, not usable.
Result<Workflow> read_workflow(Io& io, const std::string& path, const git::Place& place);

/// The workflow of a recorded run: its text from the record, the files that it names from the disk. Says so when the
/// file is another one by now.
Result<Workflow> recorded_workflow(Io& io, const ledger::RunStarted& start, const Session& session);

/// What is recorded of the workflow when a run of it begins.
Result<ledger::RunStarted> start_of(const Workflow& workflow, Session& session);

}  // namespace oe::cli
