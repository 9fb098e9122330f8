#pragma once

#include <vector>

#include "cli/io.hpp"
#include "cli/submission.hpp"

namespace oe::cli {

/// Looks after all change requests of the record, on the remotes that they went to, or only on `remote`. Errors:
/// environment; no token for one of them, too.
Result<std::vector<Learnt>> refresh_requests(Session& session, const std::string& remote);

/// What was learnt, one line each, or as one JSON document.
void print_learnt(Io& io, const std::vector<Learnt>& learnt, bool json);

}  // namespace oe::cli
