#include <algorithm>
#include <nlohmann/json.hpp>

#include "oe/base/text.hpp"
#include "oe/base/value.hpp"

#include "patch/read.hpp"

namespace oe::patch {

namespace {

bool is_dataset(std::string_view path) {
  return path.ends_with(".jsonl") || path.ends_with(".json");
}

// One JSON value, or one on each line.
bool is_json(std::string_view text) {
  if (trim(text).empty() || (trim(text).front() != '[' && trim(text).front() != '{')) return false;
  if (Value::parse(text)) return true;
  for (const Line& line : lines_of(text)) {
    if (!trim(line.text).empty() && !Value::parse(line.text)) return false;
  }
  return true;
}

FileChange whole_of(std::string path, std::string_view text) {
  FileChange file;
  file.before = file.after = std::move(path);
  file.whole = std::string(text);
  file.is_rows = is_dataset(file.after) && is_json(text);
  return file;
}

}  // namespace

Read read_whole(const std::vector<Region>& fences, std::string_view text, const std::string& target) {
  Reading files;
  std::size_t unnamed = 0;
  for (const Region& fence : fences) {
    if (trim(fence.inside).empty()) continue;
    if (wraps_diff(fence.inside) || fence.is_indented) continue;
    if (!fence.is_closed) return tl::unexpected(refusal(Reason::truncated, "the fence is never closed"));
    std::string path = path_named_in(fence.before);
    if (path.empty() && fence.info.find('/') != std::string_view::npos) path = path_named_in(fence.info);
    if (path.empty()) {
      ++unnamed;
      path = target;
    }
    if (!path.empty()) files.push_back(whole_of(path, fence.inside));
  }
  if (unnamed > 1) {
    return tl::unexpected(refusal(Reason::no_change_found, "several fences, and none says which file it is"));
  }
  // Bare text is a file only when it cannot be prose: operate() holds it against the file.
  const bool is_bare = fences.empty() && !target.empty() && !trim(text).empty() && !wraps_diff(text);
  if (is_bare) {
    files.push_back(whole_of(target, text));
    files.back().is_bare = true;
  }
  if (files.empty()) return tl::unexpected(refusal(Reason::no_change_found, "nothing in the text is a change"));
  return files;
}

}  // namespace oe::patch
