#include "cli/calibration.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/evolve/calibration.hpp"

namespace oe::cli {

namespace {

using evolve::AfterMerge;
using evolve::CalibrationRow;
using Json = nlohmann::ordered_json;

Json to_json(const std::optional<stats::Interval>& interval) {
  return interval ? Json{interval->low, interval->high} : Json();
}

Json to_json(const CalibrationRow& row) {
  return {{"level", row.level},   {"merged", row.merged},   {"came_true", row.came_true}, {"less", row.less},
          {"broken", row.broken}, {"unknown", row.unknown}, {"share", to_json(std::optional(row.share))}};
}

Json to_json(const std::vector<CalibrationRow>& rows) {
  Json list = Json::array();
  for (const CalibrationRow& row : rows) list.push_back(to_json(row));
  return list;
}

std::string verdict_of(const AfterMerge& merge) {
  if (!merge.promise) return "no promise";
  const auto fulfilment = merge.gap.empty() ? merge.realised.fulfilment : evolve::Fulfilment::unknown;
  return std::string(to_string(fulfilment)) + (merge.realised.is_less ? ", less than promised" : "");
}

Json to_json(const AfterMerge& merge) {
  Json json = {{"fingerprint", merge.record.fingerprint.text},
               {"title", merge.record.made.title},
               {"confidence", merge.record.made.confidence},
               {"commit", merge.commit.text},
               {"verdict", verdict_of(merge)},
               {"reason", merge.gap},
               {"together_with", merge.together},
               {"pairs", merge.realised.pairs},
               {"looked_at", merge.realised.looked_at},
               {"realised", merge.realised.gain ? Json(*merge.realised.gain) : Json()},
               {"interval", to_json(merge.realised.interval)},
               {"level", merge.realised.level}};
  if (!merge.promise) return json;
  json["metric"] = merge.promise->metric.name;
  json["promised"] = merge.promise->gain;
  json["promised_interval"] = to_json(merge.promise->interval);
  json["e"] = merge.promise->e_value;
  return json;
}

void add_rows(Table& table, const std::string& heading, const std::vector<CalibrationRow>& rows) {
  table.row({heading, "merged", "came true", "(less)", "did not", "not known", "share that came true"});
  for (const CalibrationRow& row : rows) {
    const std::size_t known = row.came_true + row.broken;
    const double came_true = static_cast<double>(row.came_true) / static_cast<double>(std::max<std::size_t>(known, 1));
    const std::string share = known == 0 ? "-"
                                         : fmt::format("{:.0f} % ({:.0f} to {:.0f} %, n = {})", 100 * came_true,
                                                       100 * row.share.low, 100 * row.share.high, known);
    table.row({row.level, std::to_string(row.merged), std::to_string(row.came_true), std::to_string(row.less),
               std::to_string(row.broken), std::to_string(row.unknown), share});
  }
}

void print_merges(Io& io, const std::vector<AfterMerge>& merges) {
  for (const AfterMerge& merge : merges) {
    io.line(fmt::format("{}  {}  {}", io.paint(Colour::bold, merge.record.fingerprint.text.substr(0, 8)),
                        verdict_of(merge), merge.record.made.title));
    io.line("          " + (merge.gap.empty() ? merge.realised.sentence : merge.gap));
    if (merge.together > 0)
      io.line(fmt::format("          together with {} other change{} of the file, as nothing was run in between",
                          merge.together, merge.together == 1 ? "" : "s"));
  }
}

}  // namespace

Result<void> print_calibration(Io& io, const Session& session, bool json) {
  OE_TRY(const auto merges, evolve::after_merges({session.place, session.ledger}));
  const evolve::Calibration table = evolve::calibration(merges);
  if (json) {
    Json list = Json::array();
    for (const AfterMerge& merge : merges) list.push_back(to_json(merge));
    io.json({{"v", 1},
             {"by_confidence", to_json(table.by_confidence)},
             {"by_evidence", to_json(table.by_evidence)},
             {"all", to_json(table.all)},
             {"without_promise", table.without_promise},
             {"without_proof", table.without_proof},
             {"merged", std::move(list)}});
    return {};
  }
  if (merges.empty()) io.note("no proposal has become history yet; oe proposals lists what is open");
  if (merges.empty()) return {};
  Table rows;
  add_rows(rows, "confidence", table.by_confidence);
  add_rows(rows, "evidence", table.by_evidence);
  add_rows(rows, "", {table.all});
  rows.print(io);
  io.line(fmt::format("{} more promised no gain, of {} the proof is not here\n", table.without_promise,
                      table.without_proof));
  print_merges(io, merges);
  return {};
}

}  // namespace oe::cli
