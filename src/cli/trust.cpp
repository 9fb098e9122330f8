#include "oe/ledger/trust.hpp"

#include <filesystem>
#include <fmt/core.h>

#include "oe/exec/content.hpp"

#include "cli/commands.hpp"
#include "cli/workflow.hpp"

namespace oe::cli {

Result<int> trust(Io& io, const TrustOptions& options) {
  OE_TRY(const std::string found, formats::find_workflow(options.path));
  OE_TRY(const git::Place place, git::find_place(std::filesystem::absolute(found).parent_path()));
  OE_TRY(const Workflow workflow, read_workflow(io, options.path, place));
  OE_TRY(const std::string digest, exec::content_digest(workflow.graph, workflow.text, workflow.directory()));
  OE_TRY(ledger::TrustStore store, ledger::TrustStore::open());
  OE_CHECK(store.add(digest, "trust"));
  io.line(fmt::format("trusted: {} and the files that it runs, as they are now ({})", workflow.relative,
                      digest.substr(0, 12)));
  return 0;
}

}  // namespace oe::cli
