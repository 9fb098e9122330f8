#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/evolve/share.hpp"

#include "cli/commands.hpp"
#include "cli/noted.hpp"

namespace oe::cli {

namespace {

std::string counted(std::size_t count, const char* what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

void print_human(Io& io, const evolve::SyncReport& report, const SyncOptions& options) {
  for (const std::string& ref : report.taken) io.line("taken in  " + ref);
  for (const std::string& ref : report.sent) io.line("pushed    " + ref);
  if (report.learnt > 0) io.line(fmt::format("learnt {} of others", counted(report.learnt, "decision")));
  if (report.taken.empty() && report.sent.empty())
    io.line(fmt::format("{} and this clone have the same{}", report.remote, options.runs ? "" : " (but for runs: --runs)"));
}

}  // namespace

Result<int> sync(Io& io, const SyncOptions& options) {
  OE_TRY(Session session, open_session(io, "."));
  OE_TRY(const Noted noted, open_noted(session, {"oe sync"}));
  OE_TRY(const auto context, context_of(session, *noted.repository, noted.journal.get()));
  OE_TRY(const evolve::SyncReport report, evolve::sync(context, {.remote = options.remote,
                                                                 .fetch = options.way != "push",
                                                                 .push = options.way != "fetch",
                                                                 .runs = options.runs}));
  if (options.json)
    io.json({{"v", 1},
             {"remote", report.remote},
             {"learnt", report.learnt},
             {"taken", report.taken},
             {"sent", report.sent}});
  else
    print_human(io, report, options);
  return 0;
}

}  // namespace oe::cli
