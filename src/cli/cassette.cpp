#include <fmt/core.h>

#include "oe/base/digest.hpp"
#include "oe/base/text.hpp"
#include "oe/sys/file.hpp"

#include "cli/commands.hpp"
#include "cli/models.hpp"
#include "cli/run_view.hpp"

namespace oe::cli {

namespace {

std::string lines_of(const llm::Cassette& cassette) {
  std::string lines;
  for (const llm::Call& call : cassette.calls()) lines += llm::to_json_line(call) + '\n';
  return lines;
}

}  // namespace

Result<int> export_cassette(Io& io, const CassetteExportOptions& options) {
  OE_TRY(const Session session, open_session(io, "."));
  OE_TRY(const auto cassette, cassette_of(session.ledger, options.run));
  if (options.file.empty() || options.file == "-") {
    for (const llm::Call& call : cassette->calls()) io.line(llm::to_json_line(call));
    return 0;
  }
  OE_CHECK(sys::write_file(options.file, lines_of(*cassette)));
  io.note(fmt::format("{} written to {}", counted(cassette->calls().size(), "call"), options.file));
  return 0;
}

Result<int> import_cassette(Io& io, const CassetteImportOptions& options) {
  OE_TRY(const Session session, open_session(io, "."));
  OE_TRY(const auto cassette, llm::Cassette::load(options.file));
  const std::string lines = lines_of(*cassette);
  const std::filesystem::path file = calls_file(session.ledger, "imported-" + short_digest(lines));
  OE_CHECK(sys::make_directories(file.parent_path()));
  OE_CHECK(sys::write_file(file, lines));
  io.line(fmt::format("{} taken in; oe run --replay answers from them", counted(cassette->calls().size(), "call")));
  return 0;
}

}  // namespace oe::cli
