#pragma once

#include "oe/evolve/advisor.hpp"

namespace oe::evolve {

/// The operation of one entry of an answer, from its typed members or its diff. Not checked against the workflow beyond
/// what it takes to read it. Errors: failed, saying what to give instead.
Result<Operation> read_operation(const Value& entry, const AdvisorContext& context);

/// What oe itself does for a node is done outside of the sandbox. A text that made its way into the evidence must not
/// get it to call out, to start programs, to read other files or to tell a coding agent to approve everything. Errors:
/// failed, saying what is for people to write.
Result<void> check_reach(const Operation& operation);

/// A unified diff (or, for add-dataset-case, a JSON array with one row and the file it belongs to) as the one operation
/// of the promised kind that it amounts to. Errors: failed, naming what else it does.
Result<Operation> operation_of_diff(std::string_view kind, std::string_view diff, const std::string& file,
                                    const AdvisorContext& context);

/// A row for a dataset file that the workflow loads. Errors: failed, listing those.
Result<Operation> case_of(const std::string& file, Value row, const AdvisorContext& context);

/// A new file with the mode that its first line asks for; the path is made normal. Errors: failed, outside of the
/// workflow's directory.
Result<git::FileChange> new_file(const std::string& path, std::string content);

}  // namespace oe::evolve
