#include "oe/git/ref_journal.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "oe/sys/file.hpp"

#include "git/ref_line.hpp"

namespace oe::git {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

Json json_of(const std::optional<Oid>& id) {
  return id ? Json(id->text) : Json();
}

Result<sys::AppendFile> append_line(const fs::path& file, const Json& line) {
  OE_TRY(sys::AppendFile journal, sys::AppendFile::open(file));
  OE_CHECK(journal.append(line.dump() + "\n"));
  return journal;
}

Result<void> append_durably(const fs::path& file, const Json& line) {
  OE_TRY(sys::AppendFile journal, append_line(file, line));
  return journal.sync();
}

Json line_of(const char* type, const std::string& id) {
  return {{"v", 1}, {"type", type}, {"id", id}};
}

}  // namespace

void take_write(RefWrite write, RefCommand& command) {
  if (command.move && command.move->name == write.name) command.move.reset();
  if (write.before != write.after) command.writes.push_back(std::move(write));
}

RefJournal::~RefJournal() {
  if (!command_.id.empty()) (void)append_line(file_, line_of("end", command_.id));
}

// The line of the command comes with the first one about what it does.
Result<void> RefJournal::announce() {
  if (!command_.id.empty()) return {};
  command_.id = fmt::format("{}-{}", command_.time.time_since_epoch().count(), ::getpid());
  Json line = line_of("command", command_.id);
  line["ts"] = to_rfc3339(command_.time);
  line["command"] = command_.words;
  if (command_.events) line["events"] = *command_.events;
  if (!command_.proposal.empty()) line["proposal"] = command_.proposal;
  return append_durably(file_, line);
}

Result<void> RefJournal::begin_move(const RefMove& move) {
  OE_CHECK(announce());
  command_.move = move;
  Json line = line_of("move", command_.id);
  line["ref"] = move.name;
  line["old"] = json_of(move.before);
  return append_durably(file_, line);
}

Result<void> RefJournal::note(const RefWrite& write) {
  const bool ends_move = command_.move && command_.move->name == write.name;
  if (write.before == write.after && !ends_move) return {};
  OE_CHECK(announce());
  Json line = line_of("ref", command_.id);
  line["ref"] = write.name;
  line["old"] = json_of(write.before);
  line["new"] = json_of(write.after);
  OE_CHECK(append_durably(file_, line));
  take_write(write, command_);
  return {};
}

Result<void> RefJournal::mark_undoing(const fs::path& file, const std::string& id, Timestamp time) {
  Json line = line_of("undoing", id);
  line["ts"] = to_rfc3339(time);
  return append_durably(file, line);
}

Result<void> RefJournal::mark_undone(const fs::path& file, const std::string& id, Timestamp time) {
  Json line = line_of("undone", id);
  line["ts"] = to_rfc3339(time);
  return append_durably(file, line);
}

}  // namespace oe::git
