#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/base/text.hpp"

#include "cli/commands.hpp"
#include "cli/run_view.hpp"

namespace oe::cli {

namespace {

using Json = nlohmann::ordered_json;

Json to_json(const ledger::ReplayRow& row) {
  return {{"digest", row.digest},
          {"node", row.node.text},
          {"run", row.run.text},
          {"stored_at", to_rfc3339(row.stored_at)},
          {"used_at", to_rfc3339(row.used_at)},
          {"hits", row.hits},
          {"bytes", row.bytes}};
}

std::string explain(const std::string& node, const ledger::ReplayVerdict& verdict) {
  if (verdict.hit) return fmt::format("{} was found in {}: run {} had paid for it", node, verdict.run.text, verdict.from.text);
  if (verdict.changed.empty()) return fmt::format("{} was not found in {}: nothing of it was kept yet", node, verdict.run.text);
  return fmt::format("{} was not found in {}: it differs from what is kept in {}", node, verdict.run.text,
                     join(verdict.changed, ", "));
}

}  // namespace

Result<int> list_cache(Io& io, const CacheListOptions& options) {
  OE_TRY(Session session, open_session(io, "."));
  OE_TRY(ledger::ReplayStore* const store, session.ledger.replay_store());
  OE_TRY(const auto rows, store->list());
  if (options.json) {
    Json list = Json::array();
    for (const ledger::ReplayRow& row : rows) list.push_back(to_json(row));
    io.json({{"v", 1}, {"entries", std::move(list)}});
    return 0;
  }
  if (rows.empty()) io.note("nothing is kept; nodes with cache: true, and model calls, keep their results");
  Table table;
  for (const ledger::ReplayRow& row : rows) {
    table.row({row.digest.substr(0, 12), row.node.text, row.run.text, to_rfc3339(row.stored_at),
               counted(row.hits, "hit"), counted(row.bytes, "byte")});
  }
  table.print(io);
  return 0;
}

Result<int> collect_cache(Io& io, const CacheCollectOptions& options) {
  OE_TRY(Session session, open_session(io, "."));
  OE_TRY(ledger::ReplayStore* const store, session.ledger.replay_store());
  OE_TRY(const std::size_t gone,
         store->collect(std::chrono::hours(24) * options.unused_days, options.max_mb << 20));
  io.line(fmt::format("forgot {}", gone == 1 ? "1 entry" : fmt::format("{} entries", gone)));
  return 0;
}

Result<int> explain_cache(Io& io, const CacheWhyOptions& options) {
  OE_TRY(Session session, open_session(io, "."));
  OE_TRY(ledger::ReplayStore* const store, session.ledger.replay_store());
  OE_TRY(const auto verdict, store->why(NodeId{options.node}));
  if (!verdict) {
    return fail(ErrorKind::input, fmt::format("nobody has looked for '{}' in the cache yet", options.node),
                "cache: true on the node makes oe run do so");
  }
  if (!options.json) {
    io.line(explain(options.node, *verdict));
    return 0;
  }
  io.json({{"v", 1},
           {"node", options.node},
           {"hit", verdict->hit},
           {"run", verdict->run.text},
           {"from", verdict->from.text},
           {"changed", verdict->changed}});
  return 0;
}

}  // namespace oe::cli
