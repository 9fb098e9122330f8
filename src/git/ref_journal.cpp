#include "oe/git/ref_journal.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <nlohmann/json.hpp>
#include <system_error>
#include <unistd.h>

#include "oe/base/text.hpp"
#include "oe/base/value.hpp"
#include "oe/sys/file.hpp"

namespace oe::git {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::size_t kMostBytes = std::size_t{256} << 20;

Json json_of(const std::optional<Oid>& id) {
  return id ? Json(id->text) : Json();
}

std::optional<Oid> oid_in(const Value& line, std::string_view member) {
  const std::string text = line.get(member).string_or("");
  return text.empty() ? std::nullopt : std::optional(Oid{text});
}

Result<void> append_line(const fs::path& file, const Json& line) {
  OE_TRY(sys::AppendFile journal, sys::AppendFile::open(file));
  OE_CHECK(journal.append(line.dump() + "\n"));
  return journal.sync();
}

RefCommand command_in(const Value& line) {
  RefCommand command{.id = line.get("id").string_or(""), .words = line.get("command").string_or("")};
  command.time = from_rfc3339(line.get("ts").string_or("")).value_or(Timestamp());
  const auto& events = line.json().find("events");
  if (events != line.json().end() && events->is_number_unsigned()) command.events = events->get<std::size_t>();
  return command;
}

void take_line(const Value& line, std::vector<RefCommand>& commands) {
  const std::string type = line.get("type").string_or("");
  if (type == "command") commands.push_back(command_in(line));
  const auto known = std::ranges::find(commands, line.get("id").string_or(""), &RefCommand::id);
  if (known == commands.end()) return;
  if (type == "ref") known->writes.push_back({line.get("ref").string_or(""), oid_in(line, "old"), oid_in(line, "new")});
  if (type == "undone") known->undone = true;
}

std::map<std::string, Oid> refs_below(const Repository& repository, const std::vector<std::string>& prefixes) {
  std::map<std::string, Oid> found;
  for (const std::string& prefix : prefixes) {
    const auto names = repository.refs(prefix);
    if (!names) continue;
    for (const std::string& name : *names) {
      const auto at = repository.ref(name);
      if (at && *at) found.emplace(name, **at);
    }
  }
  return found;
}

std::optional<Oid> id_in(const std::map<std::string, Oid>& refs, const std::string& name) {
  const auto found = refs.find(name);
  return found == refs.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace

// The line of the command comes with its first write.
Result<void> RefJournal::note(const RefWrite& write) {
  if (write.before == write.after) return {};
  if (command_.id.empty()) {
    command_.id = fmt::format("{}-{}", command_.time.time_since_epoch().count(), ::getpid());
    Json line{{"v", 1},
              {"type", "command"},
              {"id", command_.id},
              {"ts", to_rfc3339(command_.time)},
              {"command", command_.words}};
    if (command_.events) line["events"] = *command_.events;
    OE_CHECK(append_line(file_, line));
  }
  return append_line(file_, {{"v", 1},
                             {"type", "ref"},
                             {"id", command_.id},
                             {"ref", write.name},
                             {"old", json_of(write.before)},
                             {"new", json_of(write.after)}});
}

Result<std::vector<RefCommand>> RefJournal::read(const fs::path& file) {
  std::vector<RefCommand> commands;
  std::error_code error;
  if (!fs::exists(file, error)) return commands;
  OE_TRY(const std::string text, sys::read_file(file, kMostBytes));
  for (const std::string& line : split(text, '\n')) {
    const auto value = Value::parse(line);
    if (value && value->json().is_object()) take_line(*value, commands);
  }
  std::erase_if(commands, [](const RefCommand& command) { return command.writes.empty(); });
  return commands;
}

Result<void> RefJournal::mark_undone(const fs::path& file, const std::string& id, Timestamp time) {
  return append_line(file, {{"v", 1}, {"type", "undone"}, {"id", id}, {"ts", to_rfc3339(time)}});
}

Result<void> note_changes(const Repository& repository, RefJournal* journal, const std::vector<std::string>& prefixes,
                          const std::function<Result<void>()>& action) {
  if (journal == nullptr) return action();
  const auto before = refs_below(repository, prefixes);
  const Result<void> done = action();
  const auto after = refs_below(repository, prefixes);
  for (const auto& [name, id] : before)
    if (id_in(after, name) != id) OE_CHECK(journal->note({name, id, id_in(after, name)}));
  for (const auto& [name, id] : after)
    if (!before.contains(name)) OE_CHECK(journal->note({name, std::nullopt, id}));
  return done;
}

}  // namespace oe::git
