#include "oe/evolve/undo.hpp"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/noted.hpp"

namespace oe::cli {

namespace {

using Json = nlohmann::ordered_json;
using git::RefCommand;
using git::RefWrite;

std::string short_id(const std::optional<git::Oid>& id) {
  return id ? id->text.substr(0, 12) : "-";
}

Json to_json(const RefCommand& command, const std::vector<RefWrite>& writes) {
  const auto id = [](const std::optional<git::Oid>& oid) { return oid ? Json(oid->text) : Json(); };
  Json refs = Json::array();
  for (const RefWrite& write : writes)
    refs.push_back({{"ref", write.name}, {"old", id(write.before)}, {"new", id(write.after)}});
  return {{"command", command.words},
          {"ts", to_rfc3339(command.time)},
          {"undone", command.undone},
          {"refs", std::move(refs)}};
}

Result<int> list_commands(Io& io, const Session& session, bool json) {
  OE_TRY(const auto commands, evolve::ref_commands(session.place, session.ledger));
  Json list = Json::array();
  Table table;
  for (auto command = commands.rbegin(); command != commands.rend(); ++command) {
    list.push_back(to_json(*command, command->writes));
    const std::size_t count = command->writes.size();
    table.row({to_rfc3339(command->time), command->words, fmt::format("{} ref{}", count, count == 1 ? "" : "s"),
               command->undone ? "undone" : ""});
  }
  if (json)
    io.json({{"v", 1}, {"commands", std::move(list)}});
  else if (commands.empty())
    io.note("no command of oe has written a ref here");
  else
    table.print(io);
  return 0;
}

void print_undone(Io& io, const evolve::Undone& undone) {
  io.line(fmt::format("undone: {} of {}", undone.command.words, to_rfc3339(undone.command.time)));
  Table table;
  for (const RefWrite& write : undone.restored)
    table.row({write.name, short_id(write.after), "->", short_id(write.before)});
  table.print(io, "  ");
  for (const Fingerprint& fingerprint : undone.reopened)
    io.line(fmt::format("proposal {} is open again", fingerprint.text.substr(0, 8)));
}

}  // namespace

Result<int> undo(Io& io, const UndoOptions& options) {
  OE_TRY(Session session, open_session(io, "."));
  if (options.list) return list_commands(io, session, options.json);
  OE_TRY(const auto repository, git::open_repository(session.place));
  OE_TRY(const auto context, context_of(session, *repository));
  OE_TRY(evolve::Undone undone, evolve::undo(context));
  undone.command.undone = true;
  if (!options.json) return print_undone(io, undone), 0;
  Json json = to_json(undone.command, undone.restored);
  json["v"] = 1;
  for (const Fingerprint& fingerprint : undone.reopened) json["reopened"].push_back(fingerprint.text);
  io.json(json);
  return 0;
}

}  // namespace oe::cli
