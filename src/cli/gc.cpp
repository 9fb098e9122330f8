#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/evolve/share.hpp"

#include "cli/commands.hpp"
#include "cli/noted.hpp"

namespace oe::cli {

Result<int> collect_garbage(Io& io, const GcOptions& options) {
  OE_TRY(Session session, open_session(io, "."));
  OE_TRY(const Noted noted, open_noted(session, {"oe gc"}));
  const evolve::EvolveContext context{.place = session.place,
                                      .repository = *noted.repository,
                                      .ledger = session.ledger,
                                      .clock = sys::system_clock(),
                                      .identity = {},
                                      .progress = [](const std::string&) {},
                                      .refs = noted.journal.get()};
  evolve::CollectOptions what{.unused = std::chrono::days(options.unused_days), .dry_run = options.dry_run};
  if (options.run_days) what.runs = std::chrono::days(*options.run_days);
  OE_TRY(const std::vector<std::string> names, evolve::collect_refs(context, what));
  if (options.json) {
    io.json({{"v", 1}, {"deleted", names}, {"dry_run", options.dry_run}});
    return 0;
  }
  for (const std::string& name : names) io.line((options.dry_run ? "would delete " : "deleted ") + name);
  if (names.empty()) io.line("nothing that is not needed");
  if (!names.empty() && !options.dry_run) io.line("the objects go with the next git gc");
  return 0;
}

}  // namespace oe::cli
