#include "oe/evolve/blame.hpp"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/base/text.hpp"

#include "cli/commands.hpp"
#include "cli/repository_path.hpp"
#include "cli/session.hpp"

namespace oe::cli {

namespace {

using evolve::BlamedPlace;
using evolve::BlamedProposal;
using Json = nlohmann::ordered_json;

std::string since_of(const BlamedProposal& proposal) {
  if (!proposal.since) return {};
  if (!proposal.since->gap.empty()) return "not known: " + proposal.since->gap;
  return fmt::format("{}: {}", to_string(proposal.since->realised.fulfilment), proposal.since->realised.sentence);
}

Json to_json(const BlamedProposal& proposal) {
  return {{"fingerprint", proposal.landed.fingerprint.text},
          {"how", to_string(proposal.landed.landing)},
          {"title", proposal.landed.title},
          {"promise", proposal.landed.promise},
          {"since", since_of(proposal)}};
}

Json to_json(const BlamedPlace& place) {
  Json proposals = Json::array();
  for (const BlamedProposal& proposal : place.proposals) proposals.push_back(to_json(proposal));
  return {{"node", place.node},           {"pointer", place.pointer},
          {"name", place.name},           {"value", place.value},
          {"line", place.line},           {"commit", place.commit.id.text},
          {"author", place.commit.author}, {"time", to_rfc3339(place.commit.time)},
          {"subject", place.commit.subject}, {"runs", place.runs},
          {"proposals", std::move(proposals)}};
}

std::string place_label(const BlamedPlace& place) {
  if (place.name.empty()) return place.node;
  if (place.node.empty()) return fmt::format("{}: {}", place.pointer.substr(1), place.value);
  return fmt::format("  {}: {}", place.name, place.value);
}

void print_proposal(Io& io, const BlamedProposal& proposal) {
  io.line(fmt::format("      proposal {} {}: {}", io.paint(Colour::bold, proposal.landed.fingerprint.text.substr(0, 8)),
                      to_string(proposal.landed.landing), proposal.landed.title));
  if (!proposal.landed.promise.empty()) io.line("        promised: " + proposal.landed.promise);
  const std::string since = since_of(proposal);
  if (!since.empty()) io.line("        since:    " + since);
}

void print_place(Io& io, const BlamedPlace& place) {
  io.line(fmt::format("{}  {}  {:>4}  {}  ({}, {})", io.paint(Colour::yellow, place.commit.id.text.substr(0, 12)),
                      to_rfc3339(place.commit.time).substr(0, 10), place.line, place_label(place),
                      ellipsis(place.commit.subject, 60), place.commit.author));
  for (const BlamedProposal& proposal : place.proposals) print_proposal(io, proposal);
  if (!place.runs.empty()) io.line("      runs      " + join(place.runs, ", "));
}

}  // namespace

Result<int> blame(Io& io, const BlameOptions& options) {
  OE_TRY(const Session session, open_session(io, "."));
  const std::size_t mark = options.path.rfind('#');
  OE_TRY(const std::string path, repository_path(session.place, options.path.substr(0, mark)));
  const std::string node = mark == std::string::npos ? "" : options.path.substr(mark + 1);
  OE_TRY(const auto places, evolve::blame({session.place, session.ledger}, path, node));
  Json list = Json::array();
  for (const BlamedPlace& place : places) {
    list.push_back(to_json(place));
    if (!options.json) print_place(io, place);
  }
  if (options.json) io.json({{"v", 1}, {"file", path}, {"places", std::move(list)}});
  return 0;
}

}  // namespace oe::cli
