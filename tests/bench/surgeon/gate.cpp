#include <string_view>

#include "oe/doc/document.hpp"
#include "oe/doc/edit.hpp"

#include "bench/surgeon/verdict.hpp"

namespace oe::surgeon {
namespace {

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

Result<Value> rows(const std::string& text) {
  std::string list = "[";
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string row = text.substr(at, end - at);
    if (row.find_first_not_of(" \r") != std::string::npos) (list += list.size() > 1 ? "," : "") += row;
    at = end + 1;
  }
  return Value::parse(list + "]");
}

Result<Value> parsed(const std::string& path, const std::string& text) {
  if (ends_with(path, ".jsonl")) return rows(text);
  if (ends_with(path, ".json")) return Value::parse(text);
  OE_TRY(const doc::Document document, doc::Document::parse(text, path));
  return doc::to_value(document.root());
}

bool is_data(const std::string& path) {
  return ends_with(path, ".yaml") || ends_with(path, ".json") || ends_with(path, ".jsonl");
}

std::string against(Promise promise, const patch::FileEdit& edit) {
  if (!is_data(edit.path)) return {};
  const Result<Value> after = parsed(edit.path, edit.after);
  if (!after) return after.error().message();
  const Result<Value> before = parsed(edit.path, edit.before.value_or(""));
  if (promise == Promise::any || !before) return {};
  const std::vector<doc::Change> changes = doc::changes(*before, *after);
  const auto wanted = promise == Promise::one_added ? doc::Change::Kind::added : doc::Change::Kind::changed;
  if (changes.size() != 1) return "it changes " + std::to_string(changes.size()) + " things";
  return changes[0].kind == wanted ? "" : "it is not the promised kind of change";
}

}  // namespace

Gate gate_of(Promise promise) {
  return [promise](const std::vector<patch::FileEdit>& edits) -> std::string {
    for (const patch::FileEdit& edit : edits)
      if (std::string wrong = against(promise, edit); !wrong.empty()) return wrong;
    return {};
  };
}

}  // namespace oe::surgeon
