#pragma once

#include <memory>

#include "oe/exec/executor.hpp"

namespace oe::exec {

// The parts of the executor of datasets. Those for http and mcp-resource take only what is such a dataset and writes
// one field.

/// Files and queries, and whatever is wrong with a node.
std::shared_ptr<Executor> make_row_executor(sys::EventLoop& loop);
std::shared_ptr<Executor> make_http_executor(Services services);
std::shared_ptr<Executor> make_mcp_executor(Services services);

}  // namespace oe::exec
