#include <algorithm>
#include <array>
#include <cctype>
#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <set>

#include "oe/base/text.hpp"

#include "evolve/named_files.hpp"
#include "evolve/plain.hpp"
#include "evolve/prompt.hpp"

namespace oe::evolve {

namespace {

constexpr std::size_t kMostFileBytes = 12'000;
constexpr std::size_t kMostRowBytes = 600;
constexpr std::size_t kMostRows = 5;

bool failed_in(const Evidence& evidence, const NodeId& id) {
  return std::ranges::any_of(evidence.runs, [&](const RecordedRun& run) {
    const auto node = run.state.nodes.find(id);
    return node != run.state.nodes.end() && std::ranges::any_of(node->second.attempts, [](const auto& attempt) {
             return is_failure(attempt.outcome);
           });
  });
}

int rank_of(const Evidence& evidence, const NamedFile& file) {
  if (failed_in(evidence, file.node)) return 0;
  return file.role == "prompt" || file.role == "skill" ? 1 : 2;
}

// Names in a commit that stand for a text; what a command's words name by chance is left out.
std::optional<std::string> file_text(const AdvisorContext& context, const NamedFile& file) {
  using Kind = formats::Files::Kind;
  const Kind kind = context.files.kind(file.path);
  if (kind != Kind::file && kind != Kind::executable) return std::nullopt;
  const std::string heading = fmt::format("- {} ({} of {})\n", plain(file.path), file.role, file.node.text);
  if (may_hold_secrets(file.path)) return heading + "(not sent: by its name it may hold secrets)\n";
  const auto bytes = context.files.read(file.path);
  if (!bytes) return std::nullopt;
  if (bytes->find('\0') != std::string::npos) return heading + fmt::format("(binary, {} bytes)\n", bytes->size());
  return heading + fenced(cut(*bytes, kMostFileBytes), file.path);
}

std::string dataset_text(const AdvisorContext& context, const DatasetFile& file) {
  std::string text = fmt::format("- {}, loaded by {}{}", plain(file.path), file.loader.text,
                                 file.field.empty() ? "" : " into " + file.field);
  if (!file.consumer.empty()) text += fmt::format("; {} runs once for each row", file.consumer.text);
  if (may_hold_secrets(file.path)) return text + " (not sent: by its name it may hold secrets)\n";
  const auto rows = context.evidence.rows(file.path, file.format);
  if (!rows || !rows->is_array()) return text + "; it cannot be read\n";
  std::string head;
  for (const nlohmann::json& row : rows->json()) {
    if (&row - &rows->json().front() >= static_cast<std::ptrdiff_t>(kMostRows)) break;
    head += ellipsis(Value(row).dump(), kMostRowBytes) + "\n";
  }
  return text + fmt::format("; {} rows, the first ones:\n", rows->size()) + fenced(head, "rows of " + file.path);
}

}  // namespace

bool may_hold_secrets(std::string_view path) {
  std::string name(path.substr(path.rfind('/') + 1));  // npos + 1 == 0
  std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  constexpr std::array<std::string_view, 8> starts = {".env",       "id_rsa", "id_dsa", "id_ecdsa",
                                                      "id_ed25519", ".netrc", ".npmrc", "credentials"};
  constexpr std::array<std::string_view, 6> ends = {".pem", ".key", ".p12", ".pfx", ".jks", ".keystore"};
  return std::ranges::any_of(starts, [&](std::string_view start) { return name.starts_with(start); }) ||
         std::ranges::any_of(ends, [&](std::string_view end) { return name.ends_with(end); });
}

Section files_section(const AdvisorContext& context) {
  Section section{.title = "Files that nodes use, as HEAD has them", .unit = "files", .rank = 8, .share = 0.3};
  std::vector<NamedFile> files = named_files(context.evidence.graph);
  std::ranges::stable_sort(files, {}, [&](const NamedFile& file) { return rank_of(context.evidence, file); });
  std::set<std::string> seen;
  for (const NamedFile& file : files) {
    if (!seen.insert(file.path).second) continue;
    if (auto text = file_text(context, file)) section.pieces.push_back(std::move(*text));
  }
  return section;
}

Section datasets_section(const AdvisorContext& context) {
  Section section{.title = "Dataset files", .unit = "files", .rank = 7, .share = 0.1};
  for (const DatasetFile& file : dataset_files(context.evidence.graph)) {
    section.pieces.push_back(dataset_text(context, file));
  }
  return section;
}

}  // namespace oe::evolve
