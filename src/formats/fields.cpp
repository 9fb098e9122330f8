#include "formats/fields.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/base/text.hpp"

namespace oe::formats {

namespace {

std::string must_be(std::string_view wanted, const doc::Node& node) {
  return fmt::format("must be {}, found {}", wanted, described(node));
}

bool is_scalar(const doc::Node& node) {
  return node.kind == doc::NodeKind::scalar;
}

// As JSON Schema sees it, 3.0 is an integer.
std::optional<std::int64_t> integer_of(const doc::Node& node) {
  if (!is_scalar(node)) return std::nullopt;
  const Value value = doc::to_value(node);
  const nlohmann::json& number = value.json();
  if (number.is_number_integer()) return number.get<std::int64_t>();
  constexpr double kExact = 9007199254740992.0;  // 2^53
  if (!number.is_number_float() || std::abs(number.get<double>()) > kExact) return std::nullopt;
  const double real = number.get<double>();
  return std::trunc(real) == real ? std::optional(static_cast<std::int64_t>(real)) : std::nullopt;
}

std::string integer_range(std::int64_t least, std::int64_t most) {
  const bool open = most == std::numeric_limits<std::int64_t>::max();
  return open ? fmt::format("a whole number of at least {}", least)
              : fmt::format("a whole number from {} to {}", least, most);
}

}  // namespace

std::string described(const doc::Node& node) {
  const doc::Node& content = node.resolved();
  if (content.kind == doc::NodeKind::sequence) return "a list";
  if (content.kind == doc::NodeKind::mapping) return "a mapping";
  const Value value = doc::to_value(content);
  if (value.is_null()) return "nothing";
  if (value.is_string()) return fmt::format("'{}'", ellipsis(content.text, 60));
  return fmt::format("{}{}", value.json().is_boolean() ? "" : "the number ", ellipsis(content.text, 60));
}

std::optional<std::string> text_at(const Spot& spot, Notes& notes) {
  const doc::Node& node = spot.content();
  if (is_scalar(node) && doc::to_value(node).is_string()) return node.text;
  const bool quotable = is_scalar(node) && !node.text.empty();
  notes.error(spot, must_be("a string", node), quotable ? "put it in quotes" : "");
  return std::nullopt;
}

std::vector<std::string> texts_at(const Spot& spot, Notes& notes) {
  std::vector<std::string> texts;
  if (spot.content().kind != doc::NodeKind::sequence) {
    notes.error(spot, must_be("a list of strings", spot.content()), "write it as [a, b]");
    return texts;
  }
  for (std::size_t i = 0; i < spot.content().items.size(); ++i) {
    if (auto text = text_at(spot.item(i), notes)) texts.push_back(std::move(*text));
  }
  return texts;
}

std::vector<std::string> text_or_texts_at(const Spot& spot, Notes& notes) {
  if (spot.content().kind == doc::NodeKind::sequence) return texts_at(spot, notes);
  const auto text = text_at(spot, notes);
  return text ? std::vector{*text} : std::vector<std::string>();
}

std::map<std::string, std::string> text_map_at(const Spot& spot, Notes& notes) {
  std::map<std::string, std::string> texts;
  if (!Fields(spot, notes).usable()) return texts;
  for (const doc::Member& member : spot.content().members) {
    const std::string& key = member.key.text;
    const Spot value{&member.value, fmt::format("{}/{}", spot.path, doc::pointer_token(key))};
    if (auto text = text_at(value, notes)) texts.emplace(key, std::move(*text));
  }
  return texts;
}

std::optional<std::int64_t> integer_at(const Spot& spot, std::int64_t least, std::int64_t most, Notes& notes) {
  const auto number = integer_of(spot.content());
  if (number && *number >= least && *number <= most) return number;
  notes.error(spot, must_be(integer_range(least, most), spot.content()));
  return std::nullopt;
}

std::vector<int> integers_at(const Spot& spot, std::int64_t least, std::int64_t most, Notes& notes) {
  std::vector<int> numbers;
  const bool is_list = spot.content().kind == doc::NodeKind::sequence;
  for (std::size_t i = 0; i < (is_list ? spot.content().items.size() : 1); ++i) {
    const auto number = integer_at(is_list ? spot.item(i) : spot, least, most, notes);
    if (number) numbers.push_back(static_cast<int>(*number));
  }
  return numbers;
}

bool is_identifier(std::string_view text) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const auto is_part = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); };
  return !text.empty() && is_letter(text.front()) && std::ranges::all_of(text, is_part);
}

Fields::Fields(Spot spot, Notes& notes)
    : spot_(std::move(spot)), notes_(notes), usable_(spot_.content().kind == doc::NodeKind::mapping) {
  if (!usable_) notes_.error(spot_, must_be("a mapping", spot_.content()));
}

