#include "oe/evolve/verify.hpp"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/evolve/share.hpp"

#include "cli/commands.hpp"

namespace oe::cli {

namespace {

using Json = nlohmann::ordered_json;
using evolve::Check;
using evolve::Verification;

void print_human(Io& io, const Verification& found) {
  io.line(fmt::format("{}  {}", io.paint(Colour::bold, found.commit.text.substr(0, 12)), found.effect));
  for (const Check& check : found.checks) {
    const std::string mark = check.holds ? io.paint(Colour::green, "holds") : io.paint(Colour::red, "wrong");
    io.line(fmt::format("  {}  {}{}", mark, check.what, check.finding.empty() ? "" : ": " + check.finding));
  }
  io.line(found.holds() ? "the verdict follows from the evidence" : "the verdict does not hold");
}

Json to_json(const Verification& found) {
  Json checks = Json::array();
  for (const Check& check : found.checks)
    checks.push_back({{"what", check.what}, {"holds", check.holds}, {"finding", check.finding}});
  return {{"v", 1},
          {"commit", found.commit.text},
          {"fingerprint", found.fingerprint.text},
          {"effect", found.effect},
          {"holds", found.holds()},
          {"checks", std::move(checks)}};
}

}  // namespace

// Without a session: a clone that only verifies gets no record of its own.
Result<int> verify(Io& io, const VerifyOptions& options) {
  OE_TRY(const git::Place place, git::find_place("."));
  OE_TRY(const auto repository, git::open_repository(place));
  OE_TRY(const auto ledger, ledger::Ledger::open_existing(place.main_root, sys::system_clock()));
  OE_TRY(const git::Oid commit, git::commit_of(place, options.revision));
  const auto journal = [&](const RunId& run) -> Result<std::optional<std::string>> {
    OE_TRY(auto shared, evolve::shared_journal(*repository, run));
    if (shared || !ledger) return shared;
    return evolve::own_journal(*ledger, place, run);
  };
  const evolve::VerifyContext context{.repository = *repository,
                                      .clock = sys::system_clock(),
                                      .identity = {"oe", "oe@localhost"},  // of objects that no ref names
                                      .root = place.main_root,
                                      .journal = journal};
  OE_TRY(const Verification found, evolve::verify(context, commit));
  if (options.json)
    io.json(to_json(found));
  else
    print_human(io, found);
  return found.holds() ? 0 : 1;
}

}  // namespace oe::cli
