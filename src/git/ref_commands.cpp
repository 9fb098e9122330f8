#include <algorithm>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <system_error>

#include "oe/base/text.hpp"
#include "oe/base/value.hpp"
#include "oe/git/ref_journal.hpp"
#include "oe/sys/file.hpp"

#include "git/ref_line.hpp"

namespace oe::git {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostBytes = std::size_t{256} << 20;
constexpr std::streamoff kLongestEnd = 4096;

std::optional<Oid> oid_in(const Value& line, std::string_view member) {
  const std::string text = line.get(member).string_or("");
  return text.empty() ? std::nullopt : std::optional(Oid{text});
}

RefCommand command_in(const Value& line) {
  RefCommand command{.id = line.get("id").string_or(""), .words = line.get("command").string_or("")};
  command.proposal = line.get("proposal").string_or("");
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
  if (type == "move") known->move = RefMove{line.get("ref").string_or(""), oid_in(line, "old")};
  if (type == "ref") take_write({line.get("ref").string_or(""), oid_in(line, "old"), oid_in(line, "new")}, *known);
  if (type == "end") known->ended = true;
  if (type == "undoing") known->is_being_undone = true;
  if (type == "undone") known->undone = true, known->is_being_undone = false;
}

}  // namespace

Result<std::vector<RefCommand>> RefJournal::read(const fs::path& file) {
  std::vector<RefCommand> commands;
  std::error_code error;
  if (!fs::exists(file, error)) return commands;
  OE_TRY(const std::string text, sys::read_file(file, kMostBytes));
  for (const std::string& line : split(text, '\n')) {
    const auto value = Value::parse(line);
    if (value && value->json().is_object()) take_line(*value, commands);
  }
  std::erase_if(commands, [](const RefCommand& command) { return command.writes.empty() && command.proposal.empty(); });
  return commands;
}

bool is_cut_off(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary | std::ios::ate);
  const std::streamoff size = stream.tellg();
  if (!stream || size <= 0) return false;
  stream.seekg(std::max<std::streamoff>(0, size - kLongestEnd));
  const std::string tail(std::istreambuf_iterator<char>(stream), {});
  const std::vector<std::string> lines = split(tail, '\n');
  if (!tail.ends_with('\n')) return true;
  const auto last = Value::parse(lines.at(lines.size() - 2));
  const std::string type = last && last->json().is_object() ? last->get("type").string_or("") : "";
  return type != "end" && type != "undone";
}

}  // namespace oe::git