std::optional<Spot> Fields::find(std::string_view key, Need need) {
  known_.emplace_back(key);
  if (!usable_) return std::nullopt;
  const doc::Node* value = spot_.node->find(key);
  if (value) return Spot{value, fmt::format("{}/{}", spot_.path, doc::pointer_token(key))};
  if (need == Need::required) notes_.missing_key(spot_, key, fmt::format("add '{}: ...'", key));
  return std::nullopt;
}

std::string Fields::text(std::string_view key, Need need) {
  const auto value = find(key, need);
  return value ? text_at(*value, notes_).value_or("") : "";
}

std::string Fields::filled_text(std::string_view key, Need need) {
  const auto value = find(key, need);
  const auto text = value ? text_at(*value, notes_) : std::nullopt;
  if (text && text->empty()) notes_.error(*value, "must not be empty");
  return text.value_or("");
}

std::optional<std::int64_t> Fields::integer(std::string_view key, std::int64_t least, std::int64_t most, Need need) {
  const auto value = find(key, need);
  return value ? integer_at(*value, least, most, notes_) : std::nullopt;
}

std::optional<double> Fields::amount(std::string_view key) {
  const auto spot = find(key);
  if (!spot) return std::nullopt;
  const Value value = is_scalar(spot->content()) ? doc::to_value(spot->content()) : Value();
  if (value.json().is_number() && value.json().get<double>() >= 0) return value.json().get<double>();
  notes_.error(*spot, must_be("a number of at least 0", spot->content()));
  return std::nullopt;
}

std::optional<bool> Fields::flag(std::string_view key) {
  const auto spot = find(key);
  if (!spot) return std::nullopt;
  const Value value = is_scalar(spot->content()) ? doc::to_value(spot->content()) : Value();
  if (value.json().is_boolean()) return value.json().get<bool>();
  notes_.error(*spot, must_be("true or false", spot->content()));
  return std::nullopt;
}

std::optional<std::chrono::milliseconds> Fields::milliseconds(std::string_view key, std::int64_t least) {
  // Beyond a year a clock would run over when it is added to one.
  constexpr std::int64_t kMost = std::int64_t{366} * 24 * 3'600'000;
  const auto number = integer(key, least, kMost);
  return number ? std::optional(std::chrono::milliseconds(*number)) : std::nullopt;
}

std::vector<std::string> Fields::texts(std::string_view key, Need need) {
  const auto value = find(key, need);
  return value ? texts_at(*value, notes_) : std::vector<std::string>();
}

std::vector<Spot> Fields::items(std::string_view key, Need need) {
  const auto value = find(key, need);
  if (!value) return {};
  if (value->content().kind != doc::NodeKind::sequence) {
    notes_.error(*value, must_be("a list", value->content()));
    return {};
  }
  std::vector<Spot> items;
  for (std::size_t i = 0; i < value->content().items.size(); ++i) items.push_back(value->item(i));
  return items;
}

Value Fields::object(std::string_view key) {
  const auto value = find(key);
  if (!value) return Value::object();
  if (value->content().kind == doc::NodeKind::mapping) return doc::to_value(value->content());
  notes_.error(*value, must_be("a mapping", value->content()));
  return Value::object();
}

Value Fields::any(std::string_view key) {
  const auto value = find(key);
  return value ? doc::to_value(value->content()) : Value();
}

std::optional<std::size_t> Fields::pick(std::string_view key, std::span<const std::string> names, Need need) {
  const auto value = find(key, need);
  const auto text = value ? text_at(*value, notes_) : std::nullopt;
  if (!text) return std::nullopt;
  const auto found = std::ranges::find(names, *text);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  notes_.error(*value, must_be("one of " + join(names, ", "), value->content()), did_you_mean(*text, names));
  return std::nullopt;
}

void Fields::finish(Unknown unknown, std::string_view hint) {
  if (!usable_) return;
  for (const doc::Member& member : spot_.content().members) {
    const std::string& key = member.key.text;
    if (std::ranges::find(known_, key) != known_.end()) continue;
    const std::string near = did_you_mean(key, known_);
    if (unknown == Unknown::slip && near.empty()) continue;
    const Spot place{&member.key, fmt::format("{}/{}", spot_.path, doc::pointer_token(key))};
    const std::string message = fmt::format("unknown key '{}'", key);
    if (unknown == Unknown::error)
      notes_.error(place, message, near.empty() ? std::string(hint) : near);
    else
      notes_.warning(place, message, near.empty() ? std::string(hint) : near);
  }
}

}  // namespace oe::formats
