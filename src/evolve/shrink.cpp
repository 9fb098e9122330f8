#include "evolve/shrink.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

namespace oe::evolve {

namespace {

using Json = nlohmann::json;
using Pointer = Json::json_pointer;

bool starts_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
}

std::size_t count_characters(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), starts_character));
}

std::size_t offset_of_character(const std::string& text, std::size_t position) {
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    if (starts_character(text[at]) && position-- == 0) break;
  }
  return at;
}

class Shrinker {
 public:
  Shrinker(Json value, const std::function<bool(const Value&)>& still_fails, std::size_t most_asks)
      : value_(std::move(value)), still_fails_(still_fails), asks_left_(most_asks) {}

  Json smallest() {
    while (pass(Pointer())) {
    }
    return std::move(value_);
  }

 private:
  // One walk over the value at `place` and what is below it; true when something got smaller.
  bool pass(const Pointer& place) {
    Json& here = value_[place];
    if (here.is_object()) return pass_object(place);
    if (here.is_array()) return pass_array(place);
    if (here.is_string()) return pass_text(place);
    if (here.is_number() && here != Json(0)) return try_value(place, 0);
    return false;
  }

  // All members are tried before any is looked into: whole ones say most.
  bool pass_object(const Pointer& place) {
    bool smaller = false;
    for (const std::string& key : keys_at(place)) {
      Json without = value_[place];
      without.erase(key);
      smaller = try_value(place, std::move(without)) || smaller;
    }
    for (const std::string& key : keys_at(place)) smaller = pass(place / key) || smaller;
    return smaller;
  }

  std::vector<std::string> keys_at(const Pointer& place) {
    std::vector<std::string> keys;
    for (const auto& member : value_[place].items()) keys.push_back(member.key());
    return keys;
  }

  bool pass_array(const Pointer& place) {
    bool smaller = take_out_pieces(place, value_[place].size(), [&](std::size_t at, std::size_t count) {
      Json array = value_[place];
      const auto first = array.begin() + static_cast<std::ptrdiff_t>(at);
      array.erase(first, first + static_cast<std::ptrdiff_t>(count));
      return array;
    });
    for (std::size_t at = 0; at < value_[place].size(); ++at) smaller = pass(place / at) || smaller;
    return smaller;
  }

  bool pass_text(const Pointer& place) {
    const auto text = value_[place].get<std::string>();
    if (text.empty()) return false;
    if (try_value(place, "")) return true;
    return take_out_pieces(place, count_characters(text), [&](std::size_t at, std::size_t count) {
      auto shorter = value_[place].get<std::string>();
      const std::size_t begin = offset_of_character(shorter, at);
      return Json(shorter.erase(begin, offset_of_character(shorter, at + count) - begin));
    });
  }

  // Large pieces first: halves, quarters, ... single ones.
  template <class Without>
  bool take_out_pieces(const Pointer& place, std::size_t size, const Without& without) {
    bool smaller = false;
    for (std::size_t piece = std::max<std::size_t>(size / 2, 1); piece > 0; piece /= 2) {
      for (std::size_t at = 0; at < size;) {
        const std::size_t count = std::min(piece, size - at);
        const bool gone = asks_left_ > 0 && try_value(place, without(at, count));
        smaller = smaller || gone;
        if (gone)
          size -= count;
        else
          at += piece;
      }
    }
    return smaller;
  }

  bool try_value(const Pointer& place, Json smaller) {
    if (asks_left_ == 0) return false;
    --asks_left_;
    Json candidate = value_;
    candidate[place] = std::move(smaller);
    if (!still_fails_(Value(candidate))) return false;
    value_ = std::move(candidate);
    return true;
  }

  Json value_;
  const std::function<bool(const Value&)>& still_fails_;
  std::size_t asks_left_;
};

}  // namespace

Value shrink(const Value& original, const std::function<bool(const Value&)>& still_fails, std::size_t most_asks) {
  return Value(Shrinker(original.json(), still_fails, most_asks).smallest());
}

}  // namespace oe::evolve
