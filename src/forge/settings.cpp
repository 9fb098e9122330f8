#include "oe/forge/settings.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "oe/base/text.hpp"
#include "oe/doc/document.hpp"

namespace oe::forge {

namespace {

constexpr std::array<std::string_view, 3> kKinds{"github", "gitlab", "gitea"};
constexpr std::array<std::string_view, 3> kShownKinds{"GitHub", "GitLab", "Gitea"};
constexpr std::array<std::string_view, 3> kPresets{"quiet", "standard", "lab"};
constexpr std::int64_t kMostOfALimit = 1000;

template <std::size_t size>
std::vector<std::string> words(const std::array<std::string_view, size>& names) {
  return {names.begin(), names.end()};
}

/// Reads the located tree key by key and collects what is wrong.
class SettingsReader {
 public:
  explicit SettingsReader(const doc::Document& document) : document_(document) {}

  Result<Settings> read() && {
    const doc::Node& root = document_.root().resolved();
    if (const doc::Node* forge = root.find("forge")) read_forge(*forge);
    if (const doc::Node* submit = root.find("submit")) read_submit(*submit);
    if (problems_.empty()) return settings_;
    return fail(Error(ErrorKind::input, document_.name() + " cannot be used").with(std::move(problems_)));
  }

 private:
  void problem(const doc::Node& node, std::string_view key, std::string message, std::string hint = {}) {
    problems_.push_back({.where = document_.locate(node.span.begin, path_of(key)),
                         .message = std::move(message),
                         .hint = std::move(hint)});
  }
  static std::string path_of(std::string_view key) {
    if (key == "forge") return "/forge";
    return key.empty() ? "/submit" : "/submit/" + doc::pointer_token(key);
  }

  void read_forge(const doc::Node& node) {
    settings_.forge = kind_named(doc::to_value(node).string_or(""));
    if (!settings_.forge) problem(node, "forge", "must be github, gitlab, gitea or forgejo");
  }

  void read_submit(const doc::Node& node) {
    if (node.resolved().kind != doc::NodeKind::mapping) return problem(node, "", "must be a mapping");
    for (const doc::Member& member : node.resolved().members) read_member(member.key, member.value);
  }

  void read_member(const doc::Node& key, const doc::Node& value) {
    static const std::vector<std::string> kKeys{"preset", "open", "per_day", "draft", "remote", "base", "labels"};
    const std::string& name = key.text;
    if (name == "preset") return read_preset(value);
    if (name == "open") return read_count(value, name, settings_.most_open);
    if (name == "per_day") return read_count(value, name, settings_.most_a_day);
    if (name == "draft") return read_flag(value, name, settings_.draft);
    if (name == "remote") return read_text(value, name, settings_.remote);
    if (name == "base") return read_text(value, name, settings_.base);
    if (name == "labels") return read_labels(value);
    const std::string near = did_you_mean(name, kKeys);
    problem(key, name, fmt::format("unknown key '{}'", ellipsis(name, 60)),
            near.empty() ? "known are " + join(kKeys, ", ") : near);
  }

  void read_preset(const doc::Node& node) {
    const std::vector<std::string> names = words(kPresets);
    const std::string word = doc::to_value(node).string_or("");
    for (std::size_t i = 0; i < names.size(); ++i)
      if (names[i] == word) return settings_.preset = static_cast<Preset>(i), void();
    const std::string near = did_you_mean(word, names);
    problem(node, "preset", "must be quiet, standard or lab", near);
  }

  void read_count(const doc::Node& node, const std::string& key, std::size_t& count) {
    const Value value = doc::to_value(node);
    const bool fits = value.json().is_number_integer() && value.json().get<std::int64_t>() >= 0 &&
                      value.json().get<std::int64_t>() <= kMostOfALimit;
    if (!fits) return problem(node, key, fmt::format("must be a whole number from 0 to {}", kMostOfALimit));
    count = value.json().get<std::size_t>();
  }
  void read_flag(const doc::Node& node, const std::string& key, bool& flag) {
    const Value value = doc::to_value(node);
    if (!value.json().is_boolean()) return problem(node, key, "must be true or false");
    flag = value.json().get<bool>();
  }
  void read_text(const doc::Node& node, const std::string& key, std::string& text) {
    const Value value = doc::to_value(node);
    if (value.string_or("").empty()) return problem(node, key, "must be a name", "put it in quotes");
    text = value.string_or("");
  }
  void read_labels(const doc::Node& node) {
    if (node.resolved().kind != doc::NodeKind::sequence)
      return problem(node, "labels", "must be a list of names", "write it as [a, b]");
    for (const doc::Node& item : node.resolved().items) {
      std::string label;
      read_text(item, "labels", label);
      if (!label.empty()) settings_.labels.push_back(label);
    }
  }

  const doc::Document& document_;
  Settings settings_;
  Problems problems_;
};

}  // namespace

std::string_view to_string(Kind kind) {
  return kKinds.at(static_cast<std::size_t>(kind));
}
std::string_view shown_name(Kind kind) {
  return kShownKinds.at(static_cast<std::size_t>(kind));
}
std::optional<Kind> kind_named(std::string_view word) {
  if (word == "forgejo") return Kind::gitea;
  for (const Kind kind : {Kind::github, Kind::gitlab, Kind::gitea})
    if (to_string(kind) == word) return kind;
  return std::nullopt;
}
std::string_view to_string(Preset preset) {
  return kPresets.at(static_cast<std::size_t>(preset));
}

Result<Settings> read_settings(std::string text, std::string name) {
  const auto lines = split(text, '\n');
  const auto says_nothing = [](const std::string& line) { return trim(line).empty() || trim(line).starts_with('#'); };
  if (std::ranges::all_of(lines, says_nothing)) return Settings();
  OE_TRY(const doc::Document document, doc::Document::parse(std::move(text), std::move(name)));
  return SettingsReader(document).read();
}

}  // namespace oe::forge
